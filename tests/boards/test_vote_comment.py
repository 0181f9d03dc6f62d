"""추천 and 비추천 (likes and dislikes) of a comment."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, move_post
from boards.actions.purging import purge_post
from boards.actions.reactions import unvote_comment, vote_comment
from boards.actions.withholding_comments import delete_comment
from boards.models import Board, Comment, CommentVote, Post, Vote
from boards.repair import recount
from tests.boards.browsing import all_at_once, read
from tests.conftest import make_member
from tests.page import Page

LIKE, DISLIKE, UNDO = {"value": "1"}, {"value": "-1"}, {"undo": "1"}


@pytest.fixture
def vote(comment):
    return f"/free/1/comments/{comment.pk}/vote/"


def votes() -> tuple[int, int]:
    comment = Comment.objects.get()
    rows = list(CommentVote.objects.values_list("value", flat=True))
    assert (comment.like_count, comment.dislike_count) == (rows.count(1), rows.count(-1))
    return comment.like_count, comment.dislike_count


def buttons(browser, vote: str) -> dict[str, tuple[str, str]]:
    page = Page(read(browser, "/free/1/"))
    return {
        button.text: (f"{button['name']}={button['value']}", button["aria-pressed"])
        for button in page.all("button", formaction=vote, form="comment-votes")
    }


def test_liking_a_comment_returns_to_it(as_minji, as_guest, vote, comment):
    assert buttons(as_minji, vote) == {"추천": ("value=1", "false")}
    sent = as_minji.post(vote, LIKE)
    assert (sent.status_code, sent.url) == (302, comment.get_absolute_url())
    assert sent.url.endswith(f"#comment-{comment.pk}")
    assert votes() == (1, 0)
    assert buttons(as_minji, vote) == {"추천 1": ("undo=1", "true")}
    assert "추천 1" in Page(read(as_guest, "/free/1/")).one("li", id=comment.anchor).text


def test_liking_keeps_the_newest_first_order(as_minji, vote, comment):
    page = Page(read(as_minji, "/free/1/?order=newest"))
    assert page.one("form", id="comment-votes").one("input", name="order")["value"] == "newest"
    sent = as_minji.post(vote, LIKE | {"order": "newest"})
    assert sent.url == f"/free/1/?order=newest&comment={comment.pk}#comment-{comment.pk}"
    assert as_minji.post(vote, LIKE | {"order": "//evil"}).url == comment.get_absolute_url()


def test_a_vote_counts_once_and_can_be_changed_and_withdrawn(as_minji, vote):
    Board.objects.update(use_dislikes=True)
    for sent, count in [
        (LIKE, (1, 0)),
        (LIKE, (1, 0)),
        (DISLIKE, (0, 1)),
        (DISLIKE, (0, 1)),
        (LIKE, (1, 0)),
        (UNDO, (0, 0)),
        (UNDO, (0, 0)),
    ]:
        assert as_minji.post(vote, sent).status_code == 302
        assert votes() == count


def test_a_count_of_zero_is_hidden_from_visitors_who_cannot_vote(as_guest, as_junho, comment):
    for browser in (as_guest, as_junho):
        item = Page(read(browser, "/free/1/")).one("li", id=comment.anchor)
        assert "추천" not in item.text


# -- permissions -----------------------------------------------------------------------------------
def test_guests_and_the_author_may_not_vote(as_junho, as_guest, vote):
    for browser in (as_junho, as_guest):
        assert browser.post(vote, LIKE).status_code == 403
        assert buttons(browser, vote) == {}
    assert votes() == (0, 0)


def test_the_author_of_the_post_may_vote(as_minji, vote):
    assert as_minji.post(vote, LIKE).status_code == 302


@pytest.mark.parametrize(
    ("choices", "allowed"),
    [
        ({"use_comment_likes": True, "use_dislikes": False}, {1}),
        ({"use_comment_likes": True, "use_dislikes": True}, {1, -1}),
        ({"use_comment_likes": False, "use_dislikes": True}, set()),
        ({"use_comment_likes": True, "use_likes": False}, {1}),
    ],
)
def test_the_board_sets_which_votes_are_counted(choices, allowed, as_minji, vote):
    Board.objects.update(**choices)
    for value in (1, -1):
        status = as_minji.post(vote, {"value": value}).status_code
        assert status == (302 if value in allowed else 403)
    assert len(buttons(as_minji, vote)) == len(allowed)


def test_an_unreadable_comment_takes_no_vote(as_minji, moderator, junho, log_in, vote, comment):
    other = log_in(make_member("passerby", "나그네"))
    Comment.objects.update(is_secret=True)
    assert other.post(vote, LIKE).status_code == 403
    Comment.objects.update(is_secret=False)
    Post.objects.update(is_secret=True)
    assert other.post(vote, LIKE).status_code == 403
    assert votes() == (0, 0)


@pytest.mark.parametrize("model", [Post, Comment])
@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_a_deleted_comment_takes_no_vote(model, state, as_minji, vote):
    model.objects.update(state=state)
    assert as_minji.post(vote, LIKE).status_code == (410 if model is Post else 404)
    assert votes() == (0, 0)


# -- later changes ---------------------------------------------------------------------------------
def test_votes_follow_a_moved_post_and_are_deleted_with_a_purged_one(
    as_minji, owner, other_board, vote, comment
):
    as_minji.post(vote, LIKE)
    move_post(post=comment.post, board=other_board, by=owner)
    assert votes() == (1, 0)
    delete_comment(comment=comment, by=owner)
    assert recount(repairs=False) == []
    delete_post(post=Post.objects.get(), by=owner)
    assert purge_post(post=Post.objects.get())
    assert CommentVote.objects.count() == 0


# -- the page --------------------------------------------------------------------------------------
@pytest.mark.parametrize("visitor", ["as_guest", "as_minji"])
def test_a_hundred_votes_take_no_query_each(
    request, visitor, minji, junho, post, monkeypatch, settings
):
    settings.PAGE_CACHE_MB = 0
    monkeypatch.setattr("visits.queries.past_counts.seconds", 10**9)
    monkeypatch.setattr("visits.queries.present_count.seconds", 10**9)
    browser = request.getfixturevalue(visitor)

    def queries() -> int:
        for _ in range(2):
            browser.get("/free/1/")
        with CaptureQueriesContext(connection) as captured:
            read(browser, "/free/1/")
        return len(captured)

    write_comment(author=junho, post=post, text="하나")
    few = queries()
    for number in range(100):
        comment = write_comment(author=junho, post=post, text=f"댓글 {number}")
        vote_comment(comment=comment, member=minji, value=Vote.LIKE)
    assert queries() == few


# -- parallel votes (case 73) ----------------------------------------------------------------------
def test_a_hundred_submissions_of_one_member_count_once(
    side_by_side, log_in, minji, vote
):  # case 73
    browsers = [log_in(minji) for _ in range(10)]

    def submit_ten_times(browser) -> set[int]:
        return {browser.post(vote, LIKE).status_code for _ in range(10)}

    sent = all_at_once([lambda each=each: submit_ten_times(each) for each in browsers])
    assert set().union(*sent) == {302}
    assert votes() == (1, 0)


def test_many_members_change_their_votes_in_parallel(side_by_side, comment):  # case 73
    members = [make_member(f"member{number}", f"회원{number}") for number in range(8)]

    def waver(member):
        for _ in range(4):
            vote_comment(comment=comment, member=member, value=Vote.DISLIKE)
            unvote_comment(comment=comment, member=member)
            vote_comment(comment=comment, member=member, value=Vote.LIKE)

    all_at_once([lambda each=each: waver(each) for each in members * 2])
    assert recount(repairs=False) == []
    # Two requests of one member end in any order, but never with two votes.
    assert sum(votes()) == CommentVote.objects.count() == 8
