"""An owner who enters a page instead of its feed is shown the address of the feed."""

import pytest

from collector.reading.feeds import NotAFeed, read_feed
from collector.reading.feeds.discovery import announced_feeds

ADDRESS = "https://paper.example/news/"
RSS = "<link rel=alternate type=application/rss+xml title=전체 href='{}'>"


def page(*head: str) -> str:
    return f"<!doctype html><html><head><meta charset=utf-8>{''.join(head)}</head><p>글</html>"


def message(body: str) -> str:
    with pytest.raises(NotAFeed) as refusal:
        read_feed(body.encode(), content_type="text/html", address=ADDRESS)
    return str(refusal.value)


def test_the_feeds_that_a_page_announces_are_named():
    body = page(
        RSS.format("/rss/all.xml"),
        '<LINK REL="home Alternate" TYPE="application/atom+xml; charset=utf-8" HREF="atom.xml?a=1&amp;b=2">',
        RSS.format("https://feeds.example/x?utm_source=page"),
    )
    assert message(body) == (
        "이 주소는 웹 페이지입니다. 페이지가 알리는 피드: https://paper.example/rss/all.xml,"
        " https://paper.example/news/atom.xml?a=1&b=2, https://feeds.example/x"
    )


def test_a_page_without_one_is_a_page():
    assert message(page()) == "피드가 아니라 웹 페이지입니다. 피드 주소를 확인해 주세요."


@pytest.mark.parametrize(
    "link",
    [
        RSS.format("javascript:alert(1)"),
        RSS.format(""),
        RSS.format("./"),
        RSS.format("https://u:p@paper.example/rss"),
        RSS.format("/" + "a" * 9000),
        "<link rel=stylesheet type=application/rss+xml href=/rss>",
        "<link rel=alternate type=text/html hreflang=en href=/en>",
        "<link rel=alternate type=application/json+oembed href=/oembed>",
        "<link rel=alternate type=application/rss+xml>",
        "<link>",
    ],
)
def test_other_links_are_not_listed(link):
    assert announced_feeds(page(link), ADDRESS) == []


def test_at_most_three_are_listed_without_duplicates():
    links = [RSS.format(f"/rss/{n}") for n in (1, 1, 2, 3, 4)]
    assert announced_feeds(page(*links), ADDRESS) == [
        f"https://paper.example/rss/{n}" for n in (1, 2, 3)
    ]


def test_they_are_relative_to_the_base_of_the_page():
    body = page("<base href=https://cdn.example/ko/>", RSS.format("rss.xml"))
    assert announced_feeds(body, ADDRESS) == ["https://cdn.example/ko/rss.xml"]


def test_an_empty_page_announces_nothing():
    assert announced_feeds("", ADDRESS) == []
    assert announced_feeds("<!-- x -->", ADDRESS) == []
