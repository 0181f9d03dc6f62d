"""A guest proves by its password that a comment is his: to edit and to delete it."""

import pytest
from django.test import Client

from boards.actions.comments import write_comment
from boards.actions.guests import Guest
from boards.models import Board, Comment, ModerationEntry, Post
from boards.repair import recount
from boards.views import guests
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


def address(comment: Comment, deed: str) -> str:
    return f"/free/1/comments/{comment.pk}/{deed}/"


def unlock(browser, comment: Comment, password: str = PASSWORD, **fields):
    return browser.post(address(comment, "unlock"), {"password": password} | fields)


@pytest.mark.parametrize(("to", "deed"), [("edit", "수정"), ("delete", "삭제")])
def test_edit_and_delete_lead_to_the_gate(to, deed, as_guest, guests_comment):
    gate = f"{address(guests_comment, 'unlock')}?to={to}"
    page = Page(as_guest.get("/free/1/").content)
    assert [link.text for link in page.all("a", href=gate)] == [deed]
    assert Page(as_guest.get(gate).content).one("h1").text == f"댓글 {deed}"
    assert f"작성자만 댓글을 {deed}할 수 있습니다." in read(as_guest, gate)
    assert as_guest.get(address(guests_comment, to)).url == gate


def test_the_password_lets_him_edit_it(as_guest, guests_comment):
    sent = unlock(as_guest, guests_comment, to="edit")
    assert sent.url == address(guests_comment, "edit")
    assert "guest_password" not in read(as_guest, sent.url)
    assert as_guest.post(sent.url, comment_form("고쳤어요")).status_code == 302
    guests_comment.refresh_from_db()
    assert (guests_comment.text, guests_comment.author_name) == ("고쳤어요", "나그네")


def test_and_delete_it_without_a_word_in_the_log(as_guest, guests_comment):
    sent = unlock(as_guest, guests_comment, to="delete")
    assert as_guest.post(sent.url).status_code == 302
    guests_comment.refresh_from_db()
    assert guests_comment.state == "deleted"
    assert ModerationEntry.objects.count() == 0
    assert "지나다 들렀어요" not in read(as_guest, "/free/1/")
    assert recount(mend=False) == []


def test_with_an_answer_below_it_leaves_its_place(as_guest, post, guests_comment):
    by_guest(post, "저도요", parent=guests_comment)
    unlock(as_guest, guests_comment)
    as_guest.post(address(guests_comment, "delete"))
    page = read(as_guest, "/free/1/")
    assert "삭제된 댓글입니다." in page
    assert address(guests_comment, "unlock") not in page


def test_a_secret_one_is_read_by_its_password(as_guest, post, guests_comment):
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


# -- the stranger ----------------------------------------------------------------------------------
def test_another_password_opens_nothing(as_guest, guests_comment):
    assert unlock(as_guest, guests_comment, "nein nein").status_code == 422
    for deed in ("edit", "delete"):
        sent = as_guest.post(address(guests_comment, deed), comment_form("남의 손"))
        assert sent.url == f"{address(guests_comment, 'unlock')}?to={deed}"
    guests_comment.refresh_from_db()
    assert (guests_comment.text, guests_comment.state) == ("지나다 들렀어요", "published")


def test_it_opens_that_comment_and_no_other(as_guest, post, guests_comment, comment):
    """Case 32: nor the post of the same number in its table."""
    second = by_guest(post, "둘째")
    unlock(as_guest, guests_comment)
    assert as_guest.get(address(guests_comment, "edit")).status_code == 200
    assert as_guest.get(address(second, "edit")).status_code == 302
    assert as_guest.get(address(comment, "edit")).status_code == 403
    Post.objects.filter(pk=post.pk).update(author=None)
    assert as_guest.get("/free/1/edit/").status_code == 403
    assert Client().get(address(guests_comment, "edit")).status_code == 302


def test_it_opens_for_half_an_hour(as_guest, guests_comment, monkeypatch):
    """Case 32."""
    now = guests.time.time()
    unlock(as_guest, guests_comment)
    monkeypatch.setattr(guests.time, "time", lambda: now + guests.OPEN_FOR + 5)
    late = as_guest.post(address(guests_comment, "edit"), comment_form("오래 고친 말"))
    assert late.url == f"{address(guests_comment, 'unlock')}?to=edit"
    unlock(as_guest, guests_comment, to="edit")
    assert "오래 고친 말" in read(as_guest, address(guests_comment, "edit"))


def test_guesses_at_one_comment_are_ten_an_hour(as_guest, post, guests_comment):
    """Case 32, whatever the address."""
    gate = address(guests_comment, "unlock")
    for number in range(10):
        sent = as_guest.post(gate, {"password": "nein"}, REMOTE_ADDR=f"203.0.113.{number}")
        assert sent.status_code == 422
    sent = as_guest.post(gate, {"password": PASSWORD}, REMOTE_ADDR="203.0.113.99")
    assert (sent.status_code, "Retry-After" in sent.headers) == (429, True)
    second = by_guest(post, "둘째")
    assert unlock(as_guest, second).status_code == 302


def test_members_need_none(as_junho, as_moderator, guests_comment):
    assert "unlock" not in read(as_junho, "/free/1/")
    assert as_junho.get(address(guests_comment, "edit")).status_code == 403
    assert as_moderator.get(address(guests_comment, "edit")).status_code == 200


def test_on_a_secret_post_nothing_opens(as_guest, guests_comment):
    Post.objects.update(is_secret=True)
    assert unlock(as_guest, guests_comment).status_code == 403
    assert as_guest.get(address(guests_comment, "edit")).status_code == 403


def test_what_is_no_comment_of_this_post_is_not_found(as_guest, other_board, minji, guests_comment):
    assert as_guest.get("/free/1/comments/999999/unlock/").status_code == 404
    assert as_guest.get(f"/qna/1/comments/{guests_comment.pk}/unlock/").status_code == 404
