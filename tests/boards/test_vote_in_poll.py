"""Voting in a poll: who may, once, changed, counted, in secret; and what everybody sees."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.blocks import block_member
from accounts.models import Member
from boards.actions.polls import vote_in_poll
from boards.actions.posts import delete_post, hide_post, write_post
from boards.models import Board, BoardTexts, Poll, PollOpinion, PollOption, PollVote, Post
from boards.queries.polls import shares
from boards.queries.post_fields import PollFields
from tests.boards.browsing import read
from tests.conftest import make_member
from tests.page import CHROME

VOTE = "/free/1/poll/"
READER = {"user-agent": CHROME, "sec-purpose": "prefetch"}


@pytest.fixture
def ask(board, minji):
    """Write a post of minji with a poll of three options."""

    def write(**fields) -> Post:
        about = {"question": "어디로 갈까요?", "options": ("산", "바다", "집")} | fields
        poll = PollFields(**about)
        return write_post(author=minji, board=board, subject="봄", source="<p>글</p>", poll=poll)

    return write


def option(post: Post, place: int) -> int:
    return post.poll.options.all()[place].pk


def ballot(post: Post, *places: int, **more) -> dict:
    return {"options": [option(post, place) for place in places]} | more


def counts() -> list[int]:
    """The votes for each option, and of how many members."""
    votes = PollOption.objects.order_by("position").values_list("vote_count", flat=True)
    return [*votes, Poll.objects.get().voter_count]


def end(**changes) -> None:
    past = timezone.now() - datetime.timedelta(minutes=1)
    Poll.objects.update(closes_at=past, **changes)


# -- voting ----------------------------------------------------------------------------------------
def test_a_vote_is_counted_once_however_often_it_is_sent(as_junho, ask):
    post = ask()
    for _ in range(3):
        answer = as_junho.post(VOTE, ballot(post, 1))
        assert answer.url == "/free/1/#poll" or answer.status_code == 403
    assert counts() == [0, 1, 0, 1]
    page = read(as_junho, "/free/1/")
    assert "내 선택" in page
    assert "이미 투표하셨습니다." in page


def test_several_options_up_to_the_limit(as_junho, ask):
    post = ask(most_choices=2)
    refused = as_junho.post(VOTE, ballot(post, 0, 1, 2))
    assert refused.status_code == 422
    assert "2개까지 고를 수 있습니다." in refused.text
    assert refused.text.count(" checked") == 3
    assert as_junho.post(VOTE, ballot(post, 0, 2)).status_code == 302
    assert counts() == [1, 0, 1, 1]


def test_a_vote_for_nothing_is_refused_with_the_opinion_kept(as_junho, ask):
    ask(takes_opinions=True)
    refused = as_junho.post(VOTE, {"opinion": "비가 오면요?"})
    assert refused.status_code == 422
    assert "투표할 항목을 골라 주세요." in refused.text
    assert 'value="비가 오면요?"' in refused.text
    assert counts() == [0, 0, 0, 0]


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "9" * 30, "1" * 100_000, "\0"])
def test_an_option_of_no_poll_is_refused(as_junho, ask, wrong):
    ask()
    refused = as_junho.post(VOTE, {"options": wrong})
    assert refused.status_code == 422
    assert "항목이 바뀌었습니다" in refused.text
    assert counts() == [0, 0, 0, 0]


def test_an_option_of_another_poll_is_refused(as_junho, ask):
    ask()
    other = ask()
    assert as_junho.post(VOTE, ballot(other, 0)).status_code == 422
    assert not PollVote.objects.exists()


def test_a_vote_is_final_unless_the_poll_lets_it_change(as_junho, ask):
    post = ask()
    as_junho.post(VOTE, ballot(post, 0))
    refused = as_junho.post(VOTE, ballot(post, 1))
    assert refused.status_code == 403
    assert "바꿀 수 없습니다" in refused.text
    assert counts() == [1, 0, 0, 1]
    Poll.objects.update(is_changeable=True)
    assert as_junho.post(VOTE, ballot(post, 1)).status_code == 302
    assert counts() == [0, 1, 0, 1]


def test_a_changed_vote_of_several_options_moves_only_the_difference(as_junho, ask):
    post = ask(most_choices=3, is_changeable=True)
    as_junho.post(VOTE, ballot(post, 0, 1))
    as_junho.post(VOTE, ballot(post, 1, 2))
    assert counts() == [0, 1, 1, 1]
    as_junho.post(VOTE, ballot(post, 1, 2))
    assert counts() == [0, 1, 1, 1]


# -- who may ---------------------------------------------------------------------------------------
def test_a_guest_is_asked_to_log_in(as_guest, ask):
    post = ask()
    page = read(as_guest, "/free/1/")
    assert "회원만 투표할 수 있습니다." in page
    assert 'href="/accounts/login/?next=/free/1/%23poll"' in page
    answer = as_guest.post(VOTE, ballot(post, 0))
    assert answer.status_code == 403
    assert counts() == [0, 0, 0, 0]


def test_the_poll_may_ask_for_a_level(as_junho, junho, ask):
    post = ask(min_level=3)
    assert "레벨 3부터" in read(as_junho, "/free/1/")
    assert as_junho.post(VOTE, ballot(post, 0)).status_code == 403
    Member.objects.filter(pk=junho.pk).update(level=3)
    assert as_junho.post(VOTE, ballot(post, 0)).status_code == 302


def test_nobody_votes_after_the_end(as_junho, ask):
    post = ask()
    end()
    assert "투표하기" not in read(as_junho, "/free/1/")
    assert as_junho.post(VOTE, ballot(post, 0)).status_code == 403
    assert counts() == [0, 0, 0, 0]


def test_a_suspended_member_does_not_vote(log_in, junho, ask):
    post = ask()
    browser = log_in(junho)
    Member.objects.filter(pk=junho.pk).update(
        suspended_until=timezone.now() + datetime.timedelta(days=3)
    )
    assert browser.post(VOTE, ballot(post, 0)).status_code == 403
    assert counts() == [0, 0, 0, 0]


@pytest.mark.parametrize("why", ["secret", "level", "hidden", "deleted"])
def test_nobody_votes_in_a_poll_that_they_cannot_read(why, as_junho, ask, minji, owner):
    post = ask()
    sent = ballot(post, 0)
    if why == "secret":
        Post.objects.update(is_secret=True)
    elif why == "level":
        Board.objects.update(read_level=5)
    elif why == "hidden":
        hide_post(post=post, by=owner)
    else:
        delete_post(post=post, by=minji)
    assert as_junho.post(VOTE, sent).status_code in (403, 404, 410)
    assert counts() == [0, 0, 0, 0]


def test_a_post_without_a_poll_has_nothing_to_vote_for(as_junho, post):
    assert as_junho.post(VOTE, {"options": "1"}).status_code == 404
    assert as_junho.get(VOTE).status_code == 405


def test_voting_has_a_rate_limit(as_junho, ask):
    post = ask(is_changeable=True)
    statuses = [as_junho.post(VOTE, ballot(post, number % 2)).status_code for number in range(101)]
    assert statuses[99:] == [302, 429]


# -- results ---------------------------------------------------------------------------------------
def test_results_are_shown_when_the_poll_says(as_guest, as_junho, as_minji, ask):
    post = ask()
    as_junho.post(VOTE, ballot(post, 1))
    for when, shown in (("always", 3), ("voted", 1), ("closed", 0)):
        Poll.objects.update(results=when)
        seen = ["1표" in read(each, "/free/1/") for each in (as_junho, as_minji, as_guest)]
        assert sum(seen) == shown, when
        assert seen[0] == (shown > 0)
    end()
    assert all("1표" in read(each, "/free/1/") for each in (as_junho, as_minji, as_guest))


@pytest.mark.parametrize("results", ["voted", "closed"])
def test_hidden_results_are_nowhere_in_the_page(as_guest, as_minji, ask, results, junho):
    """Not as bars, sums or attributes; only how many have voted is known."""
    post = ask(results=results)
    vote_in_poll(post=post, member=junho, options=[option(post, 1)])
    for browser in (as_guest, as_minji):
        page = read(browser, "/free/1/")
        poll = page[page.index('id="poll"') : page.index("</section>", page.index('id="poll"'))]
        assert "100.0" not in poll
        assert "표 <" not in poll
        assert "1명 투표" in poll


def test_shares_of_a_single_choice_add_up_to_100():
    assert shares([1, 1, 1], 3, is_single=True) == ["33.4", "33.3", "33.3"]
    assert shares([0, 0], 0, is_single=True) == ["0.0", "0.0"]
    assert shares([7], 7, is_single=True) == ["100.0"]
    for votes in ([3, 3, 1], [1, 2, 3, 4, 5, 6], [999, 1], [1] * 7, [123_456, 7, 0]):
        parts = shares(votes, sum(votes), is_single=True)
        assert sum(int(part.replace(".", "")) for part in parts) == 1000, votes


def test_shares_of_several_choices_are_shares_of_the_voters():
    assert shares([3, 3, 2], 3, is_single=False) == ["100.0", "100.0", "66.7"]


# -- the secret ------------------------------------------------------------------------------------
def test_nobody_sees_who_voted(as_junho, as_minji, as_moderator, as_owner, ask, junho):
    post = ask()
    as_junho.post(VOTE, ballot(post, 1))
    for browser in (as_minji, as_moderator, as_owner):
        assert "준호" not in read(browser, "/free/1/")
    page = read(as_owner, f"/admin/boards/post/{post.pk}/change/")
    assert "어디로 갈까요?" in page
    assert "바다 (1)" in page
    assert "준호" not in page
    assert {field.name for field in PollVote._meta.fields} == {"id", "poll", "member"}


def test_votes_are_in_no_list_of_the_admin(as_owner, ask):
    ask()
    assert not re.search(r"/admin/boards/poll", read(as_owner, "/admin/"))


# -- opinions --------------------------------------------------------------------------------------
def test_an_opinion_is_shown_with_the_results_to_everybody(as_guest, as_junho, ask):
    post = ask(takes_opinions=True, results="voted")
    as_junho.post(VOTE, ballot(post, 1, opinion="<b>버스</b>로 가요"))
    assert "&lt;b&gt;버스&lt;/b&gt;로 가요" in read(as_junho, "/free/1/")
    assert "버스" not in read(as_guest, "/free/1/")
    end()
    assert "&lt;b&gt;버스&lt;/b&gt;로 가요" in read(as_guest, "/free/1/")


def test_a_poll_that_takes_no_opinions_stores_none(as_junho, ask):
    post = ask()
    as_junho.post(VOTE, ballot(post, 1, opinion="의견"))
    assert not PollOpinion.objects.exists()


def test_opinions_meet_the_blocked_words_and_a_limit(as_junho, ask, board):
    post = ask(takes_opinions=True)
    BoardTexts.objects.create(board=board, blocked_words="나쁜말")
    for text in ("나쁜말", "가" * 201, "\u0301" * 1_000_000):
        assert as_junho.post(VOTE, ballot(post, 1, opinion=text)).status_code in (400, 413, 422)
    assert counts() == [0, 0, 0, 0]


def test_a_changed_vote_changes_the_opinion(as_junho, ask):
    post = ask(takes_opinions=True, is_changeable=True)
    as_junho.post(VOTE, ballot(post, 1, opinion="하나"))
    as_junho.post(VOTE, ballot(post, 1, opinion="둘"))
    assert PollOpinion.objects.get().text == "둘"
    assert 'value="둘"' in read(as_junho, "/free/1/")
    as_junho.post(VOTE, ballot(post, 1))
    assert not PollOpinion.objects.exists()
    assert counts() == [0, 1, 0, 1]


def test_opinions_are_deleted_by_their_author_and_by_moderators(
    as_junho, as_minji, as_moderator, ask
):
    post = ask(takes_opinions=True, is_changeable=True)
    for browser, status in ((as_minji, 403), (as_junho, 302), (as_moderator, 302)):
        as_junho.post(VOTE, ballot(post, 1, opinion="의견"))
        address = f"{VOTE}opinions/{PollOpinion.objects.get().pk}/delete/"
        assert browser.post(address).status_code == status
        assert PollOpinion.objects.count() == (status == 403)
        assert browser.post(address).status_code == (403 if status == 403 else 404)
    assert counts() == [0, 1, 0, 1]


def test_opinions_of_blocked_members_are_not_shown(as_minji, as_junho, minji, junho, ask):
    post = ask(takes_opinions=True)
    as_junho.post(VOTE, ballot(post, 1, opinion="시끄러운 의견"))
    block_member(member=minji, blocked=junho)
    assert "시끄러운 의견" not in read(as_minji, "/free/1/")
    assert "시끄러운 의견" in read(as_junho, "/free/1/")


# -- cached pages ----------------------------------------------------------------------------------
@pytest.mark.usefixtures("cached_values_are_not_changed")
def test_a_cached_page_shows_each_vote_at_once_and_stays_cached(ask, junho, owner):
    from boardsite.caching.page_cache import pages

    post, anonymous = ask(is_changeable=True), Client(headers=READER)
    read(anonymous, "/free/1/")
    read(anonymous, "/free/")
    kept = [pages.people.get(f"guest {address}") for address in ("/free/1/", "/free/")]
    assert all(kept)
    for member, place, shown in ((junho, 1, "1표"), (owner, 1, "2표"), (junho, 0, "1표")):
        vote_in_poll(post=post, member=member, options=[option(post, place)])
        page = read(anonymous, "/free/1/")
        assert page.count(shown) >= 1
    assert "1표" in page
    assert "2명 투표" in page
    read(anonymous, "/free/")
    assert kept == [pages.people.get(f"guest {address}") for address in ("/free/1/", "/free/")]


def test_a_cached_page_with_a_poll_needs_no_further_query(ask):
    """The version of the poll comes with those of the page."""
    anonymous = Client(headers=READER)
    ask()
    for _ in range(2):
        read(anonymous, "/free/1/")
    with CaptureQueriesContext(connection) as captured:
        read(anonymous, "/free/1/")
    (query,) = [each["sql"] for each in captured if "poll" in each["sql"]]
    assert "boardsite_scopeversion" in query


def test_a_cached_page_shows_an_edited_and_a_removed_poll(ask, minji):
    from boards.actions.posts import edit_post

    post, anonymous = ask(), Client(headers=READER)
    text = {"subject": "봄", "source": "<p>글</p>"}
    assert "바다" in read(anonymous, "/free/1/")
    edit_post(post=post, by=minji, poll=PollFields(question="?", options=("강", "섬")), **text)
    page = read(anonymous, "/free/1/")
    assert "섬" in page
    assert "바다" not in page
    edit_post(post=post, by=minji, poll=None, **text)
    assert "섬" not in read(anonymous, "/free/1/")


def test_members_see_votes_of_others(as_minji, ask):
    post = ask()
    voter = make_member("voter", "투표인")
    vote_in_poll(post=post, member=voter, options=[option(post, 2)])
    assert "1표" in read(as_minji, "/free/1/")
