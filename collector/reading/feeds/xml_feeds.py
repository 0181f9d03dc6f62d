"""Parses RSS and Atom into items. Pure.

repairing.py repairs the XML first, then feedparser reads it.
"""

import io
import re
from typing import Any
from xml.parsers import expat

import feedparser
from django.utils.translation import gettext as _

from boardsite.text import plaintext
from collector.reading import captions, markup
from collector.reading.addresses import canonical
from collector.reading.entries import MAX_CAPTION, MAX_CREDIT, MAX_ENTRIES, MAX_HTML, Picture
from collector.reading.feeds.discovery import announced_feeds
from collector.reading.feeds.items import Item, NotAFeed
from collector.reading.feeds.repairing import DeclaresEntities, RepairedFeed

_WEB_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)


def read_xml(text: str, address: str) -> tuple[str, list[Item]]:
    try:
        repaired = RepairedFeed(text)
    except DeclaresEntities:
        words = _("문서 안에서 엔티티를 선언하는 피드입니다. 안전을 위해 읽지 않습니다.")
        raise NotAFeed(words) from None
    if not repaired.root:
        if _WEB_PAGE.search(text[:5000]):
            raise NotAFeed(_of_a_page(text, address))
        raise NotAFeed(_("RSS, Atom, JSON Feed 가운데 어느 것도 아닙니다."))
    if not repaired.count and not repaired.is_whole:
        raise NotAFeed(_("피드가 중간에 끊겼습니다."))
    parsed = _parsed(repaired.xml.encode(), address)
    is_atom = str(parsed.get("version", "")).startswith("atom")
    title = _title(parsed.feed, is_atom)
    author = str(parsed.feed.get("author", "")) if is_atom else ""
    language = str(parsed.feed.get("language", ""))
    entries = parsed.entries[:MAX_ENTRIES]
    return title, [_of_xml(each, is_atom, author, language, address) for each in entries]


def _of_a_page(text: str, address: str) -> str:
    """The error message for a page that announces a feed."""
    if feeds := announced_feeds(text, address):
        return _("이 주소는 웹 페이지입니다. 페이지가 알리는 피드: %s") % ", ".join(feeds)
    return _("피드가 아니라 웹 페이지입니다. 피드 주소를 확인해 주세요.")


def _parsed(xml: bytes, address: str) -> feedparser.FeedParserDict:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    try:
        # If a strict parser fails, feedparser falls back to a slow one, which such text must not
        # reach.
        expat.ParserCreate(namespace_separator=" ").Parse(xml, True)
        return feedparser.parse(
            io.BytesIO(xml),  # feedparser would try plain bytes as a file name
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # feedparser does not document what it raises
        raise NotAFeed(_("피드의 XML이 잘못되어 읽지 못했습니다.")) from error


def _of_xml(
    entry: feedparser.FeedParserDict, is_atom: bool, author: str, language: str, address: str
) -> Item:
    """`author` and `language` are the feed's, for entries without their own."""
    html, base = _body(entry)
    summary = entry.get("summary_detail") or {}
    link = str(entry.get("feedburner_origlink") or _link(entry))
    return Item(
        guid=str(dict.get(entry, "id") or ""),
        address=link,
        title=_title(entry, is_atom),
        html=html,
        summary_html=_as_html(summary) if summary else "",
        author=(_names(entry) if is_atom else "") or str(entry.get("author") or "") or author,
        # Not entry.get, which falls back to other dates if one is missing.
        dates=[str(dict.get(entry, key) or "") for key in ("published", "updated", "created")],
        picture=_picture(entry),
        language=_language(entry) or language,
        # Without xml:base, links are relative to the address of the article.
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
    """Atom says whether a title is HTML; RSS never does."""
    detail = of.get("title_detail") or {}
    is_html = not is_atom or detail.get("type") != "text/plain"
    title = str(detail.get("value") or dict.get(of, "title") or "")
    return markup.title_text(title, is_html=is_html)


def _body(entry: feedparser.FeedParserDict) -> tuple[str, str]:
    """The HTML of the first content, else of the summary, and the base of its links."""
    details = [*entry.get("content", []), entry.get("summary_detail") or {}]
    for detail in details:
        if html := _as_html(detail):
            return html, str(detail.get("base") or "")
    return "", ""


def _as_html(detail: dict[str, Any]) -> str:
    value = str(detail.get("value") or "")[:MAX_HTML]
    return plaintext.to_html(value) if detail.get("type") == "text/plain" else value


def _language(entry: feedparser.FeedParserDict) -> str:
    details = [*entry.get("content", []), entry.get("title_detail") or {}]
    languages = [str(dict.get(entry, "language") or "")]
    languages += [str(detail.get("language") or "") for detail in details]
    return next(filter(None, languages), "")


def _picture(entry: feedparser.FeedParserDict) -> Picture | None:
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
        found = str(one.get("url") or one.get("href") or "")
        if found and "gravatar.com/avatar/" not in found:  # WordPress: the author's avatar
            words = str(entry.get("picture_caption") or entry.get("picture_title") or "")
            caption, credit = captions.parted(markup.words(words[:5000], MAX_CAPTION))
            named = markup.words(str(entry.get("picture_credit") or ""), MAX_CREDIT)
            return Picture(found, caption, captions.credit_in(named) or credit)
    return None
