"""Downloads: permissions are checked each time; files are sent as attachments, whole or in ranges,
and counted.
"""

import datetime
import email
import re
import unicodedata
from urllib.parse import unquote

import pytest

from boards.actions.files import store_file
from boards.models import Attachment, Board, Post, State
from boardsite.visitors import identity
from tests.boards.browsing import all_at_once, document, picture, post_form, read


@pytest.fixture
def file(as_minji, board) -> Attachment:
    as_minji.post("/free/write/", post_form(files=[document("4월 일정표.txt", "봄".encode())]))
    return Attachment.objects.get()


def test_a_file_is_sent_under_its_own_name(as_guest, file):
    answer = as_guest.get(file.url)
    assert b"".join(answer).decode() == "봄"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition.partition("''")[2]) == "4월 일정표.txt"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["글.xml", "글.xyz", "글.json", "글"])
def test_a_file_of_unknown_type_is_sent_as_octet_stream(name, as_minji, as_guest, board):
    """Case 46."""
    as_minji.post("/free/write/", post_form(files=[document(name, b"<script>alert(1)</script>")]))
    answer = as_guest.get(Attachment.objects.get().url)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


# -- counted once per member, and once a day per guest ---------------------------------------------
def counted(file) -> int:
    file.refresh_from_db()
    return file.download_count


def test_a_member_counts_once(as_junho, as_minji, as_guest, file):
    for browser in (as_junho, as_junho, as_minji, as_junho):
        read(browser, file.url)
    assert counted(file) == 2
    assert "2회 내려받음" in read(as_guest, "/free/1/")


def test_a_guest_counts_once_a_day(as_reader, file, monkeypatch):
    for _ in range(3):
        read(as_reader, file.url)
    assert counted(file) == 1
    monkeypatch.setattr(identity, "today", lambda: datetime.date(2031, 5, 1))
    read(as_reader, file.url)
    assert counted(file) == 2


def test_each_file_has_its_own_count(as_reader, as_minji, file):
    as_minji.post("/free/write/", post_form(files=[document("둘째.txt")]))
    other = Attachment.objects.latest("pk")
    for each in (file, other, file):
        read(as_reader, each.url)
    assert (counted(file), counted(other)) == (1, 1)


def test_robots_and_prefetches_do_not_count(as_guest, as_reader, file):
    read(as_guest, file.url)  # not a browser
    as_reader.get(file.url, headers={"sec-purpose": "prefetch"})
    assert counted(file) == 0


def test_head_requests_and_later_ranges_do_not_count(as_reader, as_junho, file):
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


def test_parallel_downloads_of_a_member_count_once(side_by_side, log_in, minji, board):
    log_in(minji).post("/free/write/", post_form(files=[document()]))
    file = Attachment.objects.get()
    browsers = [log_in(minji) for _ in range(8)]
    all_at_once([lambda browser=browser: read(browser, file.url) for browser in browsers])
    assert counted(file) == 1


# -- ranges (RFC 9110, section 14) -----------------------------------------------------------------
@pytest.fixture
def alphabet(as_minji, board) -> Attachment:
    as_minji.post("/free/write/", post_form(files=[document("글자.txt", b"abcdefghij")]))
    return Attachment.objects.get()


@pytest.mark.any_database
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
def test_a_range_is_sent(asked, part, header, as_guest, alphabet):
    answer = as_guest.get(alphabet.url, headers={"range": asked})
    assert (answer.status_code, b"".join(answer)) == (206, part)
    assert answer.headers["Content-Range"] == header
    assert answer.headers["Content-Length"] == str(len(part))
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "asked", ["bytes=10-", "bytes=99-100", "bytes=-0", "bytes=" + "9" * 18 + "-"]
)
def test_a_range_beyond_the_end_is_refused_with_416(asked, as_guest, alphabet):
    answer = as_guest.get(alphabet.url, headers={"range": asked})
    assert (answer.status_code, b"".join(answer)) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */10"


@pytest.mark.any_database
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
def test_an_invalid_range_sends_the_whole_file(asked, as_guest, alphabet):
    answer = as_guest.get(alphabet.url, headers={"range": asked.encode().decode("latin-1")})
    assert (answer.status_code, b"".join(answer)) == (200, b"abcdefghij")
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_range_continues_only_the_same_version_of_the_file(as_guest, as_minji, alphabet):
    etag = as_guest.get(alphabet.url).headers["ETag"]
    assert not etag.startswith("W/")
    same = as_guest.get(alphabet.url, headers={"range": "bytes=5-", "if-range": etag})
    assert (same.status_code, b"".join(same)) == (206, b"fghij")
    for other in ('"other"', f"W/{etag}", "Tue, 24 Nov 2026 00:00:00 GMT"):
        whole = as_guest.get(alphabet.url, headers={"range": "bytes=5-", "if-range": other})
        assert (whole.status_code, b"".join(whole)) == (200, b"abcdefghij")


def test_ranges_need_the_same_permissions_as_the_whole_file(as_guest, alphabet):
    """Case 24."""
    etag = as_guest.get(alphabet.url).headers["ETag"]
    Post.objects.update(is_secret=True)
    for headers in ({"range": "bytes=0-"}, {"range": "bytes=99-"}, {"if-none-match": etag}):
        assert as_guest.get(alphabet.url, headers=headers).status_code == 404


