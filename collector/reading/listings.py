"""A listing page's bytes as links to articles. Pure: nothing is fetched.

What a page shows first is what is new. Further pages are not asked for: what has left the first one
between two passes is lost, as it is from a feed.
"""

import logging
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from boards.text import plaintext
from collector.reading.addresses import absolute, canonical
from collector.reading.entries import MAX_ENTRIES, MAX_TITLE
from collector.reading.markup import one_line
from collector.reading.pages import base_of, read_page
from collector.reading.rules import choose

if TYPE_CHECKING:
    from lxml.html import HtmlElement

logger = logging.getLogger(__name__)

_FEED = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<(?:rss|feed|rdf:RDF)[\s>]|\{)")
# What a link to further pages of the list says, which a wide rule points at as well.
_TO_A_PAGE = re.compile(
    r"\[?\d{0,4}\]?|[«»<>‹›→←]+|(?:맨\s*)?[처앞뒤끝]음?|(?:이전|다음)(?:\s*(?:페이지|목록|\d+개))?|더\s*보기"
    r"|prev(?:ious)?|next|first|last|more",
    re.IGNORECASE,
)
# Where a link is a whole card, its headline.
_HEADLINES = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADLINE_CLASS = re.compile(r"(?:^|[\s_-])(?:tit|title|subject|subj|headline)(?:$|[\s_-])", re.I)
# Marks and counts, in elements of their own: [12], N, 새글.
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

_MAX_LOOKS = 5_000  # links that are looked at; a wide rule meets the same ones again and again
_MAX_TITLES = 3 * MAX_ENTRIES  # that are looked for
_MAX_PARTS = 100  # elements of a link whose title is told from the rest
_MAX_TEXT = 2 * MAX_TITLE  # characters, of each piece of text


class NotAListing(ValueError):
    """No page, or no link where the rule points. Its message is a Korean sentence for the owner."""


class Link(NamedTuple):
    address: str
    """Canonical."""
    title: str
    """What the link says, on one line; "" if it holds a picture alone."""


def read_listing(body: bytes, *, content_type: str, address: str, rule: str) -> list[Link]:
    """The links to articles of the page at `address`, each address once, in the page's order.

    `rule` is a CSS selector (collector.reading.rules) of the links, or of what holds them: then the
    first link in each is meant. Raises NotAListing and nothing else.
    """
    if not body.strip():
        raise NotAListing(_("받은 내용이 비어 있습니다."))
    if _FEED.match(body[:1000].removeprefix(b"\xef\xbb\xbf")):
        raise NotAListing(_("목록 페이지가 아니라 피드입니다. 종류를 피드로 바꿔 주세요."))
    try:
        return _read(body, content_type, address, rule)
    except NotAListing:
        raise
    except Exception as error:  # lxml promises nothing about what it raises
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
    """Each link to an article with its address; nothing that leads to the listing itself."""
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
            if target == first:  # its picture, its headline and its first words may be a link each
                yield link, target


def _anchors(element: "HtmlElement") -> "Iterator[HtmlElement]":
    """The links that `element` is or holds, else the one that holds it."""
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
    """The headline within a card; else all it says but counts of comments and marks of new ones.

    A title that the page cuts short is often whole in the link's `title`.
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
    """Its words but for counts and marks, on one line; about a title's length of them."""
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
    """The first words of what may be large."""
    return one_line("".join(text[:_MAX_TEXT] for text in islice(element.itertext(), 20)))
