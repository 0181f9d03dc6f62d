"""Sources are untrusted: they must harm neither readers nor other sources (cases 65-70).

The tests of the single parts (test_fetch, test_read_feed, …) show how these handle malicious input.
"""

import gzip
import json
import re

import pytest
from django.utils import timezone

from boards.models import Attachment, Post
from boardsite.text import richtext
from collector.actions import pictures, posting
from collector.models import RobotsFile, SeenEntry, Source
from collector.models.sources import FULL_DAY
from tests.boards.browsing import read
from tests.collector.conftest import (
    OTHER_STORY,
    STORY,
    article_page,
    collect,
    collect_all,
    item,
    list_page,
    subjects,
)
from tests.collector.sources_server import let_in, serving
from tests.crowd import picture_upload

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]

REFUSED = "가져올 수 없는 주소입니다. 인터넷에 공개된 http, https 주소만 쓸 수 있습니다."


# -- where it is -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1{port}/",
        "http://[::1]{port}/",
        "http://[::ffff:127.0.0.1]{port}/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433{port}/",
        "http://0x7f000001{port}/",
        "http://0177.0.0.1{port}/",
        "http://127.1{port}/",
        "http://localhost{port}/",
        "http://testserver/feed/",
        "http://paper.example@127.0.0.1{port}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1{port}/_x",
    ],
)
def test_case_65_nothing_inside_is_fetched_and_the_error_reveals_nothing(source, address):
    with serving() as server:
        for port in ("", f":{server.server_port}"):
            Source.objects.update(address=address.format(port=port))
            collect(source, expects=1)
            assert source.error == REFUSED
        assert server.connections == 0
    assert subjects() == []
    assert not RobotsFile.objects.exists()


@pytest.mark.parametrize("kind", ["page", "picture"])
def test_case_65_an_articles_links_lead_nowhere_inside(source, kind, monkeypatch):
    """The feed is at an allowed address; its articles and their pictures are not."""
    inside = "http://169.254.169.254/latest/meta-data/secret.png"
    text = f"&lt;img src='{inside}'&gt; 앞부분"
    feed = item(1, link=inside if kind == "page" else "https://paper.example/1", text=text)
    with serving() as server:
        let_in(monkeypatch, server)
        server.put("/feed", f"<rss><channel>{feed}</channel></rss>".encode())
        Source.objects.update(
            address=server.address(), reads_pages=kind == "page", shows="full", pictures="copy"
        )
        collect(source)
    assert subjects() == ["기사 1"]
    assert not Attachment.objects.exists()
    assert "<img" not in Post.objects.get().body.html


# -- how much it is --------------------------------------------------------------------------------
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "laughs": f'<!DOCTYPE rss [<!ENTITY a0 "ha">{LAUGHS}]><rss><channel>&a9;</channel></rss>'.encode(),
    "gzip": gzip.compress(bytes(30_000_000)),
    "title": f"<rss><channel>{item(1, title='가' * 3_400_000)}</channel></rss>".encode(),
    "endless": None,
    "redirects": None,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_case_66_a_bomb_is_refused_and_stops_no_other_source(source, other, bomb, monkeypatch):
    def endless(to):
        to.send_response(200)
        to.end_headers()
        while True:
            to.wfile.write(b"<item>" * 10_000)

    with serving() as server:
        let_in(monkeypatch, server)
        server.put("/good", f"<rss><channel>{item(1)}</channel></rss>".encode())
        if bomb == "endless":
            server.play("/feed", endless)
        elif bomb == "redirects":
            server.put("/feed", status=302, location=server.address("/feed?"))
            server.put("/feed?", status=302, location=server.address())
        else:
            coding = {"content_encoding": "gzip"} if bomb == "gzip" else {}
            server.put("/feed", BOMBS[bomb], **coding)
        Source.objects.filter(pk=source.pk).update(address=server.address())
        Source.objects.filter(pk=other.pk).update(address=server.address("/good"))
        monkeypatch.setattr("collector.fetching.fetcher.LEAST", 0)
        collect_all(source, other, expects=1)
    assert re.search("[가-힣]", source.error)
    assert (other.error, subjects()) == ("", ["기사 1"])


