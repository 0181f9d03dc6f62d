"""추천: once a member, never for oneself, exact however many press at once."""

import pytest

from accounts.models import Member
from boards.actions.posts import write_post
from boards.actions.reactions import like_post, unlike_post
from boards.models import Board, Post, PostVote
from boards.repair import recount
from tests.boards.browsing import all_at_once, read
from tests.conftest import make_member

LIKE = "/free/1/like/"


def likes() -> int:
    count = Post.objects.get().like_count
    assert count == PostVote.objects.count()
    return count


def test_a_member_likes_a_post(as_junho, as_guest, post):
    sent = as_junho.post(LIKE)
    assert (sent.status_code, sent.url) == (302, "/free/1/#like")
    assert likes() == 1
    assert "추천 <b>1</b>" in read(as_guest, "/free/1/")
    assert 'aria-pressed="true"' in read(as_junho, "/free/1/")


def test_once_however_often(as_junho, as_moderator, post):
    for _ in range(3):
        as_junho.post(LIKE)
    assert likes() == 1
    as_moderator.post(LIKE)
    assert likes() == 2


def test_it_can_be_taken_back(as_junho, as_moderator, post):
    as_moderator.post(LIKE)
    as_junho.post(LIKE, {"undo": "1"})  # of what was never given
    assert likes() == 1
    as_junho.post(LIKE)
    for _ in range(2):
        as_junho.post(LIKE, {"undo": "1"})
    assert likes() == 1
    assert 'name="undo"' not in read(as_junho, "/free/1/")


# -- who may ---------------------------------------------------------------------------------------
def test_nobody_likes_his_own(as_minji, post):
    assert as_minji.post(LIKE).status_code == 403
    assert f'action="{LIKE}"' not in read(as_minji, "/free/1/")
    assert likes() == 0


def test_a_guest_does_not(as_guest, post):
    sent = as_guest.post(LIKE)
    assert sent.status_code == 403
    assert "추천할 수 있습니다." in sent.content.decode()
    assert 'href="/accounts/login/?next=/free/1/"' in sent.content.decode()
    assert f'action="{LIKE}"' not in read(as_guest, "/free/1/")
    assert likes() == 0


def test_not_in_a_board_without_likes(as_junho, as_owner, post):
    Board.objects.update(use_likes=False)
    for browser in (as_junho, as_owner):
        assert browser.post(LIKE).status_code == 403
        assert 'id="like"' not in read(browser, "/free/1/")
    assert likes() == 0


@pytest.mark.parametrize("change", [{"is_secret": True}, {"board__read_level": 5}])
def test_not_what_one_may_not_read(change, as_junho, post):
    if "is_secret" in change:
        Post.objects.update(is_secret=True)
    else:
        Board.objects.update(read_level=5)
    assert as_junho.post(LIKE).status_code == 403
    assert likes() == 0


@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_not_what_has_gone(state, as_junho, post):
    Post.objects.update(state=state)
    assert as_junho.post(LIKE).status_code == 404
    assert likes() == 0


# -- at once (case 73) -----------------------------------------------------------------------------
def test_twenty_presses_of_one_member(side_by_side, log_in, junho, post):
    browsers = [log_in(junho) for _ in range(20)]
    sent = all_at_once([lambda each=each: each.post(LIKE) for each in browsers])
    assert {answer.status_code for answer in sent} == {302}
    assert likes() == 1


def test_twenty_members(side_by_side, post):
    members = [make_member(f"member{number}", f"회원{number}") for number in range(20)]
    all_at_once([lambda each=each: like_post(post=post, member=each) for each in members])
    assert likes() == 20
    assert recount(mend=False) == []


def test_a_storm_of_likes_and_regrets_ends_at_the_true_number(side_by_side, minji, board):
    post = write_post(author=minji, board=board, subject="폭풍", source="<p>추천</p>")
    members = [make_member(f"member{number}", f"회원{number}") for number in range(4)]

    def waver(member: Member):
        for _ in range(5):
            like_post(post=post, member=member)
            unlike_post(post=post, member=member)
        like_post(post=post, member=member)

    all_at_once([lambda each=each: waver(each) for each in members * 2])
    assert likes() == 4
    assert recount(mend=False) == []
