"""The pictures of an article are copied, linked or left out, as the source's owner allows (case
67)."""

import pytest

from boards.actions.posts import write_post
from boards.models import Attachment
from collector.actions.pictures import allowed_pictures, copy_pictures, lead_picture
from collector.fetching.fetch import Fetched, FetchFailed
from collector.models import Source
from collector.reading.entries import Entry, Picture
from tests.crowd import picture_upload

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]

PHOTO = "https://paper.example/photo/1.jpg"
HTML = f'<p>앞</p><p><img src="{PHOTO}" alt="항구"></p><p>뒤</p>'


def drawn(width: int, height: int) -> bytes:
    return picture_upload(size=(width, height)).read()


class Site:
    """Replaces the network: returns the content of addresses and records requests."""

    def __init__(self, **bodies):
        self.bodies, self.asked = bodies, []

    def fetch(self, address, *, etag="", last_modified="", limit=0):
        self.asked.append(address)
        body = self.bodies.get(address.rpartition("/")[2].partition(".")[0])
        if body is None:
            raise FetchFailed("없음")
        return Fetched(200, address, body, "image/png", "", "", None)


def article(html=HTML, picture=None) -> Entry:
    return Entry("1", "https://paper.example/1", "기사", html, "앞", "", None, picture)


def allows(source, pictures, shows=Source.Shows.FULL) -> Source:
    source.pictures, source.shows = pictures, shows
    return source


def test_a_copy_is_ours_and_belongs_to_the_post(source, robot, board):
    allows(source, Source.Pictures.COPY)
    copied = copy_pictures(source, article(), Site(**{"1": drawn(60, 40)}))
    post = write_post(
        author=robot, board=board, subject="기사", source=allowed_pictures(source, copied.html)
    )
    picture = Attachment.objects.get()
    assert (picture.post, picture.uploader) == (post, robot)
    assert f'src="{picture.url}"' in post.body.html
    assert 'alt="항구"' in post.body.html
    assert "paper.example" not in post.body.html


def test_a_picture_is_fetched_once(source):
    allows(source, Source.Pictures.COPY)
    site = Site(**{"1": drawn(60, 40)})
    copied = copy_pictures(source, article(HTML + HTML, Picture(PHOTO, "항구", "로이터")), site)
    assert site.asked == [PHOTO]
    assert Attachment.objects.count() == 1
    assert copied.picture.address == Attachment.objects.get().url


def test_an_article_that_changes_keeps_its_copies(source, robot, board):
    allows(source, Source.Pictures.COPY)
    first = copy_pictures(source, article(), Site(**{"1": drawn(60, 40)}))
    post = write_post(author=robot, board=board, subject="기사", source=first.html)
    silent = Site()
    again = copy_pictures(source, article(HTML + "<p>더</p>"), silent, post=post)
    assert again.html == first.html + "<p>더</p>"
    assert silent.asked == []


@pytest.mark.parametrize("body", [None, b"<html>no picture</html>", b""])
def test_a_picture_that_cannot_be_copied_is_linked(source, body):
    allows(source, Source.Pictures.COPY)
    copied = copy_pictures(source, article(), Site(**{"1": body} if body is not None else {}))
    html = allowed_pictures(source, copied.html)
    assert "<img" not in html
    assert f'<a href="{PHOTO}">[사진] 항구</a>' in html
    assert not Attachment.objects.exists()


def test_tracking_pixels_are_removed(source):
    allows(source, Source.Pictures.COPY)
    copied = copy_pictures(source, article(), Site(**{"1": drawn(4, 4)}))
    assert allowed_pictures(source, copied.html) == "<p>앞</p><p></p><p>뒤</p>"
    assert not Attachment.objects.exists()


def test_only_so_many_are_copied(source, monkeypatch):
    monkeypatch.setattr("collector.actions.pictures.MOST", 2)
    allows(source, Source.Pictures.COPY)
    html = "".join(f'<img src="https://paper.example/{n}.jpg" alt="{n}">' for n in range(4))
    site = Site(**{str(n): drawn(60, 40) for n in range(4)})
    copied = allowed_pictures(source, copy_pictures(source, article(html), site).html)
    assert copied.count("<img") == 2
    assert copied.count("<a href") == 2


def test_a_slow_site_delays_nobody(source, monkeypatch):
    monkeypatch.setattr("collector.actions.pictures.SECONDS", -1)
    allows(source, Source.Pictures.COPY)
    site = Site(**{"1": drawn(60, 40)})
    assert copy_pictures(source, article(), site).html == article().html
    assert site.asked == []


@pytest.mark.parametrize("pictures", [Source.Pictures.NONE, Source.Pictures.LINK])
def test_nothing_is_copied_without_permission(source, pictures):
    site = Site(**{"1": drawn(60, 40)})
    entry = article(picture=Picture(PHOTO))
    assert copy_pictures(allows(source, pictures), entry, site) == entry
    assert site.asked == []


def test_an_excerpt_fetches_the_lead_picture_only(source):
    allows(source, Source.Pictures.COPY, Source.Shows.EXCERPT)
    lead = Picture("https://paper.example/photo/2.jpg")
    site = Site(**{"1": drawn(60, 40), "2": drawn(60, 40)})
    copy_pictures(source, article(picture=lead), site)
    assert site.asked == [lead.address]


def test_a_title_alone_fetches_no_picture(source):
    allows(source, Source.Pictures.COPY, Source.Shows.TITLE)
    site = Site(**{"1": drawn(60, 40)})
    copy_pictures(source, article(picture=Picture(PHOTO)), site)
    assert site.asked == []


def test_pictures_become_links(source):
    html = allowed_pictures(allows(source, Source.Pictures.LINK), HTML)
    assert html == f'<p>앞</p><p><a href="{PHOTO}">[사진] 항구</a></p><p>뒤</p>'


def test_no_pictures_at_all(source):
    allows(source, Source.Pictures.NONE)
    assert allowed_pictures(source, HTML) == "<p>앞</p><p></p><p>뒤</p>"
    assert lead_picture(source, Picture(PHOTO, "항구", "로이터")) == ""


def test_the_lead_picture_has_caption_and_credit(source):
    allows(source, Source.Pictures.LINK)
    html = lead_picture(source, Picture(PHOTO, "부산 <항>", "/로이터=뉴스1"))
    assert html == f'<p><a href="{PHOTO}">[사진] 부산 &lt;항&gt;</a> /로이터=뉴스1</p>'
    allows(source, Source.Pictures.COPY)
    html = lead_picture(source, Picture("/files/3/picture/", "부산항", "/로이터=뉴스1"))
    assert html == (
        '<figure><img src="/files/3/picture/" alt="부산항">'
        "<figcaption>부산항 /로이터=뉴스1</figcaption></figure>"
    )
