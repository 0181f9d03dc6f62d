"""RSS autodiscovery: the feeds that a web page announces. Pure: nothing is fetched.

https://www.rssboard.org/rss-autodiscovery
"""

from collector.reading.addresses import absolute, canonical
from collector.reading.pages import base_of, read_page

MAX_FEEDS = 3
_MAX_READ = 200_000  # characters: the links are in the head

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")


def announced_feeds(text: str, address: str) -> list[str]:
    """The addresses of the first MAX_FEEDS feeds that the page announces, without duplicates.

    The page itself never counts as a feed.
    """
    page = read_page(text[:_MAX_READ].encode(), "text/html; charset=utf-8")
    if page is None:
        return []
    base = base_of(page, address)
    found: dict[str, None] = {}
    for link in page.iter("link"):
        is_alternate = "alternate" in link.get("rel", "")[:100].lower().split()
        if is_alternate and link.get("type", "").partition(";")[0].strip().lower() in _TYPES:
            target = canonical(absolute(link.get("href", ""), base))
            if target and target != canonical(address):
                found[target] = None
        if len(found) == MAX_FEEDS:
            break
    return list(found)
