"""Videos and audio play in the page of their post, for whoever may download them."""

import pytest

from boards.models import Attachment, Board, Post
from boards.repair import recount
from tests.boards.browsing import picture, post_form, read
from tests.boards.films import MP4, film, sound
from tests.page import Page

pytestmark = pytest.mark.any_database


@pytest.fixture
def media(as_minji, board) -> dict[str, Attachment]:
    as_minji.post("/free/write/", post_form(files=[film(), sound(), picture()]))
    return {each.kind: each for each in Attachment.objects.all()}


def test_they_play_above_the_text_and_can_be_saved(as_guest, media):
    page = Page(read(as_guest, "/free/1/"))
    video, audio = page.one("video"), page.one("audio")
    assert (video["src"], audio["src"]) == (media["video"].play_url, media["audio"].play_url)
    for player in (video, audio):
        assert "controls" in player.attributes
        assert player["preload"] == "metadata"
        assert player["aria-label"]
        assert "autoplay" not in player.attributes
    for kind in ("video", "audio"):
        assert page.one("a", href=media[kind].url).text == media[kind].name
    assert page.html.index("<video") < page.html.index('class="post-body"')


def test_they_count_as_files(media):
    post = Post.objects.get()
    assert (post.file_count, post.picture_count) == (2, 1)
    assert recount(mend=False) == []


@pytest.mark.parametrize(("kind", "type"), [("video", "video/mp4"), ("audio", "audio/wav")])
def test_they_are_sent_with_their_own_type_and_run_nothing(kind, type, as_guest, media):
    """Cases 46 and 60."""
    answer = as_guest.get(media[kind].play_url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == type
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"].startswith("private")


def test_a_film_that_is_a_page_as_well_is_a_film(as_minji, as_guest, board):
    """Case 60."""
    both = film("봄.html.mp4", MP4 + b"<html><script>alert(1)</script></html>")
    as_minji.post("/free/write/", post_form(files=[both]))
    file = Attachment.objects.get()
    answer = as_guest.get(file.play_url)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert file.file.name.endswith(".mp4")


def test_players_get_it_part_by_part(as_guest, media):
    address = media["video"].play_url
    first = as_guest.get(address, headers={"range": "bytes=0-1"})
    assert (first.status_code, b"".join(first)) == (206, MP4[:2])
    later = as_guest.get(address, headers={"range": "bytes=100-", "if-range": first["ETag"]})
    assert (later.status_code, b"".join(later)) == (206, MP4[100:])
    assert as_guest.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_playing_is_no_download(as_reader, as_junho, media):
    for browser in (as_reader, as_junho):
        read(browser, media["video"].play_url)
    assert Attachment.objects.filter(download_count=0).count() == 3
    read(as_junho, media["video"].url)
    assert Attachment.objects.get(kind="video").download_count == 1


# -- who may (case 24) -----------------------------------------------------------------------------
def test_whoever_may_not_download_it_does_not_play_it(as_junho, as_moderator, media):
    """Case 24."""
    Board.objects.update(download_level=5)
    page = read(as_junho, "/free/1/")
    assert "<video" not in page
    assert "<audio" not in page
    assert media["video"].name in page
    for kind in ("video", "audio"):
        read(as_junho, media[kind].play_url, status=403)
        read(as_moderator, media[kind].play_url)
    read(as_junho, media["picture"].url)  # which is part of the text


def test_a_secret_post_keeps_them(as_guest, as_junho, as_minji, as_moderator, media):
    """Cases 19 and 24."""
    Post.objects.update(is_secret=True)
    for kind in ("video", "audio"):
        for browser in (as_guest, as_junho):
            assert browser.get(media[kind].play_url).status_code == 404
            part = browser.get(media[kind].play_url, headers={"range": "bytes=0-1"})
            assert part.status_code == 404
        for browser in (as_minji, as_moderator):
            read(browser, media[kind].play_url)


def test_before_its_post_is_written_it_is_its_uploader_s(as_minji, as_junho, as_owner, media):
    Attachment.objects.update(post=None)
    read(as_minji, media["video"].play_url)
    for browser in (as_junho, as_owner):
        read(browser, media["video"].play_url, status=404)


def test_what_is_neither_does_not_play(as_minji, as_guest, media):
    read(as_guest, f"/files/{media['picture'].pk}/play/", status=404)
    read(as_guest, f"/files/{media['video'].pk}/picture/", status=404)
    read(as_guest, "/files/999/play/", status=404)
    assert as_guest.post(media["video"].play_url).status_code == 405
