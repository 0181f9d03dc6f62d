"""Limits of image decoding: images are counted first, charged by their pixels and decoded one at a
time.
"""

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import pictures
from boards import limits
from boards.media import uploads
from boards.models import Attachment, Board, Post
from boardsite.limits import decoding, rate_limit, uploading
from tests.boards.browsing import document, picture, post_form
from tests.boards.test_uploads import huge_png

WRITE, UPLOAD = "/free/write/", "/free/upload-picture/"


def large(side: int = 3_200, name: str = "검정.png") -> SimpleUploadedFile:
    """Return an image of ten megapixels in a few kilobytes."""
    return SimpleUploadedFile(name, huge_png(side), "image/png")


@pytest.fixture
def five_files(board):
    Board.objects.filter(pk=board.pk).update(upload_count=5)


@pytest.fixture
def decoded(monkeypatch) -> list:
    """Record which images would be decoded, without decoding them."""
    noted = []
    result = uploads.Picture(b"x", "webp", 1, 1, b"x", False)
    monkeypatch.setattr(
        uploads, "_write_again", lambda upload, *_more: noted.append(upload) or result
    )
    return noted


@pytest.fixture
def busy():
    """Another request decodes an image until the test ends."""
    with decoding.one_at_a_time(None):
        yield


def test_rejected_posts_do_not_store_pictures_without_limit(
    as_minji, board, five_files, decoded, monkeypatch
):
    """Attack case 99: 30 posts without a subject, each with five pictures."""
    monkeypatch.setattr(uploading, "FILES", 20)
    for _ in range(4):
        form = post_form(subject="") | {"files": [picture() for _ in range(5)]}
        assert as_minji.post(WRITE, form).status_code == 422
    refused = as_minji.post(WRITE, post_form(subject="") | {"files": [picture()]})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert "벚꽃이 활짝" in refused.content.decode()
    assert Attachment.objects.count() == len(decoded) == 20


def test_thirty_rejected_posts_stay_below_the_upload_limit(as_minji, board, five_files, decoded):
    """Attack case 99, with the real limits."""
    for _ in range(30):
        as_minji.post(WRITE, post_form(subject="") | {"files": [picture() for _ in range(5)]})
    assert len(decoded) == Attachment.objects.count() == uploading.FILES < 150


def test_invalid_files_count_towards_the_limit(as_minji, board, five_files, monkeypatch):
    """Attack case 99."""
    monkeypatch.setattr(uploading, "FILES", 10)
    broken = [SimpleUploadedFile("벚꽃.png", picture().read()[:80]) for _ in range(5)]
    for _ in range(2):
        for each in broken:
            each.seek(0)
        assert as_minji.post(WRITE, post_form() | {"files": broken}).status_code == 422
    assert as_minji.post(UPLOAD, {"file": picture()}).status_code == 429
    assert as_minji.post(WRITE, post_form() | {"files": [document()]}).status_code == 429
    assert as_minji.post(WRITE, post_form()).status_code == 302


def test_nothing_is_decoded_for_a_member_who_may_not_write_now(
    as_minji, minji, board, five_files, decoded, monkeypatch
):
    """Attack case 99."""
    for _ in range(limits.WRITINGS):
        rate_limit.hit(f"write:{minji.pk}", limits.WRITINGS, limits.WRITINGS_SECONDS)
    refused = as_minji.post(WRITE, post_form() | {"files": [picture()]})
    assert refused.status_code == 429
    assert "벚꽃이 활짝" in refused.content.decode()
    assert decoded == []
    assert Attachment.objects.count() == 0


def test_the_pixels_per_hour_are_limited(
    as_minji, as_junho, board, five_files, decoded, monkeypatch
):
    """Attack case 99."""
    monkeypatch.setattr(uploading, "WORK", 25_000_000)
    for _ in range(2):
        assert as_minji.post(UPLOAD, {"file": large()}).status_code == 201
    refused = as_minji.post(UPLOAD, {"file": large()})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert as_minji.post(WRITE, post_form() | {"files": [large()]}).status_code == 429
    assert as_minji.post(UPLOAD, {"file": picture()}).status_code == 201
    assert as_junho.post(UPLOAD, {"file": large()}).status_code == 201
    assert len(decoded) == 4


