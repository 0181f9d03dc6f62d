"""추천 and 비추천 (likes and dislikes): one vote per member, changeable, never for own posts, and
exact under parallel requests.
"""

import pytest

from accounts.models import Member
from boards.actions.posts import delete_post, move_post, write_post
from boards.actions.purging import purge_post
from boards.actions.reactions import unvote_post, vote_post
from boards.models import Board, Post, PostVote, Vote
from boards.repair import recount
from boardsite.limits import rate_limit
from tests.boards.browsing import all_at_once, read
from tests.conftest import make_member
from tests.page import Page

VOTE = "/free/1/vote/"
LIKE, DISLIKE, UNDO = {"value": "1"}, {"value": "-1"}, {"undo": "1"}


def votes() -> tuple[int, int]:
    """Return (likes, dislikes) of the only post, after checking them against the rows."""
    post = Post.objects.get()
    rows = list(PostVote.objects.values_list("value", flat=True))
    assert (post.like_count, post.dislike_count) == (rows.count(1), rows.count(-1))
    return post.like_count, post.dislike_count


def buttons(browser) -> dict[str, tuple[str, str]]:
    """Return {label and count of each vote button: (its value, whether it is pressed)}."""
    place = Page(read(browser, "/free/1/")).one("div", id="vote")
    return {
        button.text: (f"{button['name']}={button['value']}", button["aria-pressed"])
        for button in place.all("button")
    }


@pytest.fixture
def dislikes(board):
    Board.objects.update(use_dislikes=True)


def test_a_member_likes_a_post(as_junho, as_guest, post):
    sent = as_junho.post(VOTE, LIKE)
    assert (sent.status_code, sent.url) == (302, "/free/1/#vote")
    assert votes() == (1, 0)
    assert "추천 <b>1</b>" in read(as_guest, "/free/1/")
    assert buttons(as_junho) == {"추천 1": ("undo=1", "true")}


def test_a_vote_counts_once(as_junho, as_moderator, post):
    for _ in range(3):
        as_junho.post(VOTE, LIKE)
    assert votes() == (1, 0)
    as_moderator.post(VOTE, LIKE)
    assert votes() == (2, 0)


def test_a_vote_can_be_withdrawn(as_junho, as_moderator, post):
    as_moderator.post(VOTE, LIKE)
    as_junho.post(VOTE, UNDO)  # the withdrawal of a vote that does not exist
    assert votes() == (1, 0)
    as_junho.post(VOTE, LIKE)
    for _ in range(2):
        as_junho.post(VOTE, UNDO)
    assert votes() == (1, 0)
    assert buttons(as_junho) == {"추천 1": ("value=1", "false")}


def test_a_like_becomes_a_dislike_with_one_submission(as_junho, as_moderator, dislikes, post):
    as_moderator.post(VOTE, LIKE)
    as_junho.post(VOTE, LIKE)
    as_junho.post(VOTE, DISLIKE)
    assert votes() == (1, 1)
    assert buttons(as_junho) == {"추천 1": ("value=1", "false"), "비추천 1": ("undo=-1", "true")}
    as_junho.post(VOTE, LIKE)
    assert votes() == (2, 0)


# -- permissions -----------------------------------------------------------------------------------
def test_authors_may_not_vote_on_their_own_post(as_minji, post):
    assert as_minji.post(VOTE, LIKE).status_code == 403
    assert f'action="{VOTE}"' not in read(as_minji, "/free/1/")
    assert votes() == (0, 0)


def test_a_guest_may_not_vote(as_guest, post):
    sent = as_guest.post(VOTE, LIKE)
    assert sent.status_code == 403
    assert "추천할 수 있습니다." in sent.content.decode()
    assert 'href="/accounts/login/?next=/free/1/"' in sent.content.decode()
    assert f'action="{VOTE}"' not in read(as_guest, "/free/1/")
    assert votes() == (0, 0)


