"""A suspended member reads as a guest, sees why they may not write, and cannot write as a guest."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from accounts.actions import lift_suspension, suspend_member
from accounts.models import Member
from boards.actions.comments import write_comment
from boards.models import Board, Comment, Post
from tests.boards.browsing import comment_form, guest_fields, post_form, read
from tests.page import Page

COMMENT = "/free/1/comments/write/"
WHY = "이용이 정지되어 2099년 12월 25일 03:30까지 글과 댓글을 쓸 수 없습니다. 사유: 광고 글 <도배>"
FOR_EVER = "이용이 기한 없이 정지되어 글과 댓글을 쓸 수 없습니다."


@pytest.fixture
def open_board(board):
    Board.objects.filter(pk=board.pk).update(write_level=1, comment_level=1, reply_level=1)
    return board


@pytest.fixture
def suspended(junho, as_junho, owner, open_board, post):
    until = datetime(2099, 12, 24, 18, 30, tzinfo=UTC)
    suspend_member(member=junho, until=until, reason="광고 글 <도배>", by=owner)
    return as_junho


def test_a_suspended_member_sees_the_reason_instead_of_the_guest_form(suspended, as_guest):
    """Attack case 126."""
    page = Page(read(suspended, "/free/1/"))
    assert WHY in page.text
    assert not page.all("input", name="guest_name")
    assert not page.all("textarea")
    page = Page(read(suspended, "/free/write/", status=403))
    assert WHY in page.text
    assert "회원이시라면 로그인" not in page.text
    assert WHY in Page(read(suspended, "/free/1/reply/", status=403)).text
    page = Page(read(as_guest, "/free/1/"))
    assert page.all("input", name="guest_name")
    assert "정지" not in page.text


@pytest.mark.parametrize(
    ("address", "form"),
    [(COMMENT, comment_form()), ("/free/write/", post_form()), ("/free/1/reply/", post_form())],
)
def test_a_suspended_member_cannot_write_as_a_guest(suspended, as_guest, address, form):
    """Attack case 126."""
    form |= guest_fields()
    refused = suspended.post(address, form)
    assert refused.status_code == 403
    assert WHY in Page(refused.content).text
    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)
    assert as_guest.post(address, form).status_code == 302


def test_a_suspension_without_end_and_reason_is_shown(as_junho, junho, owner, open_board, post):
    suspend_member(member=junho, until=None, reason="도배", by=owner)
    type(junho).objects.update(suspension_reason="")  # from before a reason was required
    page = Page(read(as_junho, "/free/1/"))
    assert FOR_EVER in page.text
    assert "사유" not in page.text


def test_on_boards_for_members_the_reason_is_shown_too(suspended):
    Board.objects.update(write_level=2, comment_level=2)
    page = Page(read(suspended, "/free/1/"))
    assert WHY in page.text
    assert "로그인하시면" not in page.text


def test_otherwise_a_suspended_member_is_a_guest(suspended, minji, post):
    comment = write_comment(author=minji, post=post, text="쉿", is_secret=True)
    Board.objects.update(secret_comments=True)
    assert "쉿" not in read(suspended, "/free/1/")
    assert suspended.post(f"/free/1/comments/{comment.pk}/delete/").status_code == 403
    assert suspended.get("/accounts/profile/").status_code == 302
    assert suspended.post("/free/1/vote/", {"value": 1}).status_code == 403
    Board.objects.update(read_level=2)
    assert suspended.get("/free/1/").status_code == 403


def test_after_the_suspension_the_member_writes_under_their_own_name(suspended, junho, owner):
    lift_suspension(member=junho, by=owner)
    assert suspended.post(COMMENT, comment_form()).status_code == 302
    assert Comment.objects.get().author == junho


def test_a_session_from_before_a_password_change_is_anonymous(suspended, junho):
    """Only the suspended member may see the reason."""
    junho.set_password("another-horse-43")
    junho.save()
    page = Page(read(suspended, "/free/1/"))
    assert "정지" not in page.text
    assert page.all("input", name="guest_name")


def test_a_suspended_member_who_is_leaving_is_a_guest(suspended, junho):
    Member.objects.filter(pk=junho.pk).update(left_at=timezone.now())
    assert "정지" not in Page(read(suspended, "/free/1/")).text
