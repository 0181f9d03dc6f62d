"""Guests write posts and comments with a name and a password, on boards that allow it."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import identify_hasher

from boards.actions.guests import Guest
from boards.actions.posts import delete_post, write_post
from boards.models import Attachment, Board, Comment, GuestPassword, ModerationEntry, Post, Report
from boards.repair import recount
from tests.boards.browsing import (
    all_at_once,
    comment_form,
    document,
    finds,
    guest_fields,
    picture,
    post_form,
    read,
)
from tests.boards.moderating import close_comments
from tests.page import Page

WRITE = "/free/write/"
COMMENT = "/free/1/comments/write/"


@pytest.fixture
def open_board(board):
    """A board where guests write."""
    Board.objects.update(write_level=1, comment_level=1)
    board.refresh_from_db()
    return board


def guests_post(**changes) -> dict:
    return post_form() | guest_fields() | changes


def guests_comment(text: str = "지나다 들렀어요", **changes) -> dict:
    return comment_form(text) | guest_fields() | changes


def words(answer) -> str:
    return Page(answer.content).text


# -- results ---------------------------------------------------------------------------------------
def test_a_guest_writes_a_post(as_guest, open_board):
    sent = as_guest.post(WRITE, guests_post())
    post = Post.objects.get()
    assert (sent.status_code, sent.url) == (302, "/free/1/")
    assert (post.author, post.author_name) == (None, "나그네")
    page = Page(as_guest.get("/free/1/").content)
    assert "작성자 나그네 손님" in page.text
    assert not page.all("a", class_="author")
    row = Page(as_guest.get("/free/").content).rows[0]
    assert row["author"] == "나그네 손님"
    assert recount(repairs=False) == []


def test_members_have_no_guest_mark(as_guest, post):
    assert "손님" not in read(as_guest, "/free/1/")
    assert "손님" not in read(as_guest, "/free/")


def test_a_guest_comments(as_guest, open_board, post):
    sent = as_guest.post(COMMENT, guests_comment())
    comment = Comment.objects.get()
    assert (sent.status_code, sent.url) == (302, comment.get_absolute_url())
    assert (comment.author, comment.author_name) == (None, "나그네")
    page = Page(as_guest.get("/free/1/").content)
    assert "나그네 손님" in page.one("li", id=comment.anchor).text
    post.refresh_from_db()
    assert post.comment_count == 1
    assert recount(repairs=False) == []


def test_posts_and_comments_of_guests_are_found_and_in_the_feed(as_guest, open_board, post):
    as_guest.post(WRITE, guests_post(source="<p>유채꽃이 피었습니다.</p>"))
    as_guest.post(COMMENT, guests_comment("동백꽃도 피었어요"))
    assert finds(as_guest, "유채꽃") == ["/free/2/"]
    assert finds(as_guest, "나그네", field="author") == ["/free/2/"]
    assert len(finds(as_guest, "동백꽃", field="comments")) == 1
    assert "나그네" in read(as_guest, "/free/feed/")
    assert "나그네" in read(as_guest, "/new/")


def test_the_password_is_hashed_like_those_of_members(as_guest, open_board, post):
    as_guest.post(WRITE, guests_post())
    as_guest.post(COMMENT, guests_comment())
    for kept in GuestPassword.objects.all():
        assert "1234" not in kept.password
        assert identify_hasher(kept.password)
    assert GuestPassword.objects.count() == 2


def test_only_the_name_is_remembered(as_guest, open_board, post):
    as_guest.post(WRITE, guests_post())
    for address in (WRITE, "/free/1/"):
        page = Page(as_guest.get(address).content)
        assert page.one("input", name="guest_name")["value"] == "나그네"
        assert "value" not in page.one("input", name="guest_password").attributes


def test_a_member_s_form_has_no_guest_fields(as_junho, open_board, post):
    for address in (WRITE, "/free/1/"):
        page = read(as_junho, address)
        assert "guest_name" not in page
        assert "guest_password" not in page
    as_junho.post(WRITE, guests_post())
    assert Post.objects.get(number=2).author_name == "준호"
    assert GuestPassword.objects.count() == 0


def test_members_may_report_it(as_guest, as_junho, open_board):
    as_guest.post(WRITE, guests_post())
    as_guest.post("/free/1/comments/write/", guests_comment())
    pk = Comment.objects.get().pk
    for address in ("/free/1/report/", f"/free/1/comments/{pk}/report/"):
        assert address in read(as_junho, "/free/1/")
        assert as_junho.post(address, {"reason": "spam"}).status_code == 302
        assert as_guest.post(address, {"reason": "spam"}).status_code == 403
    assert Report.objects.count() == 2


# -- restrictions ----------------------------------------------------------------------------------
def test_a_new_board_does_not_let_guests_write(as_guest, post):
    assert as_guest.get(WRITE).status_code == 403
    assert as_guest.post(WRITE, guests_post()).status_code == 403
    assert as_guest.post(COMMENT, guests_comment()).status_code == 403
    assert "guest_name" not in read(as_guest, "/free/1/")
    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)


def test_guests_upload_nothing(as_guest, open_board):
    """At any level, because nobody is responsible for such a file."""
    Board.objects.update(upload_level=1)
    as_guest.post(WRITE, guests_post(files=[document()]))
    assert Post.objects.get().file_count == 0
    upload = as_guest.post("/free/upload-picture/", {"file": picture()})
    assert (upload.status_code, Attachment.objects.count()) == (403, 0)


def test_guests_cannot_claim_a_file_of_a_member(as_guest, open_board):
    left = Attachment.objects.create(
        uploader=None, kind=Attachment.Kind.FILE, name="남의 것.txt", size=1
    )
    as_guest.post(WRITE, guests_post(kept_files=[left.pk]))
    left.refresh_from_db()
    assert (Post.objects.count(), left.post) == (1, None)


def test_a_guest_sets_no_notice(as_guest, open_board):
    as_guest.post(WRITE, guests_post(is_notice="on", is_site_notice="on"))
    assert not Post.objects.get().is_notice
    assert not Post.objects.get().is_site_notice


def test_neither_guests_nor_members_comment_on_closed_posts(
    as_guest, as_junho, as_moderator, moderator, open_board, post
):
    """Case 33."""
    close_comments(post=post, by=moderator)
    for browser, form in ((as_guest, guests_comment()), (as_junho, comment_form())):
        sent = browser.post(COMMENT, form)
        assert sent.status_code == 403
        assert "댓글이 잠긴 글입니다." in sent.content.decode()
    assert Comment.objects.count() == 0
    assert as_moderator.post(COMMENT, comment_form()).status_code == 302


@pytest.mark.parametrize("person", ["as_guest", "as_junho"])
def test_nobody_comments_on_a_deleted_post(person, request, minji, open_board, post):
    """Case 33."""
    browser = request.getfixturevalue(person)
    delete_post(post=post, by=minji)
    assert browser.post(COMMENT, guests_comment()).status_code == 410
    assert Comment.objects.count() == 0


def test_a_secret_post_takes_no_comment_of_a_guest(as_guest, open_board, post):
    """Case 33."""
    Post.objects.update(is_secret=True)
    assert as_guest.post(COMMENT, guests_comment()).status_code == 403
    assert Comment.objects.count() == 0


# -- the name --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "이름을 입력해 주세요."),
        ("가", "2자 이상 16자 이하"),
        ("가" * 17, "2자 이상 16자 이하"),
        ("두 낱말", "2자 이상 16자 이하"),
        ("<b>나</b>", "2자 이상 16자 이하"),
        ("민지", "회원이 쓰는 이름입니다."),
        ("\u200b민지", "회원이 쓰는 이름입니다."),
        ("MIN-ji", "회원이 쓰는 이름입니다."),
        ("관리자", "회원이 쓰는 이름입니다."),
        ("adm1n", "회원이 쓰는 이름입니다."),
    ],
)
def test_names_of_members_and_staff_are_refused(
    name, sentence, as_guest, as_minji, minji, open_board
):
    if name == "MIN-ji":
        minji.set_nickname("minji")
        minji.save()
    sent = as_guest.post(WRITE, guests_post(guest_name=name, source="<p>남을 글</p>"))
    assert (sent.status_code, Post.objects.count()) == (422, 0)
    assert sentence in words(sent)
    assert "남을 글" in sent.content.decode()


# -- the password ----------------------------------------------------------------------------------
@pytest.mark.parametrize("password", ["", "123", "x" * 129])
def test_a_password_has_4_to_128_characters(password, as_guest, open_board, post):
    for address, form in ((WRITE, guests_post()), (COMMENT, guests_comment())):
        sent = as_guest.post(address, form | {"guest_password": password})
        assert sent.status_code == 422
        assert "비밀번호" in words(sent)
    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)


def test_the_password_is_typed_again_after_an_error(as_guest, open_board, post):
    for address, form in (
        (WRITE, guests_post(subject="")),
        (COMMENT, guests_comment(guest_name="민지")),
    ):
        sent = as_guest.post(address, form)
        assert sent.status_code == 422
        assert "풀잎 1234" not in sent.content.decode()
        assert "비밀번호는 다시 입력해 주세요." in words(sent)
        page = Page(sent.content)
        assert page.one("input", name="guest_password")["autocomplete"] == "new-password"


def test_an_expired_form_does_not_contain_the_password(open_board):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.get(WRITE)
    sent = browser.post(
        WRITE, guests_post(csrfmiddlewaretoken="x" * 64), headers={"sec-fetch-site": "same-origin"}
    )
    assert sent.status_code == 403
    assert "풀잎 1234" not in sent.content.decode()


# -- programs --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"seconds": 0}, "사람이 보냈는지 알 수 없습니다."),
        ({"seconds": -60}, "사람이 보냈는지 알 수 없습니다."),
        ({"homepage": "https://spam.example"}, "사람이 보냈는지 알 수 없습니다."),
        ({"seconds": 25 * 3600}, "페이지를 연 지 오래되었습니다."),
        ({"made": ""}, "페이지를 연 지 오래되었습니다."),
        ({"made": "1790000000:x"}, "페이지를 연 지 오래되었습니다."),
    ],
)
def test_a_program_is_refused_with_a_sentence(
    fields, sentence, as_guest, open_board, post, monkeypatch
):
    # A slow machine may take two seconds; nobody waits for a minute.
    monkeypatch.setattr("accounts.forms.traps.TOO_SOON", timedelta(minutes=1))
    for address, form in (
        (WRITE, post_form(source="<p>남을 글</p>")),
        (COMMENT, comment_form("남을 글")),
    ):
        sent = as_guest.post(address, form | guest_fields(**fields))
        assert sent.status_code == 422
        assert sentence in words(sent)
        assert "남을 글" in sent.content.decode()
    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)


def test_after_an_expired_form_the_next_submission_is_accepted(as_guest, open_board, monkeypatch):
    sent = as_guest.post(WRITE, post_form() | guest_fields(seconds=25 * 3600))
    made = Page(sent.content).one("input", name="made")["value"]
    soon = as_guest.post(WRITE, post_form() | guest_fields(made=made))
    assert Page(soon.content).one("input", name="made")["value"] == made
    monkeypatch.setattr("accounts.forms.traps.TOO_SOON", -soon_enough())
    assert as_guest.post(WRITE, post_form() | guest_fields(made=made)).status_code == 302


def soon_enough():
    return timedelta(seconds=1)


# -- rate limits -----------------------------------------------------------------------------------
def test_an_address_writes_five_times_in_ten_minutes(as_guest, client, open_board, post):
    """Case 86, whatever the session."""
    for number in range(3):
        as_guest.post(WRITE, guests_post(subject=f"글 {number}"))
    for number in range(2):
        client.cookies.clear()
        assert client.post(COMMENT, guests_comment(f"댓글 {number}")).status_code == 302
    for address, form in (
        (WRITE, guests_post(source="<p>남을 글</p>")),
        (COMMENT, guests_comment("남을 글")),
    ):
        sent = as_guest.post(address, form)
        assert (sent.status_code, "Retry-After" in sent.headers) == (429, True)
        assert "남을 글" in sent.content.decode()
        assert "요청이 너무 잦습니다." in words(sent)
    assert (Post.objects.count(), Comment.objects.count()) == (4, 2)
    other = as_guest.post(WRITE, guests_post(), REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 302


def test_an_address_writes_thirty_times_a_day(as_guest, open_board, monkeypatch):
    """Case 86."""
    from boardsite.limits import rate_limit

    start = 1_790_000_000 // 86_400 * 86_400
    for number in range(31):
        monkeypatch.setattr(rate_limit, "_now", lambda now=start + number // 5 * 600: now)
        sent = as_guest.post(WRITE, guests_post(subject=f"글 {number}"))
        assert sent.status_code == (302 if number < 30 else 429)
    assert Post.objects.count() == 30


# -- duplicate submissions -------------------------------------------------------------------------
def test_ten_submissions_redirect_to_the_same_address(as_guest, open_board, post):
    """Case 76: a duplicate does not count towards the rate limit."""
    form, comment = guests_post(), guests_comment()
    assert {as_guest.post(WRITE, form).url for _ in range(10)} == {"/free/2/"}
    assert len({as_guest.post(COMMENT, comment).url for _ in range(10)}) == 1
    assert (Post.objects.count(), Comment.objects.count()) == (2, 1)
    for number in range(3):
        assert as_guest.post(WRITE, guests_post(subject=f"글 {number}")).status_code == 302
    assert as_guest.post(WRITE, guests_post(subject="하나 더")).status_code == 429


def test_duplicate_submissions_are_limited_too(as_guest, open_board):
    """Case 86."""
    form = guests_post()
    sent = [as_guest.post(WRITE, form).status_code for _ in range(101)]
    assert sent == [302] * 100 + [429]


def test_three_submissions_are_one_post(as_guest, open_board, post):
    """Case 76."""
    form = guests_post()
    assert {as_guest.post(WRITE, form).url for _ in range(3)} == {"/free/2/"}
    comment = guests_comment()
    assert len({as_guest.post(COMMENT, comment).url for _ in range(2)}) == 1
    assert (Post.objects.count(), Comment.objects.count()) == (2, 1)
    assert GuestPassword.objects.count() == 2


def test_three_submissions_at_once_are_one_post(side_by_side, board):
    """Case 76."""
    from django.test import Client

    Board.objects.update(write_level=1)
    form = guests_post()
    browsers = [Client() for _ in range(3)]
    answers = all_at_once([lambda each=each: each.post(WRITE, form) for each in browsers])
    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {
        (302, "/free/1/")
    }
    assert (Post.objects.count(), GuestPassword.objects.count()) == (1, 1)
    assert recount(repairs=False) == []


def test_two_guests_with_the_same_text_are_two_posts(as_guest, open_board):
    for _ in range(2):
        as_guest.post(WRITE, guests_post())
    assert Post.objects.count() == 2


def test_another_name_with_the_same_token_is_another_post(as_guest, open_board):
    form = guests_post()
    as_guest.post(WRITE, form)
    as_guest.post(WRITE, form | {"guest_name": "길손"})
    assert [post.author_name for post in Post.objects.order_by("pk")] == ["나그네", "길손"]


# -- a member whose session expired ----------------------------------------------------------------
def test_a_member_whose_session_expired_loses_no_text(client, minji, open_board):
    sent = client.post(WRITE, post_form(subject="오래 쓴 글"))
    assert (sent.status_code, Post.objects.count()) == (422, 0)
    assert "로그인이 풀렸습니다." in words(sent)
    assert "오래 쓴 글" in sent.content.decode()
    client.force_login(minji)
    assert "오래 쓴 글" in read(client, WRITE)


def test_text_submitted_later_as_a_guest_is_not_restored_again(client, minji, open_board, post):
    client.post(WRITE, post_form(subject="오래 쓴 글"))
    client.post(WRITE, guests_post(subject="오래 쓴 글"))
    client.force_login(minji)
    assert "오래 쓴 글" not in Page(client.get(WRITE).content).one("form", class_="form").text
    assert "되살렸습니다" not in read(client, WRITE)


def test_text_of_a_guest_s_form_with_errors_is_not_stored(as_guest, minji, open_board):
    as_guest.post(WRITE, guests_post(subject="", source="<p>쓰다 만 글</p>"))
    as_guest.force_login(minji)
    assert "쓰다 만 글" not in read(as_guest, WRITE)


# -- for moderators --------------------------------------------------------------------------------
def test_moderation_of_guest_posts_is_logged(as_guest, as_moderator, open_board):
    as_guest.post(WRITE, guests_post())
    assert as_moderator.post("/free/1/edit/", post_form(subject="고침")).status_code == 302
    assert as_moderator.post("/free/1/delete/").status_code == 302
    entry = ModerationEntry.objects.get()
    assert (entry.moderator.nickname, entry.operation) == ("지킴이", "delete")


def test_actions_work_without_a_request(board):
    guest = Guest("나그네", "풀잎 1234")
    post = write_post(author=None, guest=guest, board=board, subject="글", source="<p>글</p>")
    assert (post.author, post.guest_password.password != "풀잎 1234") == (None, True)
