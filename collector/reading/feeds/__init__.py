"""Parses feeds into entries: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed. Pure: nothing is fetched."""

from collector.reading.feeds.feed import Feed, read_feed
from collector.reading.feeds.items import NotAFeed
