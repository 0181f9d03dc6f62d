"""Pictures of the site itself: stored like pictures of posts, shown to everybody, deleted with their
files."""

import io

import pytest
from django import forms
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pages.actions.images import delete_image, delete_unused_image, read_image, store_image
from pages.forms.images import SiteImageField
from pages.models import SiteImage
from tests.boards.browsing import document, picture, read

pytestmark = pytest.mark.any_database


class LogoForm(forms.Form):
    logo = SiteImageField(required=False)


@pytest.fixture
def logo(db) -> SiteImage:
    return store_image(image=read_image(picture("로고.png")), alt="너울골 로고")


def sent(upload: SimpleUploadedFile, initial: SiteImage | None = None) -> LogoForm:
    return LogoForm({}, {"logo": upload}, initial={"logo": initial})


def test_everybody_sees_a_picture_of_the_site(as_guest, as_junho, logo):
    assert (logo.width, logo.height, logo.alt) == (60, 40, "너울골 로고")
    for browser in (as_guest, as_junho):
        answer = browser.get(logo.url)
        assert Image.open(io.BytesIO(b"".join(answer))).size == (60, 40)
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_its_name_is_made_by_the_site(logo):
    assert "로고" not in logo.url
    assert store_image(image=read_image(picture("로고.png"))).url != logo.url


@pytest.mark.parametrize("name", ["nothing.webp", "..%2F..%2Fdb.sqlite3", "%00", "a" * 400])
def test_other_names_are_not_found(as_guest, db, name):
    read(as_guest, f"/content/files/{name}", status=404)


def test_a_file_of_a_post_is_not_a_picture_of_the_site(as_guest, as_minji, board):
    as_minji.post("/free/upload-picture/", {"file": picture()})
    (folder,), _files = default_storage.listdir("")
    (month,), _files = default_storage.listdir(folder)
    _folders, names = default_storage.listdir(f"{folder}/{month}")
    for name in names:
        read(as_guest, f"/content/files/{name}", status=404)


def test_a_picture_is_deleted_with_its_file(as_guest, logo, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        delete_image(image=logo)
    assert not default_storage.exists(f"site/{logo.name}")
    read(as_guest, logo.url, status=404)


def test_a_picture_that_nothing_shows_is_deleted(logo, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        delete_unused_image(pk=logo.pk)
        delete_unused_image(pk=logo.pk)
    assert not SiteImage.objects.exists()


def test_the_form_reads_a_picture_without_its_metadata(db):
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "우리 집"
    Image.new("RGB", (30, 20), "teal").save(file, "JPEG", exif=exif)
    form = sent(SimpleUploadedFile("집.jpg", file.getvalue()))
    assert form.is_valid()
    image = store_image(image=form.cleaned_data["logo"])
    assert "우리 집".encode() not in default_storage.open(f"site/{image.name}").read()


def test_a_logo_loses_no_detail(as_guest, db):
    logo = Image.new("RGB", (90, 30), "white")
    logo.putdata([(200, 30, 31) if place % 3 else (20, 60, 250) for place in range(2700)])
    file = io.BytesIO()
    logo.save(file, "PNG")
    stored = store_image(image=read_image(SimpleUploadedFile("로고.png", file.getvalue())))
    sent = Image.open(io.BytesIO(b"".join(as_guest.get(stored.url))))
    assert sent.convert("RGB").tobytes() == logo.tobytes()


@pytest.mark.parametrize(
    "upload",
    [
        document("로고.png", b"<svg onload=alert(1)>"),
        document("로고.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        document("로고.png", picture().read()[:60]),
        document("로고.png", b""),
        document("로고.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 1_000_000),
    ],
)
def test_what_is_no_picture_is_refused(db, upload):
    form = sent(upload)
    assert not form.is_valid()
    assert len(form.errors["logo"]) == 1
    assert not SiteImage.objects.exists()


def test_a_picture_with_too_many_pixels_is_refused(db):
    file = io.BytesIO()
    Image.new("1", (5000, 4000)).save(file, "PNG")
    form = sent(SimpleUploadedFile("로고.png", file.getvalue()))
    assert "너무 큽니다" in str(form.errors["logo"])


def test_a_form_without_a_file_keeps_the_picture(logo):
    form = LogoForm({}, {}, initial={"logo": logo.pk})  # as a ModelForm names it
    assert form.is_valid()
    assert form.cleaned_data["logo"] == logo


def test_a_form_can_remove_the_picture(logo):
    form = LogoForm({"logo-clear": "on"}, {}, initial={"logo": logo.pk})
    assert form.is_valid()
    assert form.cleaned_data["logo"] is None


def test_the_field_shows_the_picture(logo):
    shown = str(LogoForm(initial={"logo": logo.pk})["logo"])
    assert f'src="{logo.url}" alt="너울골 로고" width="60" height="40"' in shown
    invalid = sent(document("로고.png"), logo)
    assert not invalid.is_valid()
    assert logo.url in str(invalid["logo"])
