"""A feed's bytes as entries: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed. Pure: nothing is fetched.

A feed is text from strangers, often broken: whatever comes, the answer is a Feed or NotAFeed, within
about a second. `html` is not safe to show; write_post cleans it as it cleans what members write.

XML is first made well-formed (`collector.mending`), then read by feedparser. Attack cases 66 (bombs,
titles of 10 MB) and 69 (no date, no guid).
"""

import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.parsers import expat

import feedparser
from django.utils.translation import gettext as _

from boards.text import plaintext
from collector import markup
from collector.addresses import absolute, canonical
from collector.charset import decode
from collector.dates import read_date
from collector.mending import FORBIDDEN, MAX_ENTRIES, DeclaresEntities, Mended

MAX_BYTES = 12_000_000  # of a feed; what is behind them is not looked at
MAX_GUID = 500  # characters; a longer guid is known by its hash
MAX_TITLE = 255
MAX_SUMMARY = 300
MAX_AUTHOR = 60
_MAX_HTML = 200_000  # characters
_UNTITLED = 80  # characters of its text that an entry without a title is called by

_WEB_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_EMAIL = re.compile(r"\s*[(<]?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}[)>]?\s*", re.ASCII)
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’」』)\]]*(?=\s)")


class NotAFeed(ValueError):
    """No feed, or none that we read. Its message is a Korean sentence for the owner."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as its source gives it. Texts are plain but for `html`."""

    guid: str
    """What the source knows it by, at most MAX_GUID characters; never empty, once in a feed."""
    address: str
    """Canonical; "" if the source gives none."""
    title: str
    """On one line, at most MAX_TITLE characters; never empty."""
    html: str
    """The body, or the summary if there is no more; links and pictures absolute. Not cleaned."""
    summary: str
    """At most MAX_SUMMARY characters, up to the end of a sentence or a word, then `…`."""
    author: str
    """At most MAX_AUTHOR characters, no mail addresses; "" if not given."""
    published_at: datetime | None
    """In UTC; None if not given, before 1995 or more than a day ahead."""
    picture: str
    """Address of the lead picture; "" without one."""


@dataclass(frozen=True, slots=True)
class Feed:
    title: str
    entries: list[Entry]
    """In the order of the feed, at most MAX_ENTRIES."""


@dataclass(slots=True)
class _Found:
    """What a format gives of an entry, before it is made an Entry; `title` is plain text already,
    and links are relative to `base`."""

    guid: str
    address: str
    title: str
    html: str
    summary_html: str
    author: str
    dates: list[str]
    picture: str
    base: str


def read_feed(body: bytes, *, content_type: str, address: str) -> Feed:
    """The entries of what was fetched from `address`. Raises NotAFeed and nothing else.

    `content_type` is the header's whole value; what the bytes are goes before what it claims.
    """
    is_cut = len(body) > MAX_BYTES
    text = decode(body[:MAX_BYTES], content_type).lstrip("\ufeff \t\r\n\0")
    if not text:
        raise NotAFeed(_("받은 내용이 비어 있습니다."))
    if text[0] == "{":
        if is_cut:
            raise NotAFeed(_("JSON 피드가 너무 큽니다."))
        title, found = _read_json(text, address)
    else:
        title, found = _read_xml(FORBIDDEN.sub("", text), address)
    return Feed(_shortened(title, MAX_TITLE), list(_entries(found)))


def _entries(found: Iterable[_Found]) -> Iterator[Entry]:
    """Each guid once; nothing for what has neither title nor text nor address."""
    met = set()
    for each in found:
        entry = _entry(each)
        if entry and entry.guid not in met:
            met.add(entry.guid)
            yield entry


