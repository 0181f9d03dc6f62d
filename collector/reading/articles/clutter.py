"""Removes from an article's body what is not the article: scripts, share bars, related articles,
advertisements, contact and copyright lines. Pure.

Elements are judged by their names here, then lines by their text (lines.py). An element with most
of the text stays, whatever its name.
"""

import re
from typing import TYPE_CHECKING

from collector.reading.articles.lines import BLOCKS, LEAST, SHOWN, cut_lines, drop, walked

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# These never contain text of an article.
_NEVER = set(
    "script style noscript template form button input select option textarea label nav dialog object"
    " embed applet svg canvas math link meta title amp-ad amp-analytics amp-social-share amp-sidebar"
    " amp-embed amp-pixel amp-auto-ads amp-sticky-ad".split()
)
_SELDOM = {"aside", "footer", "ins"}
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|sns|social|related|relate|relation|relnews|recommend\w*|ranking|popular"
    r"|most(?:read|viewed)?|trending|ads?\d*|adbox|advert\w*|adsbygoogle|adsense|google|banner|sponsor\w*"
    r"|promo\w*|newsletter|subscribe|subscription|comments?|reply|copyright|reporter|byline|journalist"
    r"|tags?|keywords?|breadcrumbs?|toolbar|print|fontsize|font-size|like|likes|reactions?|poll"
    r"|dable|taboola|outbrain|tts|paging|pagination|noprint|screen-?reader|sr-only|blind"
    r"|jp-relatedposts|yarpp)(?:$|[\s_\d-])",
    re.IGNORECASE | re.ASCII,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

_BOXES = set("div section article main table tbody tr td center".split())
_STAYS_EMPTY = SHOWN | {"br", "td", "th", "col", "wbr"}


def cut_clutter(body: "HtmlElement", title: str) -> str:
    """Removes clutter from `body`, and its heading if that is `title`.

    Returns the reporter named in a removed line, or "".
    """
    for element in list(body.iter(*_NEVER)):
        drop(element)
    _cut_named(body)
    reporter = cut_lines(body, title)
    _prune(body)
    return reporter


def text_length(element: "HtmlElement") -> int:
    return sum(len("".join(text.split())) for text in element.itertext())


# -- by name ---------------------------------------------------------------------------------------
def _cut_named(body: "HtmlElement") -> None:
    """Keeps elements with most of the text: `class="print"` may be the article itself."""
    total = text_length(body)
    left = total * (1 - LEAST)
    for element in list(body.iterdescendants()):
        if not isinstance(element.tag, str) or not _is_clutter(element):
            continue
        if not _is_below(element, body):
            continue  # already removed with its parent
        if next(element.iterancestors("figure"), None) is not None:
            continue  # here `class="copyright"` is the photo credit
        count = text_length(element)
        if count <= total / 2 and count <= left:
            left -= count
            drop(element)
    _cut_link_boxes(body)


def _cut_link_boxes(body: "HtmlElement") -> None:
    """Removes boxes and cells of links, such as a sidebar. Lists stay: an article may contain
    one."""
    total = text_length(body)
    for element in list(body.iterdescendants("td", "div", "section")):
        links = element.xpath("(.//a)[position() <= 3]")
        if len(links) < 3 or not _is_below(element, body):
            continue
        count = text_length(element)
        if count <= total / 2 and linked_length(element) >= 0.8 * count:
            if element.tag == "td":
                element.clear(keep_tail=True)
            else:
                drop(element)


def linked_length(element: "HtmlElement") -> int:
    return sum(text_length(link) for link in element.iter("a"))


def narrowed(body: "HtmlElement") -> "HtmlElement":
    """The innermost element that still contains everything, without the layout table around it."""
    while True:
        if body.text and body.text.strip():
            return body
        full = [each for each in body if text_length(each) or each.tag in SHOWN or _has_shown(each)]
        if len(full) != 1 or full[0].tag not in _BOXES or (full[0].tail or "").strip():
            return body
        body = full[0]


def _has_shown(element: "HtmlElement") -> bool:
    return next(element.iterdescendants(*SHOWN), None) is not None


def _is_below(element: "HtmlElement", body: "HtmlElement") -> bool:
    return any(above is body for above in element.iterancestors())


def _is_clutter(element: "HtmlElement") -> bool:
    if element.tag in _SELDOM:
        return True
    given = element.attrib
    if not given or element.tag in ("img", "figcaption", "td", "tr", "tbody"):
        return False
    names = " ".join((given.get("class", ""), given.get("id", ""), given.get("role", "")))[:300]
    return bool(
        "hidden" in given
        or (names.strip() and _NAMED.search(_CAMEL.sub("-", names)))
        or _UNSEEN.search(given.get("style", "")[:300])
    )


def _prune(body: "HtmlElement") -> None:
    """Removes empty elements, and line breaks that separate nothing."""
    for element in reversed(list(body.iterdescendants())):
        tag = element.tag
        if tag not in _STAYS_EMPTY and not len(element) and not (element.text or "").strip():
            drop(element)
    for row in reversed(list(body.iter("tr", "table", "tbody"))):
        if not "".join(row.itertext()).strip() and not _has_shown(row):
            drop(row)
    _cut_breaks(body)


def _cut_breaks(body: "HtmlElement") -> None:
    """Removes line breaks after two others without text between them."""
    run = 0
    for event, element in list(walked(body)):
        if event == "start":
            if element.tag in SHOWN | BLOCKS - {"body"} or (element.text or "").strip():
                run = 0
            continue
        if element.tag == "br":
            run += 1
            if run > 2:
                drop(element)  # its tail stays
        if (element.tail or "").strip():
            run = 0
