"""A guest proves with a password that a post is theirs, to edit and delete it, and to read a secret
one.
"""

import pytest
from django.test import Client

from boards.actions.guests import Guest
from boards.actions.posts import hide_post, write_post
from boards.models import Board, ModerationEntry, Post
from boards.repair import recount
from boards.views import unlocking
from boardsite.limits import rate_limit
from tests.boards.browsing import comment_form, guest_fields, post_form, read
from tests.page import Page

UNLOCK = "/free/1/unlock/"
EDIT = "/free/1/edit/"
DELETE = "/free/1/delete/"
PASSWORD = "풀잎 1234"


@pytest.fixture
def guests_post(board):
    """Post 1 by a guest, on a board where guests write."""
    Board.objects.update(write_level=1, comment_level=1)
    board.refresh_from_db()
    return by_guest(board, "나들이")


def by_guest(board, subject: str, password: str = PASSWORD, **fields) -> Post:
    guest = Guest("나그네", password)
    source = "<p>벚꽃이 피었습니다.</p>"
    return write_post(
        author=None, guest=guest, board=board, subject=subject, source=source, **fields
    )


def unlock(browser, password: str = PASSWORD, address: str = UNLOCK, **fields):
    return browser.post(address, {"password": password} | fields)


# -- the password form -----------------------------------------------------------------------------
@pytest.mark.parametrize(("to", "action"), [("edit", "수정"), ("delete", "삭제")])
def test_edit_and_delete_lead_to_the_password_form(to, action, as_guest, guests_post):
    page = Page(as_guest.get("/free/1/").content)
    assert [link.text for link in page.all("a", href=f"{UNLOCK}?to={to}")] == [action]
    gate = Page(as_guest.get(f"{UNLOCK}?to={to}").content)
    assert gate.one("h1").text == f"글 {action}"
    assert f"작성자만 글을 {action}할 수 있습니다." in gate.text
    assert gate.one("button", class_="primary").text == "확인"
    assert as_guest.get(f"/free/1/{to}/").url == f"{UNLOCK}?to={to}"


@pytest.mark.parametrize("to", ["edit", "delete"])
def test_the_password_opens_the_post(to, as_guest, guests_post):
    sent = unlock(as_guest, to=to)
    assert (sent.status_code, sent.url) == (302, f"/free/1/{to}/")
    assert as_guest.get(sent.url).status_code == 200


def test_an_unlocked_post_can_be_edited(as_guest, guests_post):
    unlock(as_guest, to="edit")
    assert "guest_password" not in read(as_guest, EDIT)
    assert as_guest.post(EDIT, post_form(subject="고친 제목")).url == "/free/1/"
    guests_post.refresh_from_db()
    assert (guests_post.subject, guests_post.author_name) == ("고친 제목", "나그네")
    assert as_guest.post(EDIT, post_form(subject="또 고친 제목")).url == "/free/1/"


def test_an_unlocked_post_is_deleted_into_the_bin_without_a_log_entry(
    as_guest, as_moderator, guests_post
):
    unlock(as_guest, to="delete")
    assert "지울까요?" in read(as_guest, DELETE)
    assert as_guest.post(DELETE).status_code == 302
    guests_post.refresh_from_db()
    assert guests_post.state == "deleted"
    assert ModerationEntry.objects.count() == 0
    assert "글쓴이" in read(as_moderator, "/free/bin/")
    assert as_guest.get("/free/1/").status_code == 410
    assert recount(repairs=False) == []


def test_automatic_actions_are_logged(guests_post):
    hide_post(post=guests_post, by=None, reason="신고")
    assert ModerationEntry.objects.get().moderator is None


def test_the_form_redirects_only_to_the_post(as_guest, guests_post):
    assert unlock(as_guest, to="//evil.example").url == "/free/1/"


# -- other visitors --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "password", ["", "풀잎", "풀잎 1234 ", " 풀잎 1234", "x" * 200, "풀잎 1234\0"]
)
def test_a_wrong_password_opens_nothing(password, as_guest, guests_post):
    sent = unlock(as_guest, password, to="edit")
    assert sent.status_code == 422
    assert as_guest.get(EDIT).status_code == 302
    assert as_guest.post(EDIT, post_form(subject="남의 손")).url == f"{UNLOCK}?to=edit"
    assert as_guest.post(DELETE).url == f"{UNLOCK}?to=delete"
    guests_post.refresh_from_db()
    assert (guests_post.subject, guests_post.state) == ("나들이", "published")


