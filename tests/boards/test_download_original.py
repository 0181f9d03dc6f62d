"""Original pictures are stored without their camera metadata, on boards that keep originals."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from boards.actions.files import delete_file, store_file, store_picture
from boards.actions.posts import hide_post, write_post
from boards.media.originals import without_metadata
from boards.models import Attachment, Board, Post
from tests.boards.browsing import read
from tests.boards.moderating import copy_post
from tests.page import Page

SECRET = b"37.5665 SEOUL"


def camera(format: str = "JPEG", orientation: int = 1, size=(2400, 1800), **more) -> bytes:
    """Return a picture with location, camera, XMP and a comment, larger than pages show it."""
    image = Image.new("RGB", size, "pink")
    image.paste((0, 90, 200), (0, 0, size[0] // 2, size[1] // 3))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 41.0)})
    file = io.BytesIO()
    image.save(file, format, exif=exif, **more)
    return file.getvalue()


def pixels(content: bytes) -> bytes:
    return Image.open(io.BytesIO(content)).convert("RGB").tobytes()


# -- metadata --------------------------------------------------------------------------------------
@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("more", [{}, {"progressive": True}, {"xmp": SECRET, "comment": SECRET}])
def test_a_jpeg_keeps_every_pixel_and_loses_its_metadata(orientation, more):
    content = camera(orientation=orientation, icc_profile=None, **more)
    slim = without_metadata(content + SECRET)
    assert SECRET not in slim
    assert pixels(slim) == pixels(content)
    assert dict(Image.open(io.BytesIO(slim)).getexif()) == ({0x0112: 6} if orientation == 6 else {})


def test_a_png_and_a_webp_keep_every_pixel_and_lose_their_metadata():
    text = PngImagePlugin.PngInfo()
    text.add_text("Location", SECRET.decode())
    for content in (
        camera("PNG", pnginfo=text, size=(60, 40)),
        camera("WEBP", xmp=SECRET, lossless=True, size=(60, 40)),
    ):
        assert SECRET in content
        slim = without_metadata(content + SECRET)
        assert SECRET not in slim
        assert pixels(slim) == pixels(content)


def test_unknown_segments_are_removed():
    content = camera()
    segment = b"\xff\xed" + (len(SECRET) + 2).to_bytes(2) + SECRET  # APP13: IPTC
    assert SECRET not in without_metadata(content[:2] + segment + content[2:])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        camera()[:5000],
        camera("PNG", size=(60, 40))[:-20],
        camera("WEBP", size=(60, 40))[:-20],
        camera("PNG", orientation=6, size=(60, 40)),
        b"\xff\xd8" + b"\xff" * 100_000,
        b"\xff\xd8\xff\xe0\x00\x00",
        camera("TIFF", size=(60, 40)),
    ],
    ids=range(9),
)
def test_a_picture_that_cannot_be_cleaned_safely_is_refused(content):
    assert without_metadata(content) is None


# -- on a board ------------------------------------------------------------------------------------
def keep_originals(board, is_on: bool = True) -> None:
    Board.objects.filter(pk=board.pk).update(keeps_originals=is_on)
    board.refresh_from_db()


def upload(content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("벚꽃.jpg", content or camera(), "image/jpeg")


@pytest.fixture
def post(board, minji):
    keep_originals(board)
    kept = {"uploader": minji, "keeps_original": True}
    below = store_file(upload=upload(), limit=9_999_999, **kept)
    inside = store_picture(upload=upload(), is_inline=True, **kept)
    source = f'<p><img src="{inside.url}" alt=""></p>'
    return write_post(author=minji, board=board, subject="봄", source=source, files=[below])


def test_form_and_editor_keep_originals_where_the_board_wants_them(as_minji, board):
    for is_on in (False, True):
        keep_originals(board, is_on)
        for address in ("/free/upload-file/", "/free/upload-picture/"):
            assert as_minji.post(address, {"file": upload()}).status_code == 201
        fields = {"subject": "봄", "source": "<p>봄</p>", "format": "html", "files": [upload()]}
        assert as_minji.post("/free/write/", fields).status_code == 302
    kept = [bool(file.original) for file in Attachment.objects.order_by("pk")]
    assert kept == [False] * 3 + [True] * 3


def test_readers_download_originals(as_guest, post):
    page = Page(read(as_guest, "/free/1/"))
    (section,) = (each for each in page.all("section") if each.text.startswith("원본 사진"))
    links = [link["href"] for link in section.all("a")]
    assert links == [f"/files/{file.pk}/original/" for file in post.attachments.all()]
    answer = as_guest.get(links[0])
    content = b"".join(answer)
    assert Image.open(io.BytesIO(content)).size == (2400, 1800)
    assert SECRET not in content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_visitor_who_may_not_read_or_download_gets_no_original(
    as_guest, as_junho, as_minji, board, owner, post
):
    address = post.attachments.first().original_url
    Board.objects.update(download_level=5)
    assert as_guest.get(address).status_code == 403
    assert "원본 사진" not in Page(read(as_guest, "/free/1/")).text
    Board.objects.update(download_level=1)
    Post.objects.update(is_secret=True)
    for browser in (as_guest, as_junho):
        assert browser.get(address).status_code == 404
    assert as_minji.get(address).status_code == 200
    Post.objects.update(is_secret=False)
    hide_post(post=post, by=owner)
    assert as_guest.get(address).status_code == 410


def test_a_board_that_stopped_offering_originals_sends_none(as_guest, board, post):
    address = post.attachments.first().original_url
    assert as_guest.get(address).status_code == 200
    keep_originals(board, is_on=False)
    assert as_guest.get(address).status_code == 404
    assert "원본 사진" not in Page(read(as_guest, "/free/1/")).text


def test_no_original_of_other_pictures_nor_before_the_post_is_written(
    as_minji, as_guest, board, minji
):
    plain = store_picture(uploader=minji, upload=upload(), is_inline=False)
    kept = store_picture(uploader=minji, upload=upload(), is_inline=False, keeps_original=True)
    keep_originals(board)
    write_post(author=minji, board=board, subject="봄", source="<p>봄</p>", files=[plain])
    assert as_guest.get(plain.original_url).status_code == 404
    assert as_guest.get(kept.original_url).status_code == 404


def test_an_original_is_deleted_with_its_picture(post, django_capture_on_commit_callbacks):
    file = post.attachments.first()
    stored = file.original
    assert stored.storage.exists(stored.name)
    with django_capture_on_commit_callbacks(execute=True):
        delete_file(file)
    assert not stored.storage.exists(stored.name)
    Post.objects.update(picture_count=1)


def test_an_original_counts_towards_the_daily_amount(as_minji, board, minji, post, settings):
    files = Attachment.objects.all()
    settings.UPLOAD_DAY_LIMIT = sum(file.size + file.original_size for file in files) + 10
    assert as_minji.post("/free/upload-file/", {"file": upload()}).status_code == 422


def test_copies_have_originals_of_their_own(board, other_board, owner, post):
    copy = copy_post(post=post, board=other_board, by=owner)
    for old, new in zip(post.attachments.all(), copy.attachments.all(), strict=True):
        assert new.original_size == old.original_size == new.original.size
        assert new.original.name != old.original.name
