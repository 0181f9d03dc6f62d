"""A web page's bytes as a tree, small enough for what is done with it. Pure: nothing is fetched.

lxml is imported where it is needed: only the collector's process pays for it.
"""

import re
from itertools import islice
from typing import TYPE_CHECKING

from collector.reading.addresses import absolute
from collector.reading.charset import FORBIDDEN, decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_BYTES = 5_000_000  # of a page; what is behind them is not looked at
_MAX_LETTERS = 1_000_000
_MAX_ELEMENTS = 12_000  # trafilatura takes half a second for so many; large front pages have 6,000
_MAX_ATTRIBUTES = 200  # of one element: lxml takes minutes to hang 100,000 onto one

_OPENING = re.compile(r"<[a-z]", re.IGNORECASE | re.ASCII)


def read_page(body: bytes, content_type: str) -> "HtmlElement | None":
    """The page's `<html>` without comments, cut behind so many elements; None for an empty one, and
    for one with an element of more than _MAX_ATTRIBUTES.

    What stands deeper than 250 elements is left out, with all that follows it.
    """
    from lxml import etree, html

    text = FORBIDDEN.sub("", decode(body[:MAX_BYTES], content_type))[:_MAX_LETTERS]
    if text.count("\ufffd") > max(20, len(text) // 50):  # a picture, a PDF
        return None
    if too_many := next(islice(_OPENING.finditer(text), _MAX_ELEMENTS, None), None):
        text = text[: too_many.start()]
    if not text.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        _weigh(text)
        return html.document_fromstring(text.encode(), parser=parser)
    except (_TooHeavy, etree.LxmlError):  # or nothing but comments
        return None


def read_fragment(text: str) -> "HtmlElement":
    """A piece of HTML, such as a feed's, in a <div>; empty if one of its elements has too many
    attributes."""
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    text = f"<div>{FORBIDDEN.sub('', text)}</div>"
    try:
        _weigh(text)
    except _TooHeavy:
        text = "<div></div>"
    return html.document_fromstring(text.encode(), parser=parser).find(".//div")


def base_of(page: "HtmlElement", address: str) -> str:
    """What the page's links are relative to."""
    return next((absolute(href, address) for href in page.xpath("//base/@href")), "") or address


class _TooHeavy(ValueError):
    """An element has more attributes than any is meant to have."""


class _Scales:
    """Sees each element before a tree is made of it."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(attributes) > _MAX_ATTRIBUTES:
            raise _TooHeavy

    def close(self) -> None:
        pass


def _weigh(text: str) -> None:
    """Raises _TooHeavy."""
    from lxml import etree

    etree.fromstring(text.encode(), etree.HTMLParser(target=_Scales(), encoding="utf-8"))
