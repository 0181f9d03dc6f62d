"""Downloading: asked for each time, sent to be saved, in part or whole, counted."""

import datetime
import email
import re
import unicodedata
from urllib.parse import unquote

import pytest

from boards.actions.files import store_file
from boards.models import Attachment, Board, Post, State
from boardsite import visitors
from tests.boards.browsing import all_at_once, document, picture, post_form, read


@pytest.fixture
def file(as_minji, board) -> Attachment:
    as_minji.post("/free/write/", post_form(files=[document("4월 일정표.txt", "봄".encode())]))
    return Attachment.objects.get()


def test_it_comes_under_its_own_name(as_guest, file):
    answer = as_guest.get(file.url)
    assert b"".join(answer).decode() == "봄"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition.partition("''")[2]) == "4월 일정표.txt"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["글.xml", "글.xyz", "글.json", "글"])
def test_a_type_that_we_do_not_know_is_nothing_in_particular(name, as_minji, as_guest, board):
    """Case 46."""
    as_minji.post("/free/write/", post_form(files=[document(name, b"<script>alert(1)</script>")]))
    answer = as_guest.get(Attachment.objects.get().url)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


# -- counted: a member once, a guest once a day ----------------------------------------------------
def counted(file) -> int:
    file.refresh_from_db()
    return file.download_count


def test_a_member_counts_once(as_junho, as_minji, as_guest, file):
    for browser in (as_junho, as_junho, as_minji, as_junho):
        read(browser, file.url)
    assert counted(file) == 2
    assert "2회 다운로드" in read(as_guest, "/free/1/")


def test_a_guest_counts_once_a_day(as_reader, file, monkeypatch):
    for _ in range(3):
        read(as_reader, file.url)
    assert counted(file) == 1
    monkeypatch.setattr(visitors, "today", lambda: datetime.date(2031, 5, 1))
    read(as_reader, file.url)
    assert counted(file) == 2


def test_each_file_counts_for_itself(as_reader, as_minji, file):
    as_minji.post("/free/write/", post_form(files=[document("둘째.txt")]))
    other = Attachment.objects.latest("pk")
    for each in (file, other, file):
        read(as_reader, each.url)
    assert (counted(file), counted(other)) == (1, 1)


def test_a_robot_and_a_page_fetched_ahead_do_not_count(as_guest, as_reader, file):
    read(as_guest, file.url)  # no browser
    as_reader.get(file.url, headers={"sec-purpose": "prefetch"})
    assert counted(file) == 0


def test_a_look_and_a_continuation_do_not_count(as_reader, as_junho, file):
    for browser in (as_reader, as_junho):
        browser.head(file.url)
        assert browser.get(file.url, headers={"range": "bytes=1-"}).status_code == 206
        assert browser.get(file.url, headers={"range": "bytes=-1"}).status_code == 206
        assert browser.get(file.url, headers={"range": "bytes=9-"}).status_code == 416
    assert counted(file) == 0
    as_junho.get(file.url, headers={"range": "bytes=0-"})
    assert counted(file) == 1


def test_a_refused_download_does_not_count(as_junho, file):
    Board.objects.update(download_level=5)
    read(as_junho, file.url, status=403)
    assert counted(file) == 0


def test_a_member_at_many_doors_at_once_counts_once(side_by_side, log_in, minji, board):
    log_in(minji).post("/free/write/", post_form(files=[document()]))
    file = Attachment.objects.get()
    browsers = [log_in(minji) for _ in range(8)]
    all_at_once([lambda browser=browser: read(browser, file.url) for browser in browsers])
    assert counted(file) == 1


# -- in part (RFC 9110, section 14) ----------------------------------------------------------------
@pytest.fixture
def alphabet(as_minji, board) -> Attachment:
    as_minji.post("/free/write/", post_form(files=[document("글자.txt", b"abcdefghij")]))
    return Attachment.objects.get()