# -- sent by the web server in front ---------------------------------------------------------------
def test_the_web_server_sends_a_file_after_the_permission_check(as_guest, as_junho, file, settings):
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


def test_the_web_server_sends_pictures_too(as_minji, as_guest, board, settings):
    settings.ACCEL_REDIRECT = "/protected/"
    as_minji.post("/free/write/", post_form(files=[picture()]))
    attachment = Attachment.objects.get()
    for address, file in (
        (attachment.url, attachment.file),
        (attachment.thumb_url, attachment.thumb),
    ):
        assert as_guest.get(address).headers["X-Accel-Redirect"] == f"/protected/{file.name}"


def test_the_acceleration_header_of_a_request_is_ignored(as_guest, file):
    """Case 24: only our response may set the header, not a visitor."""
    answer = as_guest.get(file.url, headers={"x-accel-redirect": "/etc/passwd"})
    assert "X-Accel-Redirect" not in answer.headers


# -- file names ------------------------------------------------------------------------------------
@pytest.mark.any_database
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
def test_the_file_name_arrives_as_it_was_uploaded(name, shown, as_minji, as_guest, minji, board):
    """Cases 56, 57 and 63: NFC, cut between characters, on one line, encoded as in RFC 8187 (which
    follows RFC 5987).
    """
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


def test_a_post_request_downloads_nothing(as_junho, file):
    assert as_junho.post(file.url).status_code == 405
    file.refresh_from_db()
    assert file.download_count == 0


# -- permissions: reading the post is enough, checked at each request (case 24) --------------------
def test_a_member_downloads_while_they_may_read_the_post(as_junho, as_minji, as_moderator, file):
    read(as_junho, file.url)
    Board.objects.update(read_level=5)
    for browser in (as_junho, as_minji):
        read(browser, file.url, status=404)
    read(as_moderator, file.url)
    Board.objects.update(read_level=1)
    read(as_junho, file.url)


def test_the_board_sets_the_level_for_downloads(as_guest, as_minji, as_junho, as_moderator, file):
    Board.objects.update(download_level=5)
    page = read(as_junho, "/free/1/")
    assert "4월 일정표.txt" in page
    for browser in (as_junho, as_minji):
        assert "파일을 내려받을 권한이 없습니다." in read(browser, file.url, status=403)
    assert as_guest.get(file.url).status_code == 403
    read(as_moderator, file.url)


def test_files_of_a_secret_post_are_secret(
    as_guest, as_junho, as_minji, as_moderator, as_owner, file
):
    Post.objects.update(is_secret=True)
    for browser in (as_guest, as_junho):
        assert browser.get(file.url).status_code == 404
        assert browser.head(file.url).status_code == 404
    for browser in (as_minji, as_moderator, as_owner):
        read(browser, file.url)
    file.refresh_from_db()
    assert file.download_count == 3


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_files_of_a_deleted_or_hidden_post_are_gone(
    state, as_guest, as_minji, as_junho, as_moderator, as_owner, file
):
    Post.objects.update(state=state)
    for browser in (as_guest, as_junho):
        read(browser, file.url, status=410)
    for browser in (as_moderator, as_owner):  # moderators judge the post
        read(browser, file.url)
    is_hidden = state == State.HIDDEN  # so the author still sees it
    read(as_minji, file.url, status=200 if is_hidden else 410)
    Board.objects.update(read_level=2)
    for browser in (as_guest, as_junho):  # guests may never read a secret post
        read(browser, file.url, status=404)
    read(as_minji, file.url, status=200 if is_hidden else 404)


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_responses_do_not_reveal_that_a_deleted_secret_post_had_files(
    state, as_guest, as_junho, file
):
    Post.objects.update(is_secret=True, state=state)
    for browser in (as_guest, as_junho):
        read(browser, file.url, status=404)


def test_only_the_uploader_sees_a_file_that_is_not_attached_yet(
    as_guest, as_junho, as_minji, as_owner, file
):
    Attachment.objects.update(post=None)
    read(as_minji, file.url)
    for browser in (as_guest, as_junho, as_owner):
        read(browser, file.url, status=404)


def test_nobody_sees_an_unattached_file_whose_uploader_was_deleted(as_guest, as_minji, file):
    Attachment.objects.update(post=None, uploader=None)
    for browser in (as_guest, as_minji):
        read(browser, file.url, status=404)


def test_files_and_pictures_have_separate_addresses(as_guest, as_minji, file):
    read(as_guest, f"/files/{file.pk}/picture/", status=404)
    read(as_guest, f"/files/{file.pk}/thumb/", status=404)
    as_minji.post("/free/write/", post_form(files=[picture()]))
    other = Attachment.objects.get(kind="picture")
    read(as_guest, other.url)
    read(as_guest, f"/files/{other.pk}/", status=404)


@pytest.mark.parametrize("pk", ["999", "0", "-1", "9" * 18, "9" * 30, "x", "1%00", "..", "../x"])
def test_an_unknown_file_is_not_found(pk, as_guest, file):
    """Cases 24, 53 and 57."""
    for address in (f"/files/{pk}/", f"/files/{pk}/picture/", f"/files/{file.file.name}"):
        assert as_guest.get(address).status_code == 404


def test_a_file_missing_from_storage_is_not_found(as_guest, file):
    file.file.storage.delete(file.file.name)
    read(as_guest, file.url, status=404)
