"""Uploading a file while writing: it belongs to its uploader until the form attaches it, or is
refused with a reason.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from boards.media.upload_types import UploadTypes
from boards.media.uploads import BadUpload
from boards.models import Attachment, Board, Post
from boardsite.limits import rate_limit
from tests.boards.browsing import document, picture, post_form, read
from tests.boards.films import MP4, film, sound
from tests.page import Page

UPLOAD = "/free/upload-file/"


@pytest.fixture
def uploaded(as_minji, board) -> Attachment:
    as_minji.post(UPLOAD, {"file": document("일정표.txt")})
    return Attachment.objects.get()


def test_a_file_is_stored(as_minji, minji, board):
    sent = as_minji.post(UPLOAD, {"file": document("일정표.txt", b"x" * 3000)})
    file = Attachment.objects.get()
    assert sent.status_code == 201
    answer = {"id": file.pk, "name": "일정표.txt", "size": "2.9\xa0KB", "thumb": ""}
    assert sent.json() == answer
    assert (file.uploader, file.post, file.kind) == (minji, None, "file")


def test_a_picture_is_stored_with_its_thumbnail(as_minji, board):
    sent = as_minji.post(UPLOAD, {"file": picture("벚꽃.png")})
    file = Attachment.objects.get()
    assert sent.json()["thumb"] == file.thumb_url
    assert (file.kind, file.is_inline) == ("picture", False)
    read(as_minji, file.thumb_url)


def test_the_form_attaches_an_uploaded_file(as_minji, as_guest, uploaded):
    as_minji.post("/free/write/", post_form(kept_files=[uploaded.pk]))
    uploaded.refresh_from_db()
    assert uploaded.post == Post.objects.get()
    assert uploaded.name in read(as_guest, "/free/1/")


def test_until_then_only_its_uploader_sees_it(as_minji, as_junho, as_guest, as_owner, uploaded):
    read(as_minji, uploaded.url)
    for browser in (as_junho, as_guest, as_owner):
        read(browser, uploaded.url, status=404)


# -- ids of others' files and used ids (cases 28 and 29) -------------------------------------------
def test_one_foreign_id_refuses_the_whole_form(as_minji, as_junho, uploaded):
    """Cases 28 and 29."""
    as_junho.post(UPLOAD, {"file": document("준호.txt")})
    own = Attachment.objects.latest("pk")
    answer = as_junho.post("/free/write/", post_form(kept_files=[own.pk, uploaded.pk]))
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    assert not Attachment.objects.exclude(post=None).exists()


def test_a_used_id_is_refused(as_minji, uploaded):
    """Case 29."""
    as_minji.post("/free/write/", post_form(kept_files=[uploaded.pk]))
    again = as_minji.post("/free/write/", post_form(kept_files=[uploaded.pk]))
    assert (again.status_code, Post.objects.count()) == (422, 1)


def test_more_files_than_the_board_accepts_are_refused_by_the_form(as_minji, board):
    for number in range(6):
        assert as_minji.post(UPLOAD, {"file": document(f"{number}.txt")}).status_code == 201
    ids = list(Attachment.objects.values_list("pk", flat=True))
    answer = as_minji.post("/free/write/", post_form(kept_files=ids))
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    assert "파일은 5개까지 붙일 수 있습니다." in answer.content.decode()


# -- permissions (case 30) -------------------------------------------------------------------------
@pytest.mark.parametrize("fields", [["upload_level"], ["write_level", "reply_level"]])
def test_the_levels_decide(fields, as_guest, as_minji, as_moderator, board):
    """Case 30."""
    Board.objects.update(**dict.fromkeys(fields, 5))
    for browser in (as_guest, as_minji):
        sent = browser.post(UPLOAD, {"file": document()})
        assert (sent.status_code, sent.json()) == (403, {"message": "파일을 올릴 권한이 없습니다."})
    assert not Attachment.objects.exists()
    assert as_moderator.post(UPLOAD, {"file": document()}).status_code == 201


def test_a_guest_may_not_upload_at_any_level(as_guest, board):
    """Case 30."""
    Board.objects.update(upload_level=1, write_level=1)
    assert as_guest.post(UPLOAD, {"file": document()}).status_code == 403


def test_a_board_without_attachments_accepts_none(as_minji, board):
    Board.objects.update(upload_count=0)
    sent = as_minji.post(UPLOAD, {"file": document()})
    assert (sent.status_code, Attachment.objects.count()) == (422, 0)
    assert "첨부파일을 받지 않습니다." in sent.json()["message"]


def test_an_unknown_board_is_not_found(as_minji, board):
    assert as_minji.post("/nowhere/upload-file/", {"file": document()}).status_code == 404
    assert as_minji.get(UPLOAD).status_code == 405


def test_the_rate_limit_applies_to_uploads(as_minji, minji, board, monkeypatch):
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_060)
    for _ in range(120):
        rate_limit.hit(f"upload:{minji.pk}", 120, 600)
    sent = as_minji.post(UPLOAD, {"file": document()})
    assert (sent.status_code, Attachment.objects.count()) == (429, 0)
    assert "9분 뒤에 다시" in sent.json()["message"]


def test_a_day_s_amount_is_limited(as_minji, board, settings):
    """Case 61."""
    settings.UPLOAD_DAY_LIMIT = 1_000
    assert as_minji.post(UPLOAD, {"file": document("a.txt", b"x" * 900)}).status_code == 201
    sent = as_minji.post(UPLOAD, {"file": document("b.txt", b"x" * 900)})
    assert (sent.status_code, Attachment.objects.count()) == (422, 1)
    assert "하루에 올릴 수 있는 양" in sent.json()["message"]


# -- errors ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (lambda: document("a.php"), "php 파일은 받지 않습니다."),
        (lambda: document("a.svg"), "svg 파일은 받지 않습니다."),
        (lambda: document("a.txt", b""), "빈 파일입니다."),
        (lambda: document("a.txt", b"x" * 1_048_577), "1MB까지"),
        (lambda: SimpleUploadedFile("x.png", picture().read()[:50]), "사진이 온전하지 않습니다."),
        (lambda: "글자", "파일이 오지 않았습니다."),
    ],
)
def test_a_forbidden_file_is_refused(upload, sentence, as_minji, board):
    """Cases 46, 56 and 61."""
    Board.objects.update(upload_megabytes=1)
    sent = as_minji.post(UPLOAD, {"file": upload()})
    assert (sent.status_code, Attachment.objects.count()) == (422, 0)
    assert sentence in sent.json()["message"]


# -- file types of a board -------------------------------------------------------------------------
DOORS = ["upload-file", "upload-picture", "write"]


def give(client, door, upload) -> int:
    """Upload through `door`; return how many more files the site stores than before."""
    before = Attachment.objects.count()
    if door == "write":
        client.post("/free/write/", post_form(files=[upload]))
    else:
        client.post(f"/free/{door}/", {"file": upload})
    return Attachment.objects.count() - before


@pytest.mark.parametrize("door", DOORS)
def test_a_board_accepts_only_its_listed_types(door, as_minji, board):
    Board.objects.update(upload_types="PNG, .pdf")
    assert give(as_minji, door, picture("벚꽃.png")) == 1
    for upload in (
        picture("벚꽃.gif"),  # by its name
        SimpleUploadedFile("벚꽃.png", b"GIF89a" + bytes(20)),  # by its content
        document("글.png"),
        document("글.txt"),
        document("글.pdf"),  # not a PDF
        film("봄.png"),
    ):
        assert give(as_minji, door, upload) == 0, upload.name


def test_the_error_names_the_accepted_types(as_minji, board):
    Board.objects.update(upload_types="jpg, png")
    sent = as_minji.post(UPLOAD, {"file": document("글.txt")})
    assert sent.json()["message"] == (
        "이 게시판은 jpg, png 파일만 받습니다. 다른 파일을 골라 주세요."
    )


def test_the_form_names_the_accepted_types(as_minji, board):
    assert (
        "accept" not in Page(read(as_minji, "/free/write/")).one("input", name="files").attributes
    )
    Board.objects.update(upload_types="jpg, pdf")
    page = Page(read(as_minji, "/free/write/"))
    assert page.one("input", name="files")["accept"] == ".jpg,.jpeg,.jpe,.jfif,.pdf"
    assert "받는 파일: jpg, pdf" in page.text


@pytest.mark.parametrize(
    ("types", "accept"),
    [
        ("", ".jpg,.jpeg,.jpe,.jfif,.png,.gif,.webp"),
        ("pdf, PNG, heic, mp4", ".png,.heic,.heif"),
    ],
)
def test_the_editor_accepts_the_board_s_picture_types(types, accept, as_minji, board):
    Board.objects.update(upload_types=types)
    editor = Page(read(as_minji, "/free/write/")).one("textarea", name="source")
    assert editor["data-pictures"] == accept
    assert editor["data-upload-url"] == "/free/upload-picture/"


def test_the_editor_accepts_no_pictures_on_a_board_without_them(as_minji, board):
    Board.objects.update(upload_types="pdf")
    editor = Page(read(as_minji, "/free/write/")).one("textarea", name="source")
    assert "data-upload-url" not in editor.attributes


@pytest.mark.parametrize(
    ("types", "name", "content", "is_taken"),
    [
        ("", "a.xyz", b"x", True),
        ("txt", "a.txt", b"x", True),
        ("txt", "a.TXT", b"x", True),
        ("txt", "a.csv", b"x", False),
        ("txt", "a", b"x", False),
        ("txt", "a.txt", b"GIF89a", False),
        ("txt", "a.txt.png", b"GIF89a", False),
        ("gif", "a.gif", b"GIF89a", True),
        ("gif", "blob", b"GIF89a", True),  # a pasted file has no extension
        ("gif", "a.gif", b"x", False),
        ("jpg", "a.jpeg", b"\xff\xd8\xff", True),
        ("jpeg", "a.jpg", b"\xff\xd8\xff", True),
        (
            "jpg png",
            "a.png",
            b"\xff\xd8\xff",
            True,
        ),  # both are accepted because messengers rename files
        ("png", "a.png", b"\xff\xd8\xff", False),
        ("pdf;hwp", "a.pdf", b"%PDF-1.7", True),
        ("pdf;hwp", "a.pdf", b"PK\x03\x04", False),
        ("hwp", "a.hwp", b"\xd0\xcf\x11\xe0", True),
        ("hwpx", "a.hwpx", b"PK\x03\x04", True),
        ("mp4", "a.mov", MP4, True),
        ("mp4", "a.txt", MP4, False),
        ("m4a", "a.m4a", MP4, True),
        ("php", "a.php", b"x", True),  # check_file refuses dangerous types earlier
    ],
)
def test_name_and_content_must_both_be_accepted(types, name, content, is_taken):
    upload = SimpleUploadedFile(name, content)
    if is_taken:
        UploadTypes(types).check(upload)
    else:
        with pytest.raises(BadUpload, match="주세요"):
            UploadTypes(types).check(upload)


def test_listing_a_dangerous_type_does_not_allow_it(as_minji, board):
    """Case 56."""
    Board.objects.update(upload_types="php, svg, html")
    for name in ("a.php", "a.svg", "a.html"):
        assert give(as_minji, "upload-file", document(name)) == 0


# -- video and audio -------------------------------------------------------------------------------
def test_video_and_audio_are_recognised_by_their_content(as_minji, board):
    for upload in (film("봄.dat"), sound("새.bin"), document("거짓.mp4")):
        as_minji.post(UPLOAD, {"file": upload})
    kinds = dict(Attachment.objects.values_list("name", "kind"))
    assert kinds == {"봄.dat": "video", "새.bin": "audio", "거짓.mp4": "file"}