@pytest.mark.parametrize(
    ("asked", "part", "header"),
    [
        ("bytes=0-", b"abcdefghij", "bytes 0-9/10"),
        ("bytes=0-0", b"a", "bytes 0-0/10"),
        ("bytes=3-5", b"def", "bytes 3-5/10"),
        ("bytes=7-", b"hij", "bytes 7-9/10"),
        ("bytes=-3", b"hij", "bytes 7-9/10"),
        ("bytes=-99", b"abcdefghij", "bytes 0-9/10"),
        ("bytes=8-99", b"ij", "bytes 8-9/10"),
        ("Bytes = 9-", b"j", "bytes 9-9/10"),
    ],
)
def test_a_part_is_sent(asked, part, header, as_guest, alphabet):
    answer = as_guest.get(alphabet.url, headers={"range": asked})
    assert (answer.status_code, b"".join(answer)) == (206, part)
    assert answer.headers["Content-Range"] == header
    assert answer.headers["Content-Length"] == str(len(part))
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "asked", ["bytes=10-", "bytes=99-100", "bytes=-0", "bytes=" + "9" * 18 + "-"]
)
def test_what_lies_behind_the_end_is_said_to(asked, as_guest, alphabet):
    answer = as_guest.get(alphabet.url, headers={"range": asked})
    assert (answer.status_code, b"".join(answer)) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */10"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,3-4",
        "bytes=5-3",
        "bytes=-",
        "bytes=x-",
        "lines=0-1",
        "0-1",
        "bytes=١-",
        "9" * 999,
    ],
)
def test_anything_else_means_the_whole(asked, as_guest, alphabet):
    answer = as_guest.get(alphabet.url, headers={"range": asked.encode().decode("latin-1")})
    assert (answer.status_code, b"".join(answer)) == (200, b"abcdefghij")
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_it_goes_on_only_with_the_same_file(as_guest, as_minji, alphabet):
    etag = as_guest.get(alphabet.url).headers["ETag"]
    assert not etag.startswith("W/")
    same = as_guest.get(alphabet.url, headers={"range": "bytes=5-", "if-range": etag})
    assert (same.status_code, b"".join(same)) == (206, b"fghij")
    for other in ('"other"', f"W/{etag}", "Tue, 24 Nov 2026 00:00:00 GMT"):
        whole = as_guest.get(alphabet.url, headers={"range": "bytes=5-", "if-range": other})
        assert (whole.status_code, b"".join(whole)) == (200, b"abcdefghij")


def test_a_part_is_asked_for_like_the_whole(as_guest, alphabet):
    """Case 24."""
    etag = as_guest.get(alphabet.url).headers["ETag"]
    Post.objects.update(is_secret=True)
    for headers in ({"range": "bytes=0-"}, {"range": "bytes=99-"}, {"if-none-match": etag}):
        assert as_guest.get(alphabet.url, headers=headers).status_code == 404


# -- handed to the web server in front -------------------------------------------------------------
def test_the_web_server_sends_it_after_we_were_asked(as_guest, as_junho, file, settings):
    settings.ACCEL_REDIRECT = "/protected/"
    answer = as_junho.get(file.url, headers={"range": "bytes=0-"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["X-Accel-Redirect"] == f"/protected/{file.file.name}"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert counted(file) == 1
    Post.objects.update(is_secret=True)
    refused = as_guest.get(file.url)
    assert refused.status_code == 404
    assert "X-Accel-Redirect" not in refused.headers


def test_pictures_too(as_minji, as_guest, board, settings):
    settings.ACCEL_REDIRECT = "/protected/"
    as_minji.post("/free/write/", post_form(files=[picture()]))
    attachment = Attachment.objects.get()
    for address, file in (
        (attachment.url, attachment.file),
        (attachment.thumb_url, attachment.thumb),
    ):
        assert as_guest.get(address).headers["X-Accel-Redirect"] == f"/protected/{file.name}"


def test_nobody_asks_for_it_himself(as_guest, file):
    """Case 24: the header is ours to send, not a visitor's."""
    answer = as_guest.get(file.url, headers={"x-accel-redirect": "/etc/passwd"})
    assert "X-Accel-Redirect" not in answer.headers


# -- names -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("보고서 최종(2).hwp", "보고서 최종(2).hwp"),
        (unicodedata.normalize("NFD", "한글 파일.hwp"), "한글 파일.hwp"),
        ("가" * 300 + ".pdf", "가" * 116 + ".pdf"),
        ("꽃🌸놀이👨‍👩‍👧.txt", "꽃🌸놀이👨‍👩‍👧.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie_ x=1.txt"),
        ('"; filename=x.exe; x=".txt', "_; filename=x.exe; x=_.txt"),
        ("100% 환급;안내'서.txt", "100% 환급;안내'서.txt"),
        ("../../etc/비밀.txt", "비밀.txt"),
        ("a.php.jpg", "a.php.jpg"),
        (".htaccess", "htaccess"),
        ("<b>굵게</b>.txt", "b_.txt"),
    ],
)
def test_the_name_arrives_as_it_was_given(name, shown, as_minji, as_guest, minji, board):
    """Cases 56, 57 and 63: NFC, cut on a character, one line, RFC 8187 (which follows RFC 5987)."""
    upload = document()
    upload._name = name  # as a hostile browser sends it
    stored = store_file(uploader=minji, upload=upload, limit=1000)
    as_minji.post("/free/write/", post_form(kept_files=[stored.pk]))
    answer = as_guest.get(stored.url)
    header = answer.headers["Content-Disposition"]
    message = email.message_from_string(f"Content-Disposition: {header}\n\n")
    assert header.isascii()
    assert message.get_content_disposition() == "attachment"
    assert message.get_filename() == shown == stored.name
    assert set(dict(message.get_params(header="content-disposition"))) <= {"attachment", "filename"}
    assert re.fullmatch(r"20\d\d/[01]\d/[0-9a-f]{32}\.(bin|hwp|pdf|txt)", stored.file.name)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_asking_by_post_is_none(as_junho, file):
    assert as_junho.post(file.url).status_code == 405
    file.refresh_from_db()
    assert file.download_count == 0