@pytest.mark.parametrize("likes", [True, False])
@pytest.mark.parametrize("dislikes", [True, False])
def test_the_board_sets_which_votes_are_counted(likes, dislikes, as_junho, as_owner, post):
    Board.objects.update(use_likes=likes, use_dislikes=dislikes)
    for browser in (as_junho, as_owner):
        assert browser.post(VOTE, LIKE).status_code == (302 if likes else 403)
        assert browser.post(VOTE, DISLIKE).status_code == (302 if dislikes else 403)
        assert ('id="vote"' in read(browser, "/free/1/")) == (likes or dislikes)
    assert votes() == (2 * (likes and not dislikes), 2 * dislikes)


@pytest.mark.any_database
@pytest.mark.parametrize("value", ["", "0", "2", "-2", "1.0", "x", "1\0", "９"])
def test_other_values_are_refused(value, as_junho, dislikes, post):
    assert as_junho.post(VOTE, {"value": value}).status_code == 403
    assert votes() == (0, 0)


@pytest.mark.parametrize("change", [{"is_secret": True}, {"board__read_level": 5}])
def test_an_unreadable_post_takes_no_vote(change, as_junho, post):
    if "is_secret" in change:
        Post.objects.update(is_secret=True)
    else:
        Board.objects.update(read_level=5)
    assert as_junho.post(VOTE, LIKE).status_code == 403
    assert votes() == (0, 0)


@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_a_deleted_post_takes_no_vote(state, as_junho, post):
    Post.objects.update(state=state)
    assert as_junho.post(VOTE, LIKE).status_code == 410
    assert votes() == (0, 0)


def test_the_rate_limit_slows_programs_down(as_junho, junho, post, monkeypatch):
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_060)
    for _ in range(200):
        rate_limit.hit(f"vote:{junho.pk}", 200, 600)
    assert as_junho.post(VOTE, LIKE).status_code == 429
    assert votes() == (0, 0)


# -- later changes ---------------------------------------------------------------------------------
def test_votes_follow_a_moved_post(as_junho, owner, dislikes, other_board, post):
    as_junho.post(VOTE, DISLIKE)
    move_post(post=post, board=other_board, by=owner)
    assert votes() == (0, 1)
    assert recount(repairs=False) == []


def test_votes_are_deleted_with_a_purged_post(as_junho, owner, post):
    as_junho.post(VOTE, LIKE)
    delete_post(post=post, by=owner)
    assert PostVote.objects.count() == 1  # it may be restored
    assert purge_post(post=post)
    assert PostVote.objects.count() == 0


# -- parallel votes (case 73) ----------------------------------------------------------------------
def test_a_hundred_submissions_of_one_member_count_once(
    side_by_side, log_in, junho, post
):  # case 73, case 74
    browsers = [log_in(junho) for _ in range(10)]

    def submit_ten_times(browser) -> set[int]:
        return {browser.post(VOTE, LIKE).status_code for _ in range(10)}

    sent = all_at_once([lambda each=each: submit_ten_times(each) for each in browsers])
    assert set().union(*sent) == {302}
    assert votes() == (1, 0)


def test_twenty_members_vote_at_once(side_by_side, post):
    members = [make_member(f"member{number}", f"회원{number}") for number in range(20)]
    all_at_once(
        [
            lambda each=each, value=value: vote_post(post=post, member=each, value=value)
            for each, value in zip(members, [1, 1, 1, -1] * 5, strict=True)
        ]
    )
    assert votes() == (15, 5)
    assert recount(repairs=False) == []


def test_many_parallel_votes_and_withdrawals_end_at_the_true_number(
    side_by_side, minji, board
):  # case 73
    post = write_post(author=minji, board=board, subject="폭풍", source="<p>추천</p>")
    members = [make_member(f"member{number}", f"회원{number}") for number in range(4)]

    def waver(member: Member):
        for _ in range(5):
            vote_post(post=post, member=member, value=Vote.LIKE)
            vote_post(post=post, member=member, value=Vote.DISLIKE)
            unvote_post(post=post, member=member)
        vote_post(post=post, member=member, value=Vote.LIKE)

    all_at_once([lambda each=each: waver(each) for each in members * 2])
    assert votes() == (4, 0)
    assert recount(repairs=False) == []