# -- what it says ----------------------------------------------------------------------------------
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"


def test_case_67_no_text_of_a_source_becomes_markup(
    source, other, paper, as_guest, as_owner, as_minji
):
    """Title, author, caption, credit, and the name and licence that the owner entered."""
    given = SCRIPT.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    more = (
        f"<author>{given}</author><media:content xmlns:media='http://search.yahoo.com/mrss/'"
        f" url='https://paper.example/p.png' medium='image'/><media:credit"
        f" xmlns:media='http://search.yahoo.com/mrss/'>{given}</media:credit>"
        f"<media:description xmlns:media='http://search.yahoo.com/mrss/'>{given}</media:description>"
    )
    Source.objects.filter(pk=source.pk).update(licence=SCRIPT)
    Source.objects.update(name=SCRIPT)
    paper(item(1, title=f"제목 {given}", text=STORY, more=more))
    collect(source)
    paper(item(2, text=STORY, link="https://hanbit.example/2"))
    collect(other)  # becomes another place of the same story
    post = Post.objects.get()
    assert post.links.count() == 2
    pages = [
        (as_guest, post.get_absolute_url()),
        (as_guest, post.board.get_absolute_url()),
        (as_guest, "/feed/"),
        (as_guest, f"/sources/{source.pk}/complain/?post={post.pk}"),
        (as_owner, f"/admin/collector/source/{source.pk}/change/"),
        (as_owner, "/admin/collector/source/"),
        (as_owner, "/admin/collector/seenentry/"),
    ]
    for visitor, address in pages:
        page = read(visitor, address)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "//[", "vbscript:x", "java\tscript:alert(1)"],
)
def test_case_67_the_link_of_an_article_is_http(source, paper, as_guest, link):
    Source.objects.update(reads_pages=True)
    paper(item(1, link=link))
    collect(source)
    post = Post.objects.get()
    assert (post.body.origin, post.links.count()) == ("", 0)
    page = read(as_guest, post.get_absolute_url())
    assert "javascript:" not in page
    assert "vbscript:" not in page


def test_case_67_the_canonical_address_of_a_page_is_of_its_site(source, paper):
    Source.objects.update(reads_pages=True)
    for number, canonical in enumerate(
        ["javascript:alert(1)", "https://hanbit.example/1", "http://["]
    ):
        address = f"https://paper.example/news/{number}"
        head = f'<link rel="canonical" href="{canonical}"><meta property="og:url" content="{canonical}">'
        paper.pages[address] = article_page(f"기사 {number}", f"{STORY} {number}", head=head)
    paper(*(item(number) for number in range(3)))
    collect(source)
    origins = {post.body.origin for post in Post.objects.all()}
    assert origins == {f"https://paper.example/news/{number}" for number in range(3)}


def test_case_67_an_svg_and_a_name_with_dots_are_no_pictures_of_ours(source, paper):
    Source.objects.update(shows="full", pictures="copy")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    png = picture_upload(size=(40, 30)).read()
    paper.pages = {
        "https://paper.example/x.svg": svg,
        "https://paper.example/%2E%2E%2F..%5C..%2Fetc%2Fpasswd.png": png,
    }
    paper(item(1, text="".join(f"&lt;img src='{each}'&gt;" for each in paper.pages)))
    collect(source)
    stored = Attachment.objects.get()
    assert not re.search(r"[/\\]", stored.name)
    assert ".." not in stored.file.name
    html = Post.objects.get().body.html
    assert html.count("<img") == 1
    assert 'href="https://paper.example/x.svg"' in html


# -- what it says of others ------------------------------------------------------------------------
def test_another_papers_address_cannot_be_taken_first(source, other, paper):
    paper(item(1, guid="x", title="광고", text="사세요", link="https://paper.example/news/1"))
    collect(other)
    paper(item(1))
    collect(source)
    assert subjects() == ["광고", "기사 1"]
    collect(source)
    collect(other)
    assert subjects() == ["광고", "기사 1"]
    mine = SeenEntry.objects.get(source=source)
    assert (mine.post.subject, mine.address) == ("기사 1", "https://paper.example/news/1")