# -- who may: whoever may read the post, asked each time (case 24) ---------------------------------
def test_a_member_reads_it_while_he_may(as_junho, as_minji, as_moderator, file):
    read(as_junho, file.url)
    Board.objects.update(read_level=5)
    for browser in (as_junho, as_minji):
        read(browser, file.url, status=404)
    read(as_moderator, file.url)
    Board.objects.update(read_level=1)
    read(as_junho, file.url)


def test_the_board_says_from_which_level_on(as_guest, as_minji, as_junho, as_moderator, file):
    Board.objects.update(download_level=5)
    page = read(as_junho, "/free/1/")
    assert "4월 일정표.txt" in page
    for browser in (as_junho, as_minji):
        assert "다운로드 권한이 없습니다." in read(browser, file.url, status=403)
    assert as_guest.get(file.url).status_code == 403
    read(as_moderator, file.url)


def test_a_secret_post_keeps_its_files(as_guest, as_junho, as_minji, as_moderator, as_owner, file):
    Post.objects.update(is_secret=True)
    for browser in (as_guest, as_junho):
        assert browser.get(file.url).status_code == 404
        assert browser.head(file.url).status_code == 404
    for browser in (as_minji, as_moderator, as_owner):
        read(browser, file.url)
    file.refresh_from_db()
    assert file.download_count == 3


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_a_post_that_has_gone_gives_none(
    state, as_guest, as_minji, as_junho, as_moderator, as_owner, file
):
    Post.objects.update(state=state)
    for browser in (as_guest, as_minji, as_junho):
        read(browser, file.url, status=410)
    for browser in (as_moderator, as_owner):  # who must judge it
        read(browser, file.url)
    Board.objects.update(read_level=2)
    for browser in (as_guest, as_minji, as_junho):  # guests have never had it
        read(browser, file.url, status=404)


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_of_a_secret_post_nobody_is_told_that_it_had_any(state, as_guest, as_junho, file):
    Post.objects.update(is_secret=True, state=state)
    for browser in (as_guest, as_junho):
        read(browser, file.url, status=404)


def test_one_not_attached_yet_is_its_uploader_s(as_guest, as_junho, as_minji, as_owner, file):
    Attachment.objects.update(post=None)
    read(as_minji, file.url)
    for browser in (as_guest, as_junho, as_owner):
        read(browser, file.url, status=404)


def test_one_whose_uploader_has_left_is_nobody_s(as_guest, as_minji, file):
    Attachment.objects.update(post=None, uploader=None)
    for browser in (as_guest, as_minji):
        read(browser, file.url, status=404)


def test_a_file_is_no_picture_and_a_picture_no_file(as_guest, as_minji, file):
    read(as_guest, f"/files/{file.pk}/picture/", status=404)
    read(as_guest, f"/files/{file.pk}/thumb/", status=404)
    as_minji.post("/free/write/", post_form(files=[picture()]))
    other = Attachment.objects.get(kind="picture")
    read(as_guest, other.url)
    read(as_guest, f"/files/{other.pk}/", status=404)


@pytest.mark.parametrize("pk", ["999", "0", "-1", "9" * 18, "9" * 30, "x", "1%00", "..", "../x"])
def test_one_that_is_not_there(pk, as_guest, file):
    """Cases 24, 53 and 57."""
    for address in (f"/files/{pk}/", f"/files/{pk}/picture/", f"/files/{file.file.name}"):
        assert as_guest.get(address).status_code == 404


def test_one_that_was_lost_from_the_disk(as_guest, file):
    file.file.storage.delete(file.file.name)
    read(as_guest, file.url, status=404)