def test_a_wrong_password_is_reported_and_not_shown(as_guest, guests_post):
    sent = unlock(as_guest, "틀린 것 77").content.decode()
    assert "비밀번호가 틀립니다." in sent
    assert "틀린 것 77" not in sent


def test_the_password_opens_only_that_post(as_guest, board, guests_post, minji):
    """Case 32."""
    by_guest(board, "둘째")
    write_post(author=minji, board=board, subject="셋째", source="<p>글</p>")
    unlock(as_guest)
    assert as_guest.get(EDIT).status_code == 200
    assert as_guest.get("/free/2/edit/").url == "/free/2/unlock/?to=edit"
    assert as_guest.post("/free/2/delete/").status_code == 302
    assert as_guest.get("/free/3/edit/").status_code == 403
    assert Post.objects.published().count() == 3


def test_access_is_limited_to_the_session(as_guest, guests_post):
    """Case 32."""
    unlock(as_guest)
    assert Client().get(EDIT).status_code == 302


def test_unlocking_rotates_the_session_key(as_guest, guests_post):
    """Case 32: an attacker knows the session cookie from before."""
    as_guest.post("/free/write/", post_form() | guest_fields())
    planted = as_guest.cookies["sessionid"].value
    unlock(as_guest)
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get(EDIT).status_code == 302


def test_access_lasts_half_an_hour(as_guest, guests_post, monkeypatch):
    """Case 32."""
    now = unlocking.time.time()
    unlock(as_guest)
    monkeypatch.setattr(unlocking.time, "time", lambda: now + unlocking.OPEN_FOR - 5)
    assert as_guest.get(EDIT).status_code == 200
    monkeypatch.setattr(unlocking.time, "time", lambda: now + unlocking.OPEN_FOR + 5)
    assert as_guest.get(EDIT).status_code == 302


def test_text_sent_after_access_expired_is_kept_through_the_password_form(
    as_guest, guests_post, monkeypatch
):
    monkeypatch.setattr(unlocking, "OPEN_FOR", 0)
    unlock(as_guest)
    monkeypatch.undo()
    late = as_guest.post(EDIT, post_form(subject="오래 고친 제목"))
    assert late.url == f"{UNLOCK}?to=edit"
    unlock(as_guest, to="edit")
    assert "오래 고친 제목" in read(as_guest, EDIT)


def test_editing_keeps_other_unlocked_posts_open(as_guest, board, guests_post):
    by_guest(board, "둘째")
    unlock(as_guest)
    unlock(as_guest, address="/free/2/unlock/")
    as_guest.post(EDIT, post_form(subject="고침"))
    as_guest.post(DELETE)
    assert as_guest.get("/free/2/edit/").status_code == 200


def test_members_and_moderators_need_no_password(as_junho, as_moderator, guests_post):
    assert "unlock" not in read(as_junho, "/free/1/")
    assert as_junho.get(EDIT).status_code == 403
    sent = unlock(as_junho, to="edit")
    assert (sent.url, as_junho.get(sent.url).status_code) == (EDIT, 403)
    assert as_moderator.get(EDIT).status_code == 200


def test_logging_in_drops_the_access(as_guest, junho, guests_post):
    unlock(as_guest)
    as_guest.force_login(junho)
    assert as_guest.get(EDIT).status_code == 403


def test_a_post_of_a_deleted_member_has_no_password(as_guest, post):
    Post.objects.update(author=None)
    assert "unlock" not in read(as_guest, "/free/1/")
    assert as_guest.get(EDIT).status_code == 403
    assert unlock(as_guest, to="edit").url == EDIT


@pytest.mark.parametrize("level", ["list_level", "read_level"])
def test_a_post_above_the_visitor_s_level_stays_closed(level, as_guest, guests_post):
    Board.objects.update(**{level: 2})
    assert unlock(as_guest).status_code == 403
    assert as_guest.get(EDIT).status_code == 403


# -- guesses ---------------------------------------------------------------------------------------
def test_ten_wrong_passwords_per_address_post_and_hour(as_guest, guests_post):
    """Case 32."""
    for _ in range(10):
        sent = as_guest.post(UNLOCK, {"password": "nein"})
        assert sent.status_code == 422
    sent = as_guest.post(UNLOCK, {"password": PASSWORD})
    assert (sent.status_code, "Retry-After" in sent.headers) == (429, True)
    assert "요청이 너무 잦습니다." in sent.content.decode()
    assert as_guest.get(EDIT).status_code == 302