def test_a_photo_is_charged_a_quarter_of_its_pixels(as_minji, board, decoded, monkeypatch):
    monkeypatch.setattr(uploading, "WORK", 25_000_000)
    file = io.BytesIO()
    Image.new("L", (6_000, 4_000)).save(file, "JPEG")
    for _ in range(4):
        photo = SimpleUploadedFile("봄.jpg", file.getvalue(), "image/jpeg")
        assert as_minji.post(UPLOAD, {"file": photo}).status_code == 201


def test_the_profile_picture_is_charged_too(as_minji, minji, monkeypatch):
    """Attack case 99."""
    monkeypatch.setattr(uploading, "WORK", 15_000_000)
    form = {"nickname": minji.nickname}
    for status in (302, 429):
        sent = as_minji.post("/accounts/profile/", form | {"picture": large()})
        assert sent.status_code == status


@pytest.mark.parametrize(
    ("kind", "refused"), [("PNG", True), ("WEBP", True), ("GIF", True), ("JPEG", False)]
)
def test_formats_that_must_be_decoded_whole_have_a_lower_pixel_limit(kind, refused):
    """Attack case 99."""
    file = io.BytesIO()
    Image.new("L" if kind != "WEBP" else "RGB", (4_100, 4_000)).save(file, kind)
    file.seek(0)
    for measured, error in (
        (uploads.measure_picture, uploads.BadUpload),
        (pictures.measure, pictures.NotAPicture),
    ):
        if refused:
            with pytest.raises(error):
                measured(file)
        else:
            assert measured(file) == ((4_100, 4_000), kind)
        file.seek(0)


def test_while_one_image_is_decoded_others_wait_briefly_and_get_503(
    as_minji, board, five_files, busy, monkeypatch
):
    """Attack case 99."""
    monkeypatch.setattr("boards.actions.files.PATIENCE", 0.05)
    refused = as_minji.post(UPLOAD, {"file": picture()})
    assert refused.status_code == 503
    assert int(refused["Retry-After"]) >= 1
    assert "다른 사진" in refused.json()["message"]
    form = post_form() | {"files": [document(), picture()]}
    refused = as_minji.post(WRITE, form)
    assert refused.status_code == 503
    assert "Retry-After" in refused
    assert "벚꽃이 활짝" in refused.content.decode()
    assert [each.name for each in refused.context["form"].kept] == ["일정표.txt"]
    assert Post.objects.count() == 0
    assert as_minji.post(WRITE, post_form()).status_code == 302


def test_the_profile_picture_waits_too(as_minji, minji, busy, monkeypatch):
    """Attack case 99."""
    monkeypatch.setattr("accounts.forms.profile.PATIENCE", 0.05)
    form = {"nickname": minji.nickname, "introduction": "봄을 좋아합니다"}
    refused = as_minji.post("/accounts/profile/", form | {"picture": picture()})
    assert refused.status_code == 503
    assert "봄을 좋아합니다" in refused.content.decode()


def test_only_one_request_waits_so_that_a_thread_stays_free():
    """Attack case 99: one request decodes and one waits; the next is refused at once."""
    waits, may_end = threading.Event(), threading.Event()
    outcome = []

    def wait() -> None:
        waits.set()
        with decoding.one_at_a_time(30):
            outcome.append("decoded")
        may_end.set()

    with decoding.one_at_a_time(30):
        waiting = threading.Thread(target=wait)
        waiting.start()
        waits.wait(30)
        while not decoding._next.locked():
            threading.Event().wait(0.01)
        with pytest.raises(decoding.Busy), decoding.one_at_a_time(30):
            outcome.append("never")
    waiting.join(30)
    assert outcome == ["decoded"]
