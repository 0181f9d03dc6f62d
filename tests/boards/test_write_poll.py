"""A poll (설문) is written with its post: who may, what is refused kindly, what may still change."""

import datetime
import re

import pytest
from django.utils import timezone

from boards.actions.polls import PollStarted, vote_in_poll
from boards.actions.posts import edit_post, write_post
from boards.models import Board, BoardTexts, Draft, Poll, Post
from boards.queries.post_fields import PollFields, PostFields
from tests.boards.browsing import post_form, read
from tests.boards.test_save_draft import open_form

WRITE, EDIT = "/free/write/", "/free/1/edit/"
QUESTION, OPTIONS = "어디로 갈까요?", ["산", "바다", "집"]


@pytest.fixture
def board(board):
    board.use_polls = True
    board.save()
    return board


def poll_form(**changes) -> dict:
    """Return the fields of a post form with a poll."""
    fields = {"poll_question": QUESTION, "poll_options": [*OPTIONS, "", ""]}
    fields |= {"poll_most_choices": "1", "poll_results": "always", "poll_min_level": "2"}
    return post_form(**(fields | changes))


@pytest.fixture
def polled(board, minji) -> Post:
    """A post of minji with a poll."""
    return write_post(
        author=minji,
        board=board,
        subject="봄나들이",
        source="<p>골라 주세요.</p>",
        poll=PollFields(question=QUESTION, options=OPTIONS),
    )


def poll_of(post: Post | None = None) -> PollFields:
    return PollFields.of(Poll.objects.get(**({"post": post} if post else {})))


def vote(post: Post, member, place: int = 0) -> None:
    vote_in_poll(post=post, member=member, options=[post.poll.options.all()[place].pk])


def errors_of(answer) -> dict:
    assert answer.status_code == 422
    return answer.context["form"].errors


# -- writing ---------------------------------------------------------------------------------------
def test_a_member_writes_a_post_with_a_poll(as_minji, board):
    answer = as_minji.post(
        WRITE,
        poll_form(
            poll_most_choices="2",
            poll_closes_at="2090-04-05T18:30",
            poll_results="voted",
            poll_min_level="3",
            poll_is_changeable="on",
            poll_takes_opinions="on",
        ),
    )
    assert answer.url == "/free/1/"
    seoul = timezone.get_default_timezone()
    assert poll_of() == PollFields(
        question=QUESTION,
        options=tuple(OPTIONS),
        most_choices=2,
        closes_at=datetime.datetime(2090, 4, 5, 18, 30, tzinfo=seoul),
        results="voted",
        min_level=3,
        is_changeable=True,
        takes_opinions=True,
    )
    assert QUESTION in read(as_minji, "/free/1/")


def test_twenty_options_are_the_most(as_minji, board):
    twenty = [f"항목 {number}" for number in range(20)]
    assert as_minji.post(WRITE, poll_form(poll_options=twenty)).status_code == 302
    assert [*poll_of().options] == twenty
    refused = as_minji.post(WRITE, poll_form(poll_options=[*twenty, "하나 더"]))
    assert errors_of(refused)["poll_options"] == ["항목은 20개까지 쓸 수 있습니다."]
    assert "하나 더" in refused.text


def test_a_form_without_a_question_and_options_makes_no_poll(as_minji, board):
    form = poll_form(poll_question=" ", poll_options=["", "\u200b"])
    assert as_minji.post(WRITE, form).status_code == 302
    assert not Poll.objects.exists()


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"poll_question": ""}, "poll_question"),
        ({"poll_options": ["산"]}, "poll_options"),
        ({"poll_options": ["산", " 산 "]}, "poll_options"),
        ({"poll_options": ["산", "가" * 101]}, "poll_options"),
        ({"poll_question": "가" * 201}, "poll_question"),
        ({"poll_most_choices": "4"}, "poll_most_choices"),
        ({"poll_most_choices": "0"}, "poll_most_choices"),
        ({"poll_closes_at": "2020-01-01T00:00"}, "poll_closes_at"),
        ({"poll_closes_at": "0001-01-01T00:00"}, "poll_closes_at"),
        ({"poll_closes_at": "9999-12-31T23:59"}, "poll_closes_at"),
        ({"poll_closes_at": "내일"}, "poll_closes_at"),
        ({"poll_results": "closed"}, "poll_closes_at"),
        ({"poll_results": "never"}, "poll_results"),
        ({"poll_min_level": "1"}, "poll_min_level"),
    ],
)
def test_a_wrong_poll_is_refused_and_the_text_stays(changes, field, as_minji, board):
    answer = as_minji.post(WRITE, poll_form(**changes))
    assert [*errors_of(answer)] == [field]
    assert not Post.objects.exists()
    assert "벚꽃이 활짝" in answer.text
    assert 'value="산"' in answer.text
    assert re.search(r'<details class="more poll-fields" open', answer.text)


def test_options_meet_the_blocked_words(as_minji, board):
    BoardTexts.objects.create(board=board, blocked_words="나쁜말")
    for name, sent in (("poll_options", ["산", "나쁜말"]), ("poll_question", "나쁜말?")):
        assert [*errors_of(as_minji.post(WRITE, poll_form(**{name: sent})))] == [name]


def test_markup_in_a_poll_is_text(as_minji, board):
    form = poll_form(poll_question="<b>?</b>", poll_options=["<script>1</script>", "둘"])
    as_minji.post(WRITE, form)
    page = read(as_minji, "/free/1/")
    assert "&lt;script&gt;1&lt;/script&gt;" in page
    assert "<script>1" not in page
    assert "<b>?</b>" not in page


