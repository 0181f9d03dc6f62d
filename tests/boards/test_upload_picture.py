"""A picture pasted into the editor is stored at once, and visible to its uploader alone until a
post shows it.
"""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from boards.actions.posts import clean_again
from boards.models import Attachment, Board, Post
from boardsite.limits import rate_limit
from tests.boards.browsing import document, picture, post_form, read

UPLOAD = "/free/upload-picture/"


@pytest.fixture
def pasted(as_minji, board) -> Attachment:
    as_minji.post(UPLOAD, {"file": picture()})
    return Attachment.objects.get()


def test_a_picture_is_stored(as_minji, minji, board):
    sent = as_minji.post(UPLOAD, {"file": picture("벚꽃.png")})
    attachment = Attachment.objects.get()
    assert sent.status_code == 201
    assert sent.json() == {"location": attachment.url, "width": 60, "height": 40}
    assert (attachment.uploader, attachment.post, attachment.is_inline) == (minji, None, True)
    assert (attachment.name, attachment.kind) == ("벚꽃.png", "picture")


@pytest.mark.parametrize(("address", "size"), [("url", (60, 40)), ("thumb_url", (480, 360))])
def test_a_picture_is_stored_in_two_sizes(address, size, as_minji, pasted):
    answer = as_minji.get(getattr(pasted, address))
    image = Image.open(io.BytesIO(b"".join(answer)))
    assert (image.format, image.size) == ("WEBP", size)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, max-age=3600"


def test_only_its_uploader_sees_a_picture_before_a_post_shows_it(
    as_minji, as_junho, as_guest, as_moderator, pasted
):
    for address in (pasted.url, pasted.thumb_url):
        read(as_minji, address)
        for browser in (as_junho, as_guest, as_moderator):
            read(browser, address, status=404)
    as_minji.post("/free/write/", post_form(source=f'<p>사진</p><img src="{pasted.url}">'))
    for address in (pasted.url, pasted.thumb_url):
        read(as_guest, address)


def test_a_post_that_shows_a_picture_owns_it(as_minji, as_guest, pasted):
    as_minji.post("/free/write/", post_form(source=f'<p>사진</p><img src="{pasted.url}" alt="">'))
    post = Post.objects.get()
    pasted.refresh_from_db()
    assert (pasted.post, post.cover, post.picture_count, post.file_count) == (post, pasted, 1, 0)
    page = read(as_guest, "/free/1/")
    assert page.count(f'src="{pasted.url}"') == 1  # in the body, not above it as well


def test_a_post_that_does_not_show_a_picture_does_not_own_it(as_minji, pasted):
    as_minji.post("/free/write/", post_form(source=f"<p>{pasted.url}</p>"))
    pasted.refresh_from_db()
    assert (pasted.post, Post.objects.get().picture_count) == (None, 0)


def test_a_post_cannot_claim_a_picture_of_another_member(as_minji, as_junho, as_guest, pasted):
    """Case 29."""
    as_junho.post("/free/write/", post_form(source=f'<p>사진</p><img src="{pasted.url}">'))
    pasted.refresh_from_db()
    assert (pasted.post, Post.objects.get().cover) == (None, None)
    read(as_guest, pasted.url, status=404)
    read(as_junho, pasted.url, status=404)


def test_a_post_cannot_claim_a_picture_of_another_post(as_minji, as_guest, pasted):
    body = post_form(source=f'<p>사진</p><img src="{pasted.url}">')
    as_minji.post("/free/write/", body)
    as_minji.post("/free/write/", post_form(subject="둘째", source=body["source"]))
    first, second = Post.objects.order_by("number")
    assert (first.picture_count, second.picture_count) == (1, 0)


def test_a_picture_in_a_secret_post_is_secret(as_minji, as_junho, as_moderator, pasted):
    Board.objects.update(secret_posts=Board.Secret.ALWAYS)
    as_minji.post("/free/write/", post_form(source=f'<p>사진</p><img src="{pasted.url}">'))
    read(as_junho, pasted.thumb_url, status=404)
    read(as_moderator, pasted.thumb_url)
    assert pasted.thumb_url not in read(as_junho, "/free/")


# -- errors ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (lambda: document("글.png"), "사진으로 읽을 수 없습니다."),
        (lambda: SimpleUploadedFile("x.svg", b"<svg/>"), "svg 파일은 받지 않습니다."),
        (lambda: SimpleUploadedFile("x.png", picture().read()[:50]), "사진이 온전하지 않습니다."),
        (lambda: SimpleUploadedFile("x.png", b""), "빈 파일입니다."),
        (lambda: SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\n" * 200_000), "1MB까지"),
        (lambda: "글자", "파일이 오지 않았습니다."),
    ],
)
def test_a_file_that_is_not_a_picture_is_refused(upload, sentence, as_minji, board):
    Board.objects.update(upload_megabytes=1)
    sent = as_minji.post(UPLOAD, {"file": upload()})
    assert sent.status_code == 422
    assert sentence in sent.json()["message"]
    assert not Attachment.objects.exists()


# -- permissions -----------------------------------------------------------------------------------
@pytest.mark.parametrize("fields", [["upload_level"], ["write_level", "reply_level"]])
def test_the_levels_decide(fields, as_guest, as_minji, as_moderator, board):
    """Case 30."""
    Board.objects.update(**dict.fromkeys(fields, 5))
    for browser in (as_guest, as_minji):
        sent = browser.post(UPLOAD, {"file": picture()})
        assert (sent.status_code, sent.json()) == (403, {"message": "파일을 올릴 권한이 없습니다."})
    assert not Attachment.objects.exists()
    assert as_moderator.post(UPLOAD, {"file": picture()}).status_code == 201


def test_a_guest_may_not_upload(as_guest, board):
    Board.objects.update(upload_level=1, write_level=1)
    assert as_guest.post(UPLOAD, {"file": picture()}).status_code == 403


def test_the_rate_limit_applies_to_pictures(as_minji, minji, board, monkeypatch):
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_060)
    for _ in range(120):
        rate_limit.hit(f"upload:{minji.pk}", 120, 600)
    sent = as_minji.post(UPLOAD, {"file": picture()})
    assert sent.status_code == 429
    assert "9분 뒤에 다시" in sent.json()["message"]


def test_the_size_of_another_member_s_picture_is_not_revealed(as_minji, as_junho, pasted):
    """Attack case 121: neither its existence nor its size."""
    source = f'<p>남의 것</p><img src="{pasted.url}"><img src="/files/999999/picture/">'
    as_junho.post("/free/write/", post_form(source=source))
    theirs = Post.objects.get()
    assert "width=" not in theirs.body.html
    as_junho.post("/free/1/edit/", post_form(source=source + "<p>고침</p>"))
    theirs.body.refresh_from_db()
    assert "고침" in theirs.body.html
    assert "width=" not in theirs.body.html
    clean_again(post=theirs)
    theirs.body.refresh_from_db()
    assert "width=" not in theirs.body.html


def test_the_own_picture_reserves_its_size(as_minji, as_owner, pasted):
    as_minji.post("/free/write/", post_form(source=f'<p>사진</p><img src="{pasted.url}">'))
    post = Post.objects.get()
    assert 'width="60" height="40"' in post.body.html
    as_owner.post("/free/1/edit/", post_form(source=f'<p>고침</p><img src="{pasted.url}">'))
    post.body.refresh_from_db()
    assert "고침" in post.body.html
    assert 'width="60" height="40"' in post.body.html
