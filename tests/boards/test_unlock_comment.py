"""A guest proves with a password that a comment is theirs, to edit and delete it."""

import pytest
from django.test import Client

from boards.actions.comments import write_comment
from boards.actions.guests import Guest
from boards.models import Board, Comment, ModerationEntry, Post
from boards.repair import recount
from boards.views import unlocking
from tests.boards.browsing import comment_form, read
from tests.page import Page

PASSWORD = "풀잎 1234"


def by_guest(post, text: str, parent=None) -> Comment:
    guest = Guest("나그네", PASSWORD)
    return write_comment(author=None, guest=guest, post=post, text=text, parent=parent)


@pytest.fixture
def guests_comment(post):
    """A guest's comment on post 1, on a board where guests comment."""
    Board.objects.update(comment_level=1)
    post.board.refresh_from_db()
    return by_guest(post, "지나다 들렀어요")


def address(comment: Comment, action: str) -> str:
    return f"/free/1/comments/{comment.pk}/{action}/"


def unlock(browser, comment: Comment, password: str = PASSWORD, **fields):
    return browser.post(address(comment, "unlock"), {"password": password} | fields)


@pytest.mark.parametrize(("to", "action"), [("edit", "수정"), ("delete", "삭제")])
def test_edit_and_delete_lead_to_the_password_form(to, action, as_guest, guests_comment):
    gate = f"{address(guests_comment, 'unlock')}?to={to}"
    page = Page(as_guest.get("/free/1/").content)
    assert [link.text for link in page.all("a", href=gate)] == [action]
    assert Page(as_guest.get(gate).content).one("h1").text == f"댓글 {action}"
    assert f"작성자만 댓글을 {action}할 수 있습니다." in read(as_guest, gate)
    assert as_guest.get(address(guests_comment, to)).url == gate


def test_the_password_allows_an_edit(as_guest, guests_comment):
    sent = unlock(as_guest, guests_comment, to="edit")
    assert sent.url == address(guests_comment, "edit")
    assert "guest_password" not in read(as_guest, sent.url)
    assert as_guest.post(sent.url, comment_form("고쳤어요")).status_code == 302
    guests_comment.refresh_from_db()
    assert (guests_comment.text, guests_comment.author_name) == ("고쳤어요", "나그네")


def test_the_password_allows_a_deletion_that_is_not_logged(as_guest, guests_comment):
    sent = unlock(as_guest, guests_comment, to="delete")
    assert as_guest.post(sent.url).status_code == 302
    guests_comment.refresh_from_db()
    assert guests_comment.state == "deleted"
    assert ModerationEntry.objects.count() == 0
    assert "지나다 들렀어요" not in read(as_guest, "/free/1/")
    assert recount(repairs=False) == []


def test_a_deleted_comment_with_a_reply_leaves_a_placeholder(as_guest, post, guests_comment):
    by_guest(post, "저도요", parent=guests_comment)
    unlock(as_guest, guests_comment)
    as_guest.post(address(guests_comment, "delete"))
    page = read(as_guest, "/free/1/")
    assert "삭제된 댓글입니다." in page
    assert address(guests_comment, "unlock") not in page


def test_the_password_opens_a_secret_comment(as_guest, post, guests_comment):
    secret = write_comment(
        author=None,
        guest=Guest("길손", PASSWORD),
        post=post,
        text="열쇠는 화분 밑에",
        is_secret=True,
    )
    page = Page(as_guest.get("/free/1/").content)
    assert [link.text for link in page.all("a", href=address(secret, "unlock"))] == [
        "댓글내용 확인"
    ]
    assert "화분" not in page.html + read(as_guest, address(secret, "unlock"))
    unlock(as_guest, secret)
    assert "열쇠는 화분 밑에" in read(as_guest, "/free/1/")
    assert "화분" not in read(Client(), "/free/1/")


# -- other visitors --------------------------------------------------------------------------------
def test_a_wrong_password_opens_nothing(as_guest, guests_comment):
    assert unlock(as_guest, guests_comment, "nein nein").status_code == 422
    for action in ("edit", "delete"):
        sent = as_guest.post(address(guests_comment, action), comment_form("남의 손"))
        assert sent.url == f"{address(guests_comment, 'unlock')}?to={action}"
    guests_comment.refresh_from_db()
    assert (guests_comment.text, guests_comment.state) == ("지나다 들렀어요", "published")


def test_the_password_opens_only_that_comment(as_guest, post, guests_comment, comment):
    """Case 32: nor the post with the same primary key."""
    second = by_guest(post, "둘째")
    unlock(as_guest, guests_comment)
    assert as_guest.get(address(guests_comment, "edit")).status_code == 200
    assert as_guest.get(address(second, "edit")).status_code == 302
    assert as_guest.get(address(comment, "edit")).status_code == 403
    Post.objects.filter(pk=post.pk).update(author=None)
    assert as_guest.get("/free/1/edit/").status_code == 403
    assert Client().get(address(guests_comment, "edit")).status_code == 302


def test_access_lasts_half_an_hour(as_guest, guests_comment, monkeypatch):
    """Case 32."""
    now = unlocking.time.time()
    unlock(as_guest, guests_comment)
    monkeypatch.setattr(unlocking.time, "time", lambda: now + unlocking.OPEN_FOR + 5)
    late = as_guest.post(address(guests_comment, "edit"), comment_form("오래 고친 말"))
    assert late.url == f"{address(guests_comment, 'unlock')}?to=edit"
    unlock(as_guest, guests_comment, to="edit")
    assert "오래 고친 말" in read(as_guest, address(guests_comment, "edit"))


def test_ten_wrong_passwords_per_comment_and_hour(as_guest, post, guests_comment):
    """Case 32 for one address; attack case 120: guesses of others lock nobody out."""
    gate = address(guests_comment, "unlock")
    for _ in range(10):
        assert as_guest.post(gate, {"password": "nein"}).status_code == 422
    sent = as_guest.post(gate, {"password": PASSWORD})
    assert (sent.status_code, "Retry-After" in sent.headers) == (429, True)
    sent = as_guest.post(gate, {"password": PASSWORD}, REMOTE_ADDR="203.0.113.99")
    assert sent.status_code == 302
    second = by_guest(post, "둘째")
    assert unlock(as_guest, second).status_code == 302


def test_members_need_no_password(as_junho, as_moderator, guests_comment):
    assert "unlock" not in read(as_junho, "/free/1/")
    assert as_junho.get(address(guests_comment, "edit")).status_code == 403
    assert as_moderator.get(address(guests_comment, "edit")).status_code == 200


def test_a_secret_post_stays_closed(as_guest, guests_comment):
    Post.objects.update(is_secret=True)
    assert unlock(as_guest, guests_comment).status_code == 403
    assert as_guest.get(address(guests_comment, "edit")).status_code == 403


def test_an_invalid_comment_of_the_post_is_not_found(as_guest, other_board, minji, guests_comment):
    assert as_guest.get("/free/1/comments/999999/unlock/").status_code == 404
    assert as_guest.get(f"/qna/1/comments/{guests_comment.pk}/unlock/").status_code == 404
