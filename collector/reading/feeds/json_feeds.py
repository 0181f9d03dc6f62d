"""JSON Feed as items (https://www.jsonfeed.org/version/1.1/). Pure."""

import json
from typing import Any

from django.utils.translation import gettext as _

from boardsite.text import plaintext
from collector.reading.addresses import absolute
from collector.reading.charset import FORBIDDEN
from collector.reading.entries import MAX_ENTRIES, MAX_HTML, Picture
from collector.reading.feeds.items import Item, NotAFeed


def read_json(text: str, address: str) -> tuple[str, list[Item]]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAFeed(_("JSON이 잘못되어 읽지 못했습니다.")) from None
    items = feed.get("items")
    if "jsonfeed.org/version/1" not in _text(feed, "version") or not isinstance(items, list):
        raise NotAFeed(_("JSON이지만 JSON Feed가 아닙니다."))
    items = [item for item in items[:MAX_ENTRIES] if type(item) is dict]
    author, language = _json_author(feed), _text(feed, "language")
    return _text(feed, "title"), [_of_json(item, author, language, address) for item in items]


def _of_json(item: dict[str, Any], author: str, language: str, address: str) -> Item:
    link = absolute(_text(item, "url") or _text(item, "external_url"), address)
    plain = plaintext.to_html(_text(item, "content_text"))
    summary = plaintext.to_html(_text(item, "summary"))
    picture = _text(item, "image") or _text(item, "banner_image")
    return Item(
        guid=_text(item, "id"),
        address=link,
        title=_text(item, "title")[:5000],
        html=_text(item, "content_html") or plain or summary,
        summary_html=summary,
        author=_json_author(item) or author,
        dates=[_text(item, "date_published"), _text(item, "date_modified")],
        picture=Picture(picture) if picture else None,
        language=_text(item, "language") or language,
        base=link or address,
    )


def _json_author(of: dict[str, Any]) -> str:
    """Version 1.1 has a list of authors, 1.0 had one."""
    authors = of.get("authors")
    authors = authors[:10] if isinstance(authors, list) else [of.get("author")]
    return ", ".join(filter(None, (_text(one, "name") for one in authors if type(one) is dict)))


def _text(of: dict[str, Any], key: str) -> str:
    """The text at `key`; a number becomes text, anything else ""."""
    value = of.get(key)
    if type(value) is int:
        value = str(value)
    return FORBIDDEN.sub("", value[:MAX_HTML]) if isinstance(value, str) else ""
