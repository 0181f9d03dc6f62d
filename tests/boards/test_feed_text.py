"""The board decides how much text of a post RSS, Atom and JSON feeds contain."""

import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import pytest

from boards.actions.posts import hide_post, write_post
from boards.models import Board
from boardsite.caching.page_cache import pages
from boardsite.text.addresses import with_absolute_addresses
from tests.page import Page

pytestmark = pytest.mark.any_database

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
FORMATS = ["feed/", "feed/atom/", "feed.json"]
PLACES = ["/", "/free/", "/groups/community/", "/tags/봄/"]
TYPES = ["application/rss+xml", "application/atom+xml", "application/feed+json"]
EVERY_FEED = [place + feed for place in PLACES for feed in FORMATS]
BODY = "<p>벚꽃이 <b>활짝</b></p><p>피었습니다.</p>"
ORIGIN = "https://paper.example/news/1?a=1&b=2"


@dataclass
class Entry:
    """An item of a feed in any format; fields are "" when the feed omits them."""

    title: str
    address: str
    short: str
    html: str
    origin: str


def entries(client, address: str) -> list[Entry]:
    response = client.get(address)
    assert response.status_code == 200
    if address.endswith(".json"):
        return [of_json(item) for item in json.loads(response.content)["items"]]
    root = ET.fromstring(response.content)
    if "atom" in address:
        return [of_atom(entry) for entry in root.iter(f"{ATOM}entry")]
    return [of_rss(item) for item in root.iter("item")]


def of_json(item: dict) -> Entry:
    assert ("content_html" in item) is not ("content_text" in item)
    short = item.get("summary", item.get("content_text"))
    return Entry(
        item["title"],
        item["url"],
        short,
        item.get("content_html", ""),
        item.get("external_url", ""),
    )


def of_rss(item: ET.Element) -> Entry:
    return Entry(
        item.findtext("title"),
        item.findtext("link"),
        item.findtext("description") or "",
        item.findtext(f"{CONTENT}encoded") or "",
        via(item),
    )


def of_atom(entry: ET.Element) -> Entry:
    return Entry(
        entry.findtext(f"{ATOM}title"),
        entry.find(f"{ATOM}link[@rel='alternate']").get("href"),
        entry.findtext(f"{ATOM}summary") or "",
        entry.findtext(f"{ATOM}content") or "",
        via(entry),
    )


def via(item: ET.Element) -> str:
    link = item.find(f"{ATOM}link[@rel='via']")
    return "" if link is None else link.get("href")


def set_feed_text(board: Board, amount: str) -> None:
    Board.objects.filter(pk=board.pk).update(feed_text=amount)


@pytest.fixture
def spring(board, minji):
    return write_post(author=minji, board=board, subject="봄나들이", source=BODY, tags=["봄"])


@pytest.mark.parametrize(
    ("amount", "short", "html"),
    [
        ("full", "벚꽃이 활짝 피었습니다.", BODY),
        ("excerpt", "벚꽃이 활짝 피었습니다.", ""),
        ("title", "", ""),
    ],
)
def test_a_feed_contains_as_much_as_the_board_allows(as_guest, board, spring, amount, short, html):
    set_feed_text(board, amount)
    for feed in EVERY_FEED:
        (item,) = entries(as_guest, feed)
        assert item.title == "봄나들이"
        assert item.address.endswith("/free/1/")
        assert (item.short, item.html) == (short, html), feed


@pytest.mark.parametrize("feed", FORMATS)
def test_posts_of_a_board_without_feeds_are_in_no_other_feed_either(
    as_guest, as_owner, board, spring, feed
):
    set_feed_text(board, "off")
    for client in (as_guest, as_owner):
        refused = client.get(f"/free/{feed}")
        assert refused.status_code == 404
        assert "이 게시판은 피드를 내지 않습니다." in refused.text
        for place in ("/", "/groups/community/", "/tags/봄/"):
            assert entries(client, place + feed) == []


@pytest.mark.parametrize("feed", FORMATS)
def test_the_full_text_contains_nothing_that_guests_may_not_read(
    as_guest, as_minji, as_owner, board, minji, moderator, feed
):  # cases 19, 23
    set_feed_text(board, "full")
    write_post(author=minji, board=board, subject="속마음", source="<p>비밀</p>", is_secret=True)
    hide_post(
        post=write_post(author=minji, board=board, subject="숨김", source="<p>비밀</p>"),
        by=moderator,
    )
    for client in (as_guest, as_minji, as_owner):
        assert entries(client, f"/{feed}") == entries(client, f"/free/{feed}") == []


@pytest.mark.parametrize("feed", FORMATS)
def test_the_text_of_a_post_that_costs_points_is_omitted(
    as_guest, as_owner, board, spring, points_on, feed
):
    Board.objects.update(feed_text="full", read_points=-10)
    for client in (as_guest, as_owner):
        (item,) = entries(client, f"/free/{feed}")
        assert (item.title, item.short, item.html) == ("봄나들이", "", "")


@pytest.mark.parametrize("feed", FORMATS)
def test_typed_markup_stays_text(as_guest, board, minji, feed):  # case 43
    set_feed_text(board, "full")
    words = "<script>alert(1)</script> & ]]>"
    write_post(author=minji, board=board, subject="글", source=words, format="text")
    (item,) = entries(as_guest, f"/{feed}")
    is_text = feed == "feed.json"
    assert item.short == (
        words if is_text else "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt;"
    )
    assert "<script" not in item.html
    assert "&lt;script&gt;" in item.html


