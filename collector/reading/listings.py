"""Parses a listing page into links to articles. Pure: nothing is fetched.

Only the first page is read, which shows what is new. Articles that leave it between two passes are
missed, as in a feed.
"""

import logging
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from boardsite.text import plaintext
from collector.reading.addresses import absolute, canonical
from collector.reading.entries import MAX_ENTRIES, MAX_TITLE
from collector.reading.markup import one_line
from collector.reading.pages import base_of, read_page
from collector.reading.rules import choose

if TYPE_CHECKING:
    from lxml.html import HtmlElement

logger = logging.getLogger(__name__)

_FEED = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<(?:rss|feed|rdf:RDF)[\s>]|\{)")
# The text of pagination links, which a broad rule selects too.
_TO_A_PAGE = re.compile(
    r"\[?\d{0,4}\]?|[«»<>‹›→←]+|(?:맨\s*)?[처앞뒤끝]음?|(?:이전|다음)(?:\s*(?:페이지|목록|\d+개))?|더\s*보기"
    r"|prev(?:ious)?|next|first|last|more",
    re.IGNORECASE,
)
# The headline, if a link is a whole card.
_HEADLINES = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADLINE_CLASS = re.compile(r"(?:^|[\s_-])(?:tit|title|subject|subj|headline)(?:$|[\s_-])", re.I)
# Badges and counts in their own elements: [12], N, 새글.
_ASIDE = re.compile(
    r"[\[(+]\s*\d[\d,]*\s*[\])]?|n|new|hot|up|새\s*글|인기\s*글|댓글\s*(?:수\s*)?[\[(]?\d*[\])]?\s*개?",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\d[\d,]*")
_COUNT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:cnt|count|num|comments?|cmt|reply|replies)(?:$|[\s_-])", re.I
)
_READ_ALOUD_CLASS = re.compile(
    r"(?:^|\s)(?:blind|sr-only|sound_only|visually-hidden)(?:$|\s)", re.I
)
_LONGEST_ASIDE = 20  # characters
_UNSEEN = ("script", "style", "noscript", "template")
_INLINE = set("a b em font i img mark small span strong sub sup u wbr".split())

_MAX_LOOKS = 5_000  # links that are examined; a broad rule selects the same ones repeatedly
_MAX_TITLES = 3 * MAX_ENTRIES  # links whose title is read
_MAX_PARTS = 100  # elements of a link that are searched for a title
_MAX_TEXT = 2 * MAX_TITLE  # characters of each piece of text


class NotAListing(ValueError):
    """Not a page, or the rule selects no link. The message is a Korean sentence for the owner."""


class Link(NamedTuple):
    address: str
    """Canonical."""
    title: str
    """The text of the link, on one line; "" if it contains only a picture."""


def read_listing(body: bytes, *, content_type: str, address: str, rule: str) -> list[Link]:
    """The links to articles of the page at `address`, without duplicates, in the page's order.

    `rule` is a CSS selector (collector.reading.rules) of the links or of their containers, each of
    which stands for its first link. Raises only NotAListing.
    """
    if not body.strip():
        raise NotAListing(_("받은 내용이 비어 있습니다."))
    if _FEED.match(body[:1000].removeprefix(b"\xef\xbb\xbf")):
        raise NotAListing(_("목록 페이지가 아니라 피드입니다. 종류를 피드로 바꿔 주세요."))
    try:
        return _read(body, content_type, address, rule)
    except NotAListing:
        raise
    except Exception as error:  # lxml does not document what it raises
        logger.exception("A listing page could not be read")
        raise NotAListing(_("목록 페이지를 읽지 못했습니다.")) from error