def test_another_papers_address_cannot_be_taken_by_the_page(source, other, paper):
    Source.objects.filter(pk=source.pk).update(reads_pages=True)
    paper(item(1, guid="x", title="광고", link="https://paper.example/news/1"))
    collect(other)
    head = '<link rel="canonical" href="/news/1">'
    address = "https://paper.example/view?no=1"
    paper.pages[address] = article_page("기사 1", STORY, head=head)
    paper(item(1, link=address))
    collect(source)
    assert subjects() == ["광고", "기사 1"]


def test_an_address_of_a_listing_cannot_be_taken_first(other, listing, paper):
    paper(item(1, guid="x", title="광고", link="https://wave.example/news/1"))
    collect(other)
    paper.pages |= {
        listing.address: list_page(1),
        "https://wave.example/news/1": article_page("물결 소식 1", STORY),
    }
    collect(listing)
    assert subjects() == ["광고", "물결 소식 1"]


def test_a_feed_of_many_papers_is_still_one_post_with_their_own(source, other, paper):
    """It was quicker with the same content, or with the same story."""
    paper(item(1), item(2, title="다른 제목", text=STORY))
    collect(other)
    paper(item(1), item(2, text=STORY))
    collect(source)
    assert subjects() == ["다른 제목", "기사 1"] or subjects() == ["기사 1", "다른 제목"]


def test_on_a_third_site_the_first_source_counts(source, other, paper):
    link = "https://third.example/1"
    paper(item(1, link=link))
    collect(other)
    paper(item(1, link=link, text="다른 앞부분"))
    collect(source)
    assert subjects() == ["기사 1"]


@pytest.mark.parametrize("shows", ["title", "excerpt"])
def test_an_advertisement_over_a_copied_text_does_not_replace_the_story(
    source, other, paper, shows
):
    """Its fingerprint belongs to a text of which the post shows nothing."""
    Source.objects.filter(pk=other.pk).update(shows=shows)
    ad = "최고의 건강식품을 오늘만 반값에 드립니다. 지금 전화하시면 사은품까지 함께 보내 드립니다."
    whole = f"<content:encoded>&lt;p&gt;{STORY}&lt;/p&gt;</content:encoded>"
    paper(item(9, title="특가", text=ad, more=whole, link="https://hanbit.example/9"))
    collect(other)
    paper(item(1, title="버스 요금 오른다", text=STORY))
    collect(source)
    assert subjects() == ["특가", "버스 요금 오른다"]
    assert not SeenEntry.objects.filter(is_also=True).exists()


@pytest.mark.parametrize("shows", ["title", "excerpt", "full"])
def test_the_same_story_under_another_headline_is_still_one_post(source, other, paper, shows):
    Source.objects.filter(pk=other.pk).update(shows=shows)
    paper(item(9, title="시내버스 요금 이백 원 인상", text=STORY, link="https://hanbit.example/9"))
    collect(other)
    paper(item(1, title="버스 요금 오른다", text=STORY))
    collect(source)
    assert subjects() == ["시내버스 요금 이백 원 인상"]
    assert SeenEntry.objects.get(source=source).is_also


def test_withdrawing_a_copied_text_does_not_withdraw_the_others(source, other, paper):
    paper(item(9, title="버스 요금", text=STORY, link="https://hanbit.example/9"))
    collect(other)
    paper(item(1, title="버스 요금 오른다", text=STORY))
    collect(source)
    SeenEntry.objects.update(seen_at=timezone.now() - 2 * FULL_DAY)
    paper.pages["https://hanbit.example/9"] = 410
    paper(item(9, title="버스 요금", text=STORY, link="https://hanbit.example/9"))
    collect(other)
    assert not Post.objects.published().exists()
    paper(item(1, title="버스 요금 오른다", text=STORY))
    collect(source)
    collect(other)
    assert [post.subject for post in Post.objects.published()] == ["버스 요금 오른다"]


# -- how often it says it --------------------------------------------------------------------------
def test_an_article_that_always_changes_is_not_followed_for_ever(source, paper, monkeypatch):
    monkeypatch.setattr(posting, "MOST_CHANGES", 3)
    for change in range(6):
        paper(item(1, text=f"{change}번째 말"))
        collect(source)
    post = Post.objects.get()
    assert post.revisions.count() == 3
    assert "3번째" in post.body.html