@pytest.mark.parametrize("feed", FORMATS)
def test_relative_links_and_pictures_become_absolute(as_guest, board, minji, settings, feed):
    settings.SITE_URL = "https://village.example"
    set_feed_text(board, "full")
    write_post(
        author=minji,
        board=board,
        subject="글",
        source='<p><a href="/free/1/?a=1&amp;b=2">위</a><img src="/files/7/picture/" alt="꽃">'
        '<a href="https://else.example/?x=1&amp;y=2">밖</a></p>',
    )
    (item,) = entries(as_guest, f"/free/{feed}")
    assert 'href="https://village.example/free/1/?a=1&amp;b=2"' in item.html
    assert 'src="https://village.example/files/7/picture/"' in item.html
    assert 'href="https://else.example/?x=1&amp;y=2"' in item.html
    assert item.address == "https://village.example/free/1/"


@pytest.mark.parametrize(
    ("html", "absolute"),
    [
        ('<a href="#top">위</a>', '<a href="https://v.example/free/3/#top">위</a>'),
        ('<a href="../4/">4</a>', '<a href="https://v.example/free/4/">4</a>'),
        ('<a href="//w.example/">w</a>', '<a href="https://w.example/">w</a>'),
        ('<a href="mailto:a@b.example">m</a>', '<a href="mailto:a@b.example">m</a>'),
        ('<a href="http://[">?</a>', '<a href="http://[">?</a>'),
        ('<code>&lt;a href="/x"&gt;</code>', '<code>&lt;a href="/x"&gt;</code>'),
        ('<img alt="src=" src="/f">', '<img alt="src=" src="https://v.example/f">'),
    ],
)
def test_addresses_become_absolute_only_in_tags(html, absolute):
    assert with_absolute_addresses(html, "https://v.example/free/3/") == absolute


@pytest.mark.parametrize("feed", FORMATS)
def test_an_imported_text_names_its_original_page(as_guest, board, minji, spring, feed):
    write_post(author=minji, board=board, subject="기사", source="글", origin=ORIGIN)
    collected, own = entries(as_guest, f"/{feed}")
    assert (collected.origin, own.origin) == (ORIGIN, "")
    assert collected.address.endswith("/free/2/")


@pytest.mark.parametrize("place", PLACES)
def test_the_json_feed_contains_the_fields_that_readers_need(
    as_guest, board, spring, settings, place
):
    settings.SITE_URL = "https://village.example"
    response = as_guest.get(f"{place}feed.json")
    assert response["Content-Type"].startswith("application/feed+json")
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["language"] == "ko"
    assert feed["home_page_url"].startswith("https://village.example/")
    (item,) = feed["items"]
    assert item["id"] == f"tag:village.example,2025:post:{spring.pk}"
    assert item["authors"] == [{"name": "민지"}]
    assert item["tags"] == ["자유게시판"]
    assert item["date_published"].startswith(f"{spring.created_at:%Y-%m-%d}T")


def selves(client, address: str) -> list[str]:
    response = client.get(address)
    if address.endswith(".json"):
        return [json.loads(response.content)["feed_url"]]
    root = ET.fromstring(response.content)
    return [link.get("href") for link in root.iter(f"{ATOM}link") if link.get("rel") == "self"]


def test_a_feed_names_its_own_address(as_guest, spring, settings):
    settings.SITE_URL = "https://village.example"
    for feed in EVERY_FEED:
        asked = feed.replace("봄", "%EB%B4%84")
        assert selves(as_guest, feed) == [f"https://village.example{asked}"]


def hubs(client, address: str) -> list[str]:
    response = client.get(address)
    if address.endswith(".json"):
        return [hub["url"] for hub in json.loads(response.content).get("hubs", [])]
    root = ET.fromstring(response.content)
    return [link.get("href") for link in root.iter(f"{ATOM}link") if link.get("rel") == "hub"]


def test_the_hub_is_named_in_the_feeds_that_it_is_notified_of(as_guest, spring, settings):
    hub = "https://hub.example/?a=1&b=2"
    for feed in EVERY_FEED:
        settings.WEBSUB_HUB = ""
        assert hubs(as_guest, feed) == []
        assert "Link" not in as_guest.get(feed)
        settings.WEBSUB_HUB = hub
        pages.clear()  # a setting changes only with a new process
        links = as_guest.get(feed).get("Link")
        if feed.startswith("/tags/"):  # the hub is not notified of these
            assert (hubs(as_guest, feed), links) == ([], None)
        else:
            self_link = f'<{settings.SITE_URL}{feed}>; rel="self"'
            assert (hubs(as_guest, feed), links) == ([hub], f'<{hub}>; rel="hub", {self_link}')


@pytest.mark.parametrize("page", ["/", "/free/", "/free/1/", "/groups/community/", "/tags/봄/"])
def test_pages_link_to_all_three_formats(as_guest, board, spring, page):
    links = Page(as_guest.get(page).text).all("link", rel="alternate")
    for feed_type, feed in zip(TYPES, FORMATS, strict=True):
        (*_, address) = [link["href"] for link in links if link["type"] == feed_type]
        assert address.endswith(f"/{feed}")
        assert as_guest.get(address).status_code == 200


@pytest.mark.parametrize("page", ["/free/", "/free/1/"])
def test_pages_of_a_board_without_feeds_link_to_none(as_guest, board, spring, page):
    set_feed_text(board, "off")
    html = as_guest.get(page).text
    assert "/free/feed" not in html


def test_an_unchanged_json_feed_answers_304(as_guest, board, spring, minji):
    known = {"if-none-match": as_guest.get("/feed.json")["ETag"]}
    assert as_guest.get("/feed.json", headers=known).status_code == 304
    write_post(author=minji, board=board, subject="새 글", source="글")
    assert as_guest.get("/feed.json", headers=known).status_code == 200