# -- who may ---------------------------------------------------------------------------------------
def test_boards_have_no_polls_unless_the_owner_allows_them(as_minji, board):
    Board.objects.update(use_polls=False)
    assert "poll_question" not in read(as_minji, WRITE)
    as_minji.post(WRITE, poll_form())
    assert not Poll.objects.exists()


def test_the_board_says_from_which_level(as_minji, as_moderator, board):
    Board.objects.update(poll_level=5)
    assert "poll_question" not in read(as_minji, WRITE)
    as_minji.post(WRITE, poll_form())
    assert not Poll.objects.exists()
    as_moderator.post(WRITE, poll_form())
    assert Poll.objects.count() == 1


def test_a_guest_adds_no_poll(as_guest, board):
    Board.objects.update(write_level=1)
    assert "poll_question" not in read(as_guest, WRITE)


# -- drafts and forms sent twice -------------------------------------------------------------------
def test_a_draft_keeps_the_poll(as_minji, board):
    saved = as_minji.post(WRITE, poll_form(draft="1", poll_is_changeable="on"))
    assert Draft.objects.get().fields["poll_options"] == OPTIONS
    assert not Poll.objects.exists()
    again = open_form(as_minji, saved.url)
    as_minji.post(WRITE, again)
    assert poll_of() == PollFields(question=QUESTION, options=tuple(OPTIONS), is_changeable=True)


def test_a_draft_keeps_a_single_option(as_minji, board):
    saved = as_minji.post(WRITE, poll_form(draft="1", poll_options=["산과 바다"]))
    assert 'value="산과 바다"' in read(as_minji, saved.url)


def test_the_same_post_twice_has_one_poll(as_minji, board):
    form = poll_form()
    for _ in range(2):
        assert as_minji.post(WRITE, form).url == "/free/1/"
    assert Poll.objects.count() == 1


# -- editing ---------------------------------------------------------------------------------------
def test_a_poll_without_votes_can_be_changed_and_removed(as_minji, polled):
    form = open_form(as_minji, EDIT) | {"poll_options": ["산", "강"], "poll_question": ["어디?"]}
    assert as_minji.post(EDIT, form).status_code == 302
    assert poll_of() == PollFields(question="어디?", options=("산", "강"))
    form = open_form(as_minji, EDIT) | {"poll_options": [], "poll_question": [""]}
    assert as_minji.post(EDIT, form).status_code == 302
    assert not Poll.objects.exists()


def test_a_post_gets_a_poll_later(as_minji, post, board):
    form = open_form(as_minji, EDIT) | {"poll_options": OPTIONS, "poll_question": [QUESTION]}
    assert as_minji.post(EDIT, form).status_code == 302
    assert poll_of(post).question == QUESTION


def test_once_somebody_has_voted_the_text_can_be_edited_but_not_the_poll(as_minji, polled, junho):
    vote(polled, junho)
    form = open_form(as_minji, EDIT)
    assert "poll_question" not in form
    sent = form | {"subject": ["여름"], "poll_question": ["바꿈"], "poll_options": ["하나", "둘"]}
    assert as_minji.post(EDIT, sent).status_code == 302
    assert Post.objects.get().subject == "여름"
    assert poll_of() == PollFields(question=QUESTION, options=tuple(OPTIONS))
    assert Poll.objects.get().voter_count == 1


@pytest.mark.parametrize(
    "changes", [{"options": ["산"]}, {"results": "closed"}, {"most_choices": 2}]
)
def test_a_started_poll_is_not_changed_by_any_way(polled, junho, minji, changes):
    vote(polled, junho)
    text = {"subject": "고침", "source": "<p>고침</p>"}
    changed = {"question": QUESTION, "options": tuple(OPTIONS)} | changes
    for poll in (PollFields(**changed), None):
        with pytest.raises(PollStarted):
            edit_post(post=polled, by=minji, poll=poll, **text)
    assert Post.objects.get().subject == "봄나들이"


def test_a_vote_while_the_author_edits_is_a_form_error(as_minji, polled, junho, monkeypatch):
    """The vote comes after the form was checked."""
    form = open_form(as_minji, EDIT) | {"poll_options": ["산", "강"]}
    checked = PostFields.of

    def and_junho_votes(post):
        if not Poll.objects.get().voter_count:
            vote(polled, junho)
        return checked(post)

    monkeypatch.setattr(PostFields, "of", and_junho_votes)
    answer = as_minji.post(EDIT, form)
    assert "투표한 사람이 있어" in str(errors_of(answer))
    assert 'value="강"' in answer.text
    assert [*poll_of().options] == OPTIONS


def test_a_started_poll_can_only_end_earlier(as_minji, polled, junho):
    vote(polled, junho)

    def end(text: str):
        return as_minji.post(EDIT, open_form(as_minji, EDIT) | {"poll_closes_at": [text]})

    assert end("2090-01-01T10:00").status_code == 302
    assert "poll_closes_at" in errors_of(end("2091-01-01T10:00"))
    assert "poll_closes_at" in errors_of(end(""))
    assert end("2089-01-01T10:00").status_code == 302
    assert not Poll.objects.get().is_closed
    assert end("2020-01-01T10:00").status_code == 302  # at once
    poll = Poll.objects.get()
    assert poll.is_closed
    assert timezone.now() - poll.closes_at < datetime.timedelta(minutes=1)
    assert as_minji.post(EDIT, open_form(as_minji, EDIT)).status_code == 302
    assert Poll.objects.get().closes_at == poll.closes_at


def test_another_member_changes_nothing(as_junho, polled):
    assert as_junho.post(EDIT, poll_form(poll_question="바꿈")).status_code == 403
    assert poll_of().question == QUESTION


def test_a_reply_post_may_have_a_poll(as_junho, post, board):
    answer = as_junho.post("/free/1/reply/", poll_form())
    assert answer.status_code == 302
    assert Poll.objects.get().post.path
