"""Pictures in the editor of content pages: stored, and sent to those who may read the page."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from pages.actions.content import edit_content_page
from pages.models import ContentPicture
from pages.text.pictures import picture_ids, sized
from tests.boards.browsing import document, picture, read
from tests.page import Page
from tests.pages.content import ADD, LIST, UPLOAD, make_clerk, page_form, write_page

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]


def upload(client, file=None) -> ContentPicture:
    answer = client.post(UPLOAD, {"file": file or picture()})
    assert answer.status_code == 201, answer.text
    return ContentPicture.objects.get(pk=answer.json()["location"].split("/")[3])


def image_of(shown: ContentPicture) -> str:
    return f'<p><img src="{shown.url}" alt="벚꽃길"></p>'


def test_a_picture_is_shown_in_its_page(as_owner, as_guest):
    shown = upload(as_owner)
    assert as_guest.get(shown.url).status_code == 404
    as_owner.post(ADD, page_form(html=f"<p>인사</p>{image_of(shown)}"))
    img = Page(read(as_guest, "/content/company/").encode()).one("article").one("img")
    assert (img["src"], img["width"], img["height"], img["alt"]) == (
        shown.url,
        "60",
        "40",
        "벚꽃길",
    )
    answer = as_guest.get(shown.url)
    assert Image.open(io.BytesIO(b"".join(answer))).size == (60, 40)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in answer.headers["Cache-Control"]
    meta = Page(read(as_guest, "/content/company/").encode()).one("meta", property="og:image")
    assert meta["content"].endswith(shown.url)


def test_a_picture_is_as_closed_as_its_page(as_owner, as_guest, as_minji, owner):
    shown = upload(as_owner)
    page = write_page(owner, html=image_of(shown), visibility="members")
    assert as_guest.get(shown.url).status_code == 404
    assert as_minji.get(shown.url).status_code == 200
    edit_content_page(page=page, by=owner, is_published=False)
    assert as_minji.get(shown.url).status_code == 404
    assert as_owner.get(shown.url).status_code == 200


def test_a_picture_that_was_taken_out_is_for_editors(as_owner, as_guest, owner):
    shown = upload(as_owner)
    page = write_page(owner, html=image_of(shown))
    assert as_guest.get(shown.url).status_code == 200
    edit_content_page(page=page, by=owner, html="<p>사진을 뺐습니다.</p>")
    assert as_guest.get(shown.url).status_code == 404
    assert as_owner.get(shown.url).status_code == 200


def test_a_page_does_not_take_pictures_of_another(as_owner, as_guest, as_minji, owner):
    shown = upload(as_owner)
    write_page(owner, html=image_of(shown), visibility="members")
    other = write_page(owner, slug="other", html=image_of(shown))
    assert not other.pictures.exists()
    assert as_guest.get(shown.url).status_code == 404


def test_an_unsaved_picture_of_a_colleague_is_not_taken(as_owner, log_in, as_guest):
    clerk = make_clerk("add", "change")
    shown = upload(as_owner)
    write_page(clerk, html=image_of(shown))
    assert as_guest.get(shown.url).status_code == 404


def test_a_post_may_show_a_picture_but_opens_nothing(
    as_owner, as_minji, as_guest, board, minji, owner
):
    from boards.actions.posts import write_post

    shown = upload(as_owner)
    write_page(owner, html=image_of(shown), visibility="members")
    post = write_post(author=minji, board=board, subject="봄", source=image_of(shown))
    assert shown.url in post.body.html
    assert as_guest.get(shown.url).status_code == 404


def test_others_cannot_upload(as_guest, as_minji, as_moderator, log_in, db):
    for client in (as_guest, as_minji, as_moderator, log_in(make_clerk("view"))):
        assert client.post(UPLOAD, {"file": picture()}).status_code in (302, 403)
    assert not ContentPicture.objects.exists()


def test_what_is_no_picture_is_refused(as_owner, monkeypatch):
    for file in (document(), document("a.png", b"<svg onload=alert(1)>"), document("a.html")):
        answer = as_owner.post(UPLOAD, {"file": file})
        assert answer.status_code == 422
        assert answer.json()["message"]
    assert as_owner.post(UPLOAD).status_code == 422
    assert as_owner.get(UPLOAD).status_code == 405
    monkeypatch.setattr("boardsite.limits.uploading.FILES", 2)
    assert as_owner.post(UPLOAD, {"file": picture()}).status_code == 429
    assert not ContentPicture.objects.exists()


def test_files_go_with_their_page(as_owner, owner, django_capture_on_commit_callbacks):
    shown = upload(as_owner)
    page = write_page(owner, html=image_of(shown))
    assert default_storage.exists(str(shown.file))
    with django_capture_on_commit_callbacks(execute=True):
        as_owner.post(f"{LIST}{page.pk}/delete/", {"post": "yes"})
    assert not default_storage.exists(str(shown.file))


def test_forgotten_pictures_are_deleted_by_the_next_upload(
    as_owner, owner, django_capture_on_commit_callbacks
):
    forgotten, used = upload(as_owner), upload(as_owner)
    write_page(owner, html=image_of(used))
    ContentPicture.objects.update(created_at=timezone.now() - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        fresh = upload(as_owner)
    assert {each.pk for each in ContentPicture.objects.all()} == {used.pk, fresh.pk}
    assert not default_storage.exists(str(forgotten.file))


@pytest.mark.parametrize(
    "address", ["/content/pictures/999/", "/content/pictures/0/", "/content/pictures/x/"]
)
def test_other_addresses_are_not_found(as_guest, as_owner, address):
    read(as_guest, address, status=404)
    read(as_owner, address, status=404)


def test_pictures_in_a_text():
    html = (
        '<p><img src="/content/pictures/7/" alt=""><img alt="a" src="/content/pictures/3/?x" width="9">'
        '<img src="/content/pictures/7/"><img src="/files/5/picture/"></p>'
    )
    assert picture_ids(html) == [7, 3]
    assert sized(html, {7: (60, 40), 3: (1, 1)}).count(' width="60" height="40"') == 2
    assert sized(html, {}) == html
