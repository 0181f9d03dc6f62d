"""Parses a web page into a tree of bounded size. Pure: nothing is fetched.

lxml is imported on first use: only the collector's process needs it.
"""

import re
from itertools import islice
from typing import TYPE_CHECKING

from collector.reading.addresses import absolute
from collector.reading.charset import FORBIDDEN, decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_BYTES = 5_000_000  # the rest of a larger page is ignored
_MAX_LETTERS = 1_000_000
_MAX_ELEMENTS = 12_000  # trafilatura needs half a second for so many; large front pages have 6,000
_MAX_ATTRIBUTES = 200  # per element: lxml takes minutes to add 100,000 to one

_OPENING = re.compile(r"<[a-z]", re.IGNORECASE | re.ASCII)


def read_page(body: bytes, content_type: str) -> "HtmlElement | None":
    """The page's `<html>` without comments, cut after _MAX_ELEMENTS. Returns None for an empty
    page, and for one with an element of more than _MAX_ATTRIBUTES.

    Elements nested deeper than 250 are dropped with everything after them.
    """
    from lxml import etree, html

    text = FORBIDDEN.sub("", decode(body[:MAX_BYTES], content_type))[:_MAX_LETTERS]
    if text.count("\ufffd") > max(20, len(text) // 50):  # not text: a picture, a PDF
        return None
    if too_many := next(islice(_OPENING.finditer(text), _MAX_ELEMENTS, None), None):
        text = text[: too_many.start()]
    if not text.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        _check_attributes(text)
        return html.document_fromstring(text.encode(), parser=parser)
    except (_TooManyAttributes, etree.LxmlError):  # the latter also for a page of comments only
        return None


def read_fragment(text: str) -> "HtmlElement":
    """Parses a piece of HTML, such as a feed's, in a <div>. The <div> is empty if an element has
    too many attributes."""
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    text = f"<div>{FORBIDDEN.sub('', text)}</div>"
    try:
        _check_attributes(text)
    except _TooManyAttributes:
        text = "<div></div>"
    return next(html.document_fromstring(text.encode(), parser=parser).iter("div"))


def base_of(page: "HtmlElement", address: str) -> str:
    """The base URL of the page's links."""
    return next((absolute(href, address) for href in page.xpath("//base/@href")), "") or address


class _TooManyAttributes(ValueError):
    """An element has more than _MAX_ATTRIBUTES."""


class _AttributeCounter:
    """Parser target that counts attributes without building a tree."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(attributes) > _MAX_ATTRIBUTES:
            raise _TooManyAttributes

    def close(self) -> None:
        pass


def _check_attributes(text: str) -> None:
    """Raises _TooManyAttributes if an element has too many attributes."""
    from lxml import etree

    # The stubs demand every method of a target; lxml calls those that there are.
    parser = etree.HTMLParser(target=_AttributeCounter(), encoding="utf-8")  # type: ignore[call-overload] # any parser target will do
    etree.fromstring(text.encode(), parser)