def _read(body: bytes, content_type: str, address: str, rule: str) -> list[Link]:
    page = read_page(body, content_type)
    if page is None:
        raise NotAListing(_("목록 페이지를 읽지 못했습니다."))
    try:
        chosen = choose(page, rule)
    except ValueError as problem:
        raise NotAListing(str(problem)) from None
    if not chosen:
        words = _(
            "기사 링크 자리(%s)에 맞는 것이 페이지에 없습니다. 페이지가 바뀌었는지 확인해 주세요."
        )
        raise NotAListing(words % rule)
    titles: dict[str, str] = {}
    tries = 0
    for link, target in _links(chosen, base_of(page, address), canonical(address)):
        if target not in titles and len(titles) >= MAX_ENTRIES:
            break
        if not titles.setdefault(target, "") and tries < _MAX_TITLES:
            titles[target] = _title(link)
            tries += 1
    if not titles:
        words = _("기사 링크 자리(%s)에 있는 것에 링크가 없습니다.")
        raise NotAListing(words % rule)
    return [Link(target, title) for target, title in titles.items()]


def _links(
    chosen: "list[HtmlElement]", base: str, here: str
) -> "Iterator[tuple[HtmlElement, str]]":
    """Each link to an article with its address; skips links to the listing itself."""
    looks = 0
    for element in chosen:
        first = ""
        for link in _anchors(element):
            looks += 1
            if looks > _MAX_LOOKS:
                return
            target = canonical(absolute(link.get("href", ""), base))
            if not target or target == here or _leads_to_a_page(link, target, here):
                continue
            first = first or target
            if target == first:  # picture, headline and excerpt may each be a link
                yield link, target


def _anchors(element: "HtmlElement") -> "Iterator[HtmlElement]":
    """The links that `element` is or contains, else the link around it."""
    found = False
    for link in element.iter("a", "area"):
        found = True
        yield link
    if not found:
        yield from list(element.iterancestors("a"))[:1]


def _leads_to_a_page(link: "HtmlElement", target: str, here: str) -> bool:
    same = urlsplit(target)[:3] == urlsplit(here)[:3]
    return same and bool(_TO_A_PAGE.fullmatch(_begun(link)))


# -- titles ----------------------------------------------------------------------------------------
def _title(link: "HtmlElement") -> str:
    """The headline of a card, else its text without comment counts and badges for new articles.

    A truncated title is often complete in the link's `title` attribute.
    """
    is_small = next(islice(link.iter(), _MAX_PARTS, None), None) is None
    title = _said(_headline(link)) if is_small else _begun(link)
    whole = one_line(link.get("title", ""))
    begun = title.rstrip(".…‥ ")
    if begun != title and len(whole) > len(begun) and whole.startswith(begun):
        title = whole
    return title if len(title) <= MAX_TITLE else plaintext.cut(title, MAX_TITLE - 1).rstrip() + "…"


def _headline(link: "HtmlElement") -> "HtmlElement":
    headlines = (
        element
        for element in link.iterdescendants()
        if element.tag in _HEADLINES or _HEADLINE_CLASS.search(element.get("class", "")[:200])
    )
    return next(filter(_said, islice(headlines, 3)), link)


def _said(element: "HtmlElement") -> str:
    """The text without counts and badges, on one line; limited to about the length of a title."""
    parts: list[str] = []
    _gather(element, parts)
    return one_line("".join(parts))


def _gather(element: "HtmlElement", parts: list[str]) -> None:
    parts.append((element.text or "")[:_MAX_TEXT])
    for child in element:
        if child.tag not in _UNSEEN and not _is_aside(child):
            space = "" if child.tag in _INLINE else " "
            parts.append(space)
            _gather(child, parts)
            parts.append(space)
        parts.append((child.tail or "")[:_MAX_TEXT])


def _is_aside(element: "HtmlElement") -> bool:
    text = one_line((element.text or "")[:_MAX_TEXT])
    if len(element) or len(text) > _LONGEST_ASIDE:
        return False
    names = element.get("class", "")[:200]
    return bool(
        _ASIDE.fullmatch(text)
        or _READ_ALOUD_CLASS.search(names)
        or (_COUNT.fullmatch(text) and _COUNT_CLASS.search(names))
    )


def _begun(element: "HtmlElement") -> str:
    """The first words of a text that may be large."""
    return one_line("".join(text[:_MAX_TEXT] for text in islice(element.itertext(), 20)))
