"""Small invented feeds, and their parsed entries."""

from pathlib import Path

from collector.reading.entries import Entry
from collector.reading.feeds import Feed, read_feed

FEEDS = Path(__file__).parent / "feeds"
ADDRESS = "https://paper.example/rss/feed.xml"


def read(body: bytes | str, content_type="text/xml; charset=utf-8") -> Feed:
    body = body.encode() if isinstance(body, str) else body
    return read_feed(body, content_type=content_type, address=ADDRESS)


def rss(*items: str, head='<?xml version="1.0" encoding="utf-8"?>') -> str:
    channel = "".join(f"<item>{item}</item>" for item in items)
    return f'{head}<rss version="2.0"><channel><title>신문</title>{channel}</channel></rss>'


def only(item: str) -> Entry:
    [entry] = read(rss(item)).entries
    return entry


def sample(name: str) -> list[Entry]:
    kind = "application/feed+json" if name.endswith("json") else "application/xml"
    feed = read((FEEDS / name).read_bytes(), kind)
    assert feed.title in ("너울골신문", "너울골신문 & 친구들", "너울골 방송")
    return feed.entries