def test_wrong_passwords_of_others_lock_nobody_out(as_guest, guests_post):
    """Attack case 120: before, ten wrong passwords of anybody were enough."""
    for number in range(12):
        sent = as_guest.post(UNLOCK, {"password": "nein"}, REMOTE_ADDR=f"203.0.113.{number}")
        assert sent.status_code == 422
    sent = as_guest.post(UNLOCK, {"password": PASSWORD}, REMOTE_ADDR="198.51.100.7")
    assert sent.status_code == 302


def test_very_many_guesses_from_all_addresses_only_slow_everybody_down(
    as_guest, guests_post, monkeypatch
):
    """Attack case 120: from many addresses; the author, who knows the password, gets in at once."""
    monkeypatch.setattr(unlocking, "GUESSES_OF_ALL", 3)
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_000)

    def guess(number: int, typed: str = "nein") -> int:
        sent = as_guest.post(UNLOCK, {"password": typed}, REMOTE_ADDR=f"203.0.113.{number}")
        return sent.status_code

    assert [guess(number) for number in (1, 2, 3, 1, 1, 2, 2)] == [422] * 4 + [429, 422, 429]
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_060)
    assert [guess(1), guess(1)] == [422, 429]
    assert guess(9, PASSWORD) == 302


def test_twenty_wrong_passwords_per_address_and_hour(as_guest, board, guests_post):
    """Case 32, whatever the session."""
    for number in (2, 3):
        by_guest(board, f"글 {number}")
    for number in range(20):
        address = f"/free/{number // 8 + 1}/unlock/"
        assert Client().post(address, {"password": "nein"}).status_code == 422
    assert unlock(as_guest, address="/free/3/unlock/").status_code == 429
    other = as_guest.post("/free/3/unlock/", {"password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 302


def test_right_passwords_are_not_counted_as_guesses(board, guests_post):
    """Hundreds of guests share the address of a mobile carrier."""
    for _ in range(30):
        assert unlock(Client()).status_code == 302


def test_the_limits_have_the_documented_values():
    assert (unlocking.GUESSES, unlocking.GUESSES_OF_ADDRESS, unlocking.OPEN_FOR) == (10, 20, 1800)


# -- a secret post ---------------------------------------------------------------------------------
@pytest.fixture
def secret(board, guests_post):
    """Post 2, secret, by a guest."""
    Board.objects.update(secret_posts="optional")
    return by_guest(board, "열쇠는 화분 밑에", is_secret=True)


def test_the_page_of_a_secret_post_asks_for_the_password(as_guest, secret):
    page = Page(as_guest.get("/free/2/").content)
    assert as_guest.get("/free/2/").status_code == 403
    assert "비밀글 기능으로 보호된 글입니다." in page.text
    assert "본인이라면 비밀번호를 입력해 주세요." in page.text
    assert page.all("input", name="password")
    assert "화분" not in page.html
    assert "벚꽃" not in page.html


def test_the_password_shows_the_post(as_guest, secret):
    sent = unlock(as_guest, address="/free/2/unlock/")
    assert sent.url == "/free/2/"
    assert "열쇠는 화분 밑에" in read(as_guest, "/free/2/")
    comment = comment_form("고맙습니다") | guest_fields()
    assert as_guest.post("/free/2/comments/write/", comment).status_code == 302
    assert Client().get("/free/2/").status_code == 403


def test_a_refused_member_sees_no_password_form(as_junho, as_guest, minji, board, secret):
    assert "password" not in read(as_junho, "/free/2/", 403)
    assert unlock(as_junho, address="/free/2/unlock/").status_code == 403
    write_post(author=minji, board=board, subject="비밀", source="<p>글</p>", is_secret=True)
    assert "unlock" not in read(as_guest, "/free/3/", 403)
    assert unlock(as_guest, address="/free/3/unlock/").status_code == 403


def test_the_author_of_a_thread_reads_its_secret_reply_posts(
    as_guest, minji, board, guests_post, secret
):
    answer = {"subject": "답", "source": "<p>열쇠를 찾았습니다.</p>", "is_secret": True}
    write_post(author=minji, board=board, reply_to=secret, **answer)
    write_post(author=minji, board=board, reply_to=guests_post, **answer)
    assert as_guest.get("/free/3/").status_code == 403
    unlock(as_guest, address="/free/2/unlock/")
    assert "열쇠를 찾았습니다." in read(as_guest, "/free/3/")
    assert as_guest.get("/free/3/edit/").status_code == 403
    assert as_guest.get("/free/4/").status_code == 403
    assert Client().get("/free/3/").status_code == 403