def _entry(found: _Found) -> Entry | None:
    address = canonical(found.address)
    html = markup.with_absolute_addresses(found.html[:_MAX_HTML], found.base)
    text = markup.words(html, MAX_SUMMARY)
    title = _shortened(found.title, MAX_TITLE) or _shortened(text, _UNTITLED)
    title = title or _shortened(address, MAX_TITLE)
    if not title:
        return None
    summary = markup.words(found.summary_html, MAX_SUMMARY) if found.summary_html else text
    picture = absolute(found.picture, found.base)
    return Entry(
        guid=_guid(found, address, text),
        address=address,
        title=title,
        html=html,
        summary=_excerpt(summary, MAX_SUMMARY),
        author=_author(found.author),
        published_at=next(filter(None, map(read_date, found.dates)), None),
        picture=picture or markup.first_picture(html),
    )


def _guid(found: _Found, address: str, text: str) -> str:
    guid = markup.one_line(found.guid) or address
    if not guid:
        guid = _hash("\n".join((found.title or text, *found.dates[:1])))
    return guid if len(guid) <= MAX_GUID else _hash(guid)


def _hash(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _author(author: str) -> str:
    author = _EMAIL.sub(" ", author).strip(" ,")
    if author.startswith("(") and author.endswith(")"):
        author = author[1:-1]
    return _shortened(author, MAX_AUTHOR)


def _shortened(text: str, length: int) -> str:
    """On one line, cut anywhere but inside a letter."""
    text = markup.one_line(text)
    return text if len(text) <= length else plaintext.cut(text, length - 1).rstrip() + "…"


def _excerpt(text: str, length: int) -> str:
    """Cut behind a sentence in the last third, else behind a word there, else anywhere."""
    if len(text) <= length:
        return text
    start, end = length * 2 // 3, length - 2
    sentences = list(_SENTENCE_END.finditer(text, start, end + 1))
    if sentences:
        return f"{text[: sentences[-1].end()]} …"
    space = text.rfind(" ", start, end + 1)
    return (text[:space] if space > 0 else plaintext.cut(text, end)).rstrip(" ,·") + "…"


# -- RSS and Atom ----------------------------------------------------------------------------------
def _read_xml(text: str, address: str) -> tuple[str, list[_Found]]:
    try:
        mended = Mended(text)
    except DeclaresEntities:
        words = _("문서 안에서 엔티티를 선언하는 피드입니다. 안전을 위해 읽지 않습니다.")
        raise NotAFeed(words) from None
    if not mended.root:
        if _WEB_PAGE.search(text[:5000]):
            words = _("피드가 아니라 웹 페이지입니다. 피드 주소를 확인해 주세요.")
            raise NotAFeed(words)
        raise NotAFeed(_("RSS, Atom, JSON Feed 가운데 어느 것도 아닙니다."))
    if not mended.count and not mended.is_whole:
        raise NotAFeed(_("피드가 중간에 끊겼습니다."))
    parsed = _parsed(mended.xml.encode(), address)
    is_atom = str(parsed.get("version", "")).startswith("atom")
    title = _title(parsed.feed, is_atom)
    author = str(parsed.feed.get("author", "")) if is_atom else ""
    return title, [_of_xml(each, is_atom, author, address) for each in parsed.entries[:MAX_ENTRIES]]


def _parsed(xml: bytes, address: str) -> feedparser.FeedParserDict:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    try:
        # If a strict reader stumbles, feedparser tries a slow one: such text must not reach it.
        expat.ParserCreate(namespace_separator=" ").Parse(xml, True)
        return feedparser.parse(
            io.BytesIO(xml),  # bytes alone would be tried as the name of a file
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # feedparser promises nothing about what it raises
        raise NotAFeed(_("피드의 XML이 잘못되어 읽지 못했습니다.")) from error


def _of_xml(entry: feedparser.FeedParserDict, is_atom: bool, author: str, address: str) -> _Found:
    html, base = _body(entry)
    summary = entry.get("summary_detail") or {}
    link = str(entry.get("feedburner_origlink") or _link(entry))
    return _Found(
        guid=str(dict.get(entry, "id") or ""),
        address=link,
        title=_title(entry, is_atom),
        html=html,
        summary_html=_as_html(summary) if summary else "",
        author=(_names(entry) if is_atom else "") or str(entry.get("author") or "") or author,
        # Not by entry.get, which answers with other dates where one is missing.
        dates=[str(dict.get(entry, key) or "") for key in ("published", "updated", "created")],
        picture=_picture(entry),
        # Without an xml:base, links are meant from where the article stands.
        base=base if base and base != address else canonical(link) or address,
    )


def _names(entry: feedparser.FeedParserDict) -> str:
    names = (str(one.get("name") or "") for one in entry.get("authors") or [] if one)
    return ", ".join(filter(None, names))


def _link(entry: feedparser.FeedParserDict) -> str:
    if link := dict.get(entry, "link"):
        return str(link)
    links = (one.get("href", "") for one in entry.get("links", []) if one.get("rel") == "alternate")
    return str(next(links, ""))


def _title(of: feedparser.FeedParserDict, is_atom: bool) -> str:
    """RSS never says whether a title is HTML; Atom does."""
    detail = of.get("title_detail") or {}
    is_html = not is_atom or detail.get("type") != "text/plain"
    title = str(detail.get("value") or dict.get(of, "title") or "")
    return markup.title_text(title, is_html=is_html)


def _body(entry: feedparser.FeedParserDict) -> tuple[str, str]:
    """The HTML of the first content, else of the summary, and what its links are relative to."""
    details = [*entry.get("content", []), entry.get("summary_detail") or {}]
    for detail in details:
        if html := _as_html(detail):
            return html, str(detail.get("base") or "")
    return "", ""


def _as_html(detail: dict[str, Any]) -> str:
    value = str(detail.get("value") or "")[:_MAX_HTML]
    return plaintext.to_html(value) if detail.get("type") == "text/plain" else value


def _picture(entry: feedparser.FeedParserDict) -> str:
    """The lead picture that the feed names outside the text."""
    contents = [
        one
        for one in entry.get("media_content", [])
        if one.get("medium") == "image" or str(one.get("type", "")).startswith("image/")
    ]
    enclosures = [
        one for one in entry.get("enclosures", []) if str(one.get("type", "")).startswith("image/")
    ]
    for one in (*contents, *entry.get("media_thumbnail", []), *enclosures):
        if found := one.get("url") or one.get("href"):
            return str(found)
    return ""


# -- JSON Feed -------------------------------------------------------------------------------------
def _read_json(text: str, address: str) -> tuple[str, list[_Found]]:
    """https://www.jsonfeed.org/version/1.1/"""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAFeed(_("JSON이 잘못되어 읽지 못했습니다.")) from None
    items = feed.get("items")
    if "jsonfeed.org/version/1" not in _text(feed, "version") or not isinstance(items, list):
        raise NotAFeed(_("JSON이지만 JSON Feed가 아닙니다."))
    author = _json_author(feed)
    found = [_of_json(item, author, address) for item in items[:MAX_ENTRIES] if type(item) is dict]
    return _text(feed, "title"), found


def _of_json(item: dict[str, Any], author: str, address: str) -> _Found:
    link = absolute(_text(item, "url") or _text(item, "external_url"), address)
    plain = plaintext.to_html(_text(item, "content_text"))
    summary = plaintext.to_html(_text(item, "summary"))
    return _Found(
        guid=_text(item, "id"),
        address=link,
        title=_text(item, "title")[:5000],
        html=_text(item, "content_html") or plain or summary,
        summary_html=summary,
        author=_json_author(item) or author,
        dates=[_text(item, "date_published"), _text(item, "date_modified")],
        picture=_text(item, "image") or _text(item, "banner_image"),
        base=link or address,
    )


def _json_author(of: dict[str, Any]) -> str:
    """Version 1.1 has a list, 1.0 had one."""
    authors = of.get("authors")
    authors = authors[:10] if isinstance(authors, list) else [of.get("author")]
    return ", ".join(filter(None, (_text(one, "name") for one in authors if type(one) is dict)))


def _text(of: dict[str, Any], key: str) -> str:
    """The text at `key`; numbers as text, "" for what is neither."""
    value = of.get(key)
    if type(value) is int:
        value = str(value)
    return FORBIDDEN.sub("", value[:_MAX_HTML]) if isinstance(value, str) else ""
