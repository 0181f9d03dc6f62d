"""Parses a feed into entries. Pure: nothing is fetched.

Feeds are untrusted and often broken: any input gives a Feed or raises NotAFeed within about a
second. `html` is not safe to show; write_post cleans it like the input of members. Attack cases 66
(bombs, titles of 10 MB) and 69 (no date, no guid).
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from collector.reading import markup, wording
from collector.reading.addresses import absolute, canonical
from collector.reading.charset import FORBIDDEN, decode
from collector.reading.dates import read_date
from collector.reading.entries import (
    MAX_GUID,
    MAX_HTML,
    MAX_SUMMARY,
    MAX_TITLE,
    UNTITLED,
    Entry,
    Picture,
)
from collector.reading.feeds.items import Item, NotAFeed
from collector.reading.feeds.json_feeds import read_json
from collector.reading.feeds.xml_feeds import read_xml
from collector.reading.lead_pictures import lead_picture
from collector.reading.pages import read_fragment

MAX_BYTES = 12_000_000  # the rest of a larger feed is ignored
_LEAD = 20_000  # characters that are searched for a lead picture


@dataclass(frozen=True, slots=True)
class Feed:
    title: str
    entries: list[Entry]
    """In the order of the feed, at most MAX_ENTRIES."""


def read_feed(body: bytes, *, content_type: str, address: str) -> Feed:
    """Parses the response from `address`. Raises only NotAFeed.

    `content_type` is the full header; the bytes count more than the charset it declares.
    """
    is_cut = len(body) > MAX_BYTES
    text = decode(body[:MAX_BYTES], content_type).lstrip("\ufeff \t\r\n\0")
    if not text:
        raise NotAFeed(_("받은 내용이 비어 있습니다."))
    if text[0] == "{":
        if is_cut:
            raise NotAFeed(_("JSON 피드가 너무 큽니다."))
        title, found = read_json(text, address)
    else:
        title, found = read_xml(FORBIDDEN.sub("", text), address)
    return Feed(wording.shortened(title, MAX_TITLE), list(_entries(found)))


def _entries(found: Iterable[Item]) -> Iterator[Entry]:
    """One entry per guid; skips items with neither title nor text nor address."""
    met = set()
    for each in found:
        entry = _entry(each)
        if entry and entry.guid not in met:
            met.add(entry.guid)
            yield entry


def _entry(found: Item) -> Entry | None:
    address = canonical(found.address)
    html = markup.with_absolute_addresses(found.html[:MAX_HTML], found.base)
    text = markup.words(html, MAX_SUMMARY)
    title = wording.shortened(found.title, MAX_TITLE) or wording.shortened(text, UNTITLED)
    title = title or wording.shortened(address, MAX_TITLE)
    if not title:
        return None
    summary = markup.words(found.summary_html, MAX_SUMMARY) if found.summary_html else text
    return Entry(
        guid=_guid(found, address, text),
        address=address,
        title=title,
        html=html,
        summary=wording.excerpt(summary, MAX_SUMMARY),
        author=wording.author(found.author),
        published_at=next(filter(None, map(read_date, found.dates)), None),
        picture=_lead_picture(found, html),
        language=wording.language(found.language),
    )


def _lead_picture(found: Item, html: str) -> Picture | None:
    """The picture that the feed names, with its caption from the feed or the text; else the first
    picture in the text."""
    named = found.picture or Picture("")
    address = absolute(named.address, found.base)
    if address and (named.caption or named.credit):
        return replace(named, address=address)
    if "<figcaption" in html[:_LEAD].lower():
        shown = lead_picture(read_fragment(html[:_LEAD]), address, found.base)
        if shown and (not address or shown.address == address):
            return shown
    address = address or markup.first_picture(html)
    return Picture(address) if address else None


def _guid(found: Item, address: str, text: str) -> str:
    guid = markup.one_line(found.guid) or address
    if not guid:
        guid = _hash("\n".join((found.title or text, *found.dates[:1])))
    return guid if len(guid) <= MAX_GUID else _hash(guid)


def _hash(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
