"""Videos and audio play on the page of their post for visitors who may download them."""

import pytest
from django.conf import settings

from boards.models import Attachment, Board, Post
from boards.repair import recount
from boardsite.text import richtext
from tests.boards.browsing import picture, post_form, read
from tests.boards.films import MP4, film, sound
from tests.page import Page
from tests.sources import ROOT

pytestmark = pytest.mark.any_database


@pytest.fixture
def media(as_minji, board) -> dict[str, Attachment]:
    as_minji.post("/free/write/", post_form(files=[film(), sound(), picture()]))
    return {each.kind: each for each in Attachment.objects.all()}


def test_players_stand_above_the_text_with_a_download_link(as_guest, media):
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


def test_media_count_as_files(media):
    post = Post.objects.get()
    assert (post.file_count, post.picture_count) == (2, 1)
    assert recount(repairs=False) == []


@pytest.mark.parametrize(("kind", "type"), [("video", "video/mp4"), ("audio", "audio/wav")])
def test_media_are_sent_with_their_own_type_and_cannot_run_scripts(kind, type, as_guest, media):
    """Cases 46 and 60."""
    answer = as_guest.get(media[kind].play_url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == type
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"].startswith("private")


def test_a_polyglot_of_video_and_html_is_sent_as_video(as_minji, as_guest, board):
    """Case 60."""
    both = film("봄.html.mp4", MP4 + b"<html><script>alert(1)</script></html>")
    as_minji.post("/free/write/", post_form(files=[both]))
    file = Attachment.objects.get()
    answer = as_guest.get(file.play_url)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert file.file.name.endswith(".mp4")


def test_players_get_ranges(as_guest, media):
    address = media["video"].play_url
    first = as_guest.get(address, headers={"range": "bytes=0-1"})
    assert (first.status_code, b"".join(first)) == (206, MP4[:2])
    later = as_guest.get(address, headers={"range": "bytes=100-", "if-range": first["ETag"]})
    assert (later.status_code, b"".join(later)) == (206, MP4[100:])
    assert as_guest.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_playing_is_not_counted_as_a_download(as_reader, as_junho, media):
    for browser in (as_reader, as_junho):
        read(browser, media["video"].play_url)
    assert Attachment.objects.filter(download_count=0).count() == 3
    read(as_junho, media["video"].url)
    assert Attachment.objects.get(kind="video").download_count == 1


# -- permissions (case 24) -------------------------------------------------------------------------
def test_a_visitor_who_may_not_download_media_may_not_play_them(as_junho, as_moderator, media):
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


def test_media_of_a_secret_post_are_secret(as_guest, as_junho, as_minji, as_moderator, media):
    """Cases 19 and 24."""
    Post.objects.update(is_secret=True)
    for kind in ("video", "audio"):
        for browser in (as_guest, as_junho):
            assert browser.get(media[kind].play_url).status_code == 404
            part = browser.get(media[kind].play_url, headers={"range": "bytes=0-1"})
            assert part.status_code == 404
        for browser in (as_minji, as_moderator):
            read(browser, media[kind].play_url)


def test_only_the_uploader_plays_media_before_the_post_is_written(
    as_minji, as_junho, as_owner, media
):
    Attachment.objects.update(post=None)
    read(as_minji, media["video"].play_url)
    for browser in (as_junho, as_owner):
        read(browser, media["video"].play_url, status=404)


def test_other_kinds_of_files_do_not_play(as_minji, as_guest, media):
    read(as_guest, f"/files/{media['picture'].pk}/play/", status=404)
    read(as_guest, f"/files/{media['video'].pk}/picture/", status=404)
    read(as_guest, "/files/999/play/", status=404)
    assert as_guest.post(media["video"].play_url).status_code == 405


def test_the_privacy_page_names_the_host_of_every_player():
    page = (ROOT / "docs/privacy.md").read_text("utf-8")
    assert [
        host for host in settings.PLAYER_HOSTS if host.removeprefix("https://") not in page
    ] == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (
            "https://w.soundcloud.com/player/?url=https%3A//a.test/1&auto_play=true&color=1",
            "https://w.soundcloud.com/player/?url=https%3A//a.test/1&amp;color=1",
        ),
        ("https://w.soundcloud.com/player/?auto_play=true", "https://w.soundcloud.com/player/"),
        (
            "https://www.youtube.com/embed/dQw4w9WgXcQ?start=3&autoplay=1",
            "https://www.youtube.com/embed/dQw4w9WgXcQ?start=3",
        ),
    ],
)
def test_no_player_starts_by_itself(written, kept):
    assert f' src="{kept}"' in richtext.clean(f'<iframe src="{written}"></iframe>')