# -- what goes wrong with one ----------------------------------------------------------------------
def test_an_error_of_ours_in_one_article_stops_no_other(source, paper, monkeypatch):
    write_post = posting.write_post

    def break_at_two(**fields):
        if fields["subject"] == "기사 2":
            raise ZeroDivisionError
        return write_post(**fields)

    monkeypatch.setattr(posting, "write_post", break_at_two)
    paper(item(3), item(2), item(1))
    collect(source)
    assert subjects() == ["기사 1", "기사 3"]
    assert source.error == "글 하나를 처리하다가 오류가 났습니다. 이유는 서버 기록에 있습니다."
    monkeypatch.undo()  # the error is gone
    # Undoing has removed the replacement of the paper too.
    monkeypatch.setattr(
        "collector.fetching.fetcher.Fetcher.fetch",
        lambda fetcher, address, **more: paper.fetch(address, **more),
    )
    collect(source)
    assert subjects() == ["기사 1", "기사 3", "기사 2"]
    assert source.error == ""


def test_an_error_of_ours_in_one_change_stops_no_other(source, paper, monkeypatch):
    paper(item(1), item(2))
    collect(source)

    def fail(html):
        if "고장" in html:
            raise ZeroDivisionError
        return html

    clean = richtext.clean
    monkeypatch.setattr(richtext, "clean", lambda html: clean(fail(html)))
    paper(item(1, text="고장"), item(2, text="고침"), item(3))
    collect(source)
    bodies = [post.body.html for post in Post.objects.order_by("number")]
    assert sum("고침" in html for html in bodies) == 1
    assert not any("고장" in html for html in bodies)
    assert len(bodies) == 3


def test_a_full_disk_costs_the_picture_not_the_article(source, paper, monkeypatch):
    def full(**fields):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pictures, "store_picture", full)
    Source.objects.update(shows="full", pictures="copy")
    address = "https://paper.example/photo.png"
    paper.pages[address] = picture_upload(size=(40, 30)).read()
    paper(item(1, text=f"&lt;img src='{address}'&gt; {OTHER_STORY}"))
    collect(source)
    html = Post.objects.get().body.html
    assert f'href="{address}"' in html
    assert "<img" not in html


# -- what no database takes ------------------------------------------------------------------------
NASTY = "가\0나\ud800다\ufffe\u202e라\x1b[2J"


def test_forbidden_characters_are_removed_and_the_rest_stays(source, paper, as_guest):
    given = {
        "id": NASTY,
        "url": "https://paper.example/1",
        "title": NASTY,
        "content_html": f"<p>{NASTY} &#0;&#xD800;&#x202e;</p>",
        "summary": NASTY,
        "authors": [{"name": NASTY}],
        "language": NASTY,
    }
    paper()
    paper.feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [given]})
    Source.objects.update(shows="full")
    collect(source)
    assert source.error == ""
    post = Post.objects.get()
    assert post.subject == "가나다라[2J"
    for text in (post.subject, post.body.source, post.body.html, SeenEntry.objects.get().title):
        assert not re.search("[\0\x1b\ud800\ufffe\u202e]", text)
    assert "가나다라" in read(as_guest, post.get_absolute_url())


def test_forbidden_characters_of_a_page_are_removed(listing, paper):
    address = "https://wave.example/news/1"
    title = NASTY.replace("\ud800", "&#xD800;") + "&#0;"
    paper.pages |= {
        listing.address: list_page(1).replace("물결 소식 1", title),
        address: article_page(title, STORY + title),
    }
    collect(listing)
    assert listing.error == ""
    post = Post.objects.get()
    for text in (post.subject, post.body.source, post.body.html):
        assert not re.search("[\0\x1b\ud800\ufffe\u202e]", text)


@pytest.mark.parametrize("title", ["", "&#8203;&#8203;", "&#12644;", "&lt;b&gt;&lt;/b&gt;", " "])
def test_no_post_has_an_invisible_title(source, paper, title):
    paper(item(1, title=title))
    collect(source)
    assert subjects() == ["기사 1의 앞부분입니다."]
