"""Finds the element of a page that contains the article. Pure.

trafilatura knows which words belong to the article, but returns them in a simplified structure. So
only its words are used: the body is the smallest element that contains nearly all of them.
"""

import copy
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from collector.reading import markup
from collector.reading.articles import clutter
from collector.reading.rules import choose

if TYPE_CHECKING:
    from lxml.html import HtmlElement

logger = logging.getLogger(__name__)

_LEAST = 40  # characters of an article that no markup identifies
_LEAST_NAMED = 10
_PIECE = 6  # characters of the pieces by which two texts are compared
_NEARLY = 0.9
_MAX_WORDS = 200_000  # characters of trafilatura's result
_FAST_FROM = 5_000  # elements from which on trafilatura's fallbacks are too slow for their use
# Article elements of common publishing systems.
_KNOWN = (
    "//*[@itemprop='articleBody' or @id='article-view-content-div' or @id='articleBody'"
    " or @id='articleBodyContents' or @id='newsct_article' or @id='dic_area' or @id='textBody'"
    " or contains(concat(' ', @class, ' '), ' se-main-container ')"
    " or contains(concat(' ', @class, ' '), ' tt_article_useless_p_margin ')"
    " or contains(concat(' ', @class, ' '), ' entry-content ')]"
)
_ATTRIBUTES = set(
    "href src alt title width height colspan rowspan start cite datetime open".split()
)
# Elements that keep their meaning outside their parent.
_STAYS = set("table ul ol dl pre blockquote figure p h1 h2 h3 h4 h5 h6".split())
_AMP = {"amp-img": "img", "amp-iframe": "iframe", "amp-video": "video"}


def find_body(page: "HtmlElement", rule: str) -> "HtmlElement | None":
    """A copy of the article's element: everything that `rule` selects, or the detected body.

    Returns None if the rule selects nothing, or if the page has no text besides links.
    """
    from lxml import html

    found = _by_rule(page, rule) if rule else _by_looks(page)
    if not found:
        return None
    parts = [copy.deepcopy(each) for each in found]
    for part in parts:
        part.tail = None
        if part.tag not in _STAYS:
            part.tag = "div"
    body = parts[0]
    if len(parts) > 1 or body.tag != "div":
        body = html.Element("div")
        body.extend(parts)
    for element in body.iter(*_AMP):
        element.tag = _AMP[str(element.tag)]
    for img in body.iter("img"):
        _settle(img)
    return body


def cut_by_rules(page: "HtmlElement", rules: Sequence[str]) -> None:
    """Removes everything that the source's own rules select."""
    for rule in rules:
        for element in _by_rule(page, rule):
            if element.getparent() is not None:
                element.drop_tree()


def to_html(body: "HtmlElement") -> str:
    """The HTML inside `body`, with the attributes that an article needs."""
    from lxml import html

    for element in body.iter():
        for name in set(element.attrib) - _ATTRIBUTES:
            del element.attrib[name]
    written = html.tostring(body, encoding="unicode", with_tail=False)
    return written.partition(">")[2].rpartition("</")[0].strip()


def _settle(img: "HtmlElement") -> None:
    """Sets the real address of a lazily loaded picture."""
    if not img.get("src", "").strip() or img.get("src", "").strip().startswith("data:"):
        late = next(filter(None, (img.get(name, "").strip() for name in markup.LATE_PICTURES)), "")
        img.set("src", late or img.get("srcset", "").strip().partition(" ")[0].rstrip(","))


def _by_rule(page: "HtmlElement", rule: str) -> "list[HtmlElement]":
    """The elements that a CSS selector selects, without nested duplicates; none for an invalid
    rule."""
    try:
        found = choose(page, rule)
    except ValueError:
        logger.warning("Not a CSS selector: %.100s", rule)
        return []
    chosen = set(found)
    return [
        each
        for each in found
        if isinstance(each.tag, str) and not any(above in chosen for above in each.iterancestors())
    ]


def _by_looks(page: "HtmlElement") -> "list[HtmlElement]":
    known = [each for each in page.xpath(_KNOWN)[:20] if clutter.text_length(each) >= _LEAST_NAMED]
    best = max(known, key=clutter.text_length) if known else _by_words(page)
    if best is None or clutter.linked_length(best) > clutter.text_length(best) / 2:
        return []
    return [best] if known or clutter.text_length(best) >= _LEAST else []


def _by_words(page: "HtmlElement") -> "HtmlElement | None":
    """The smallest element with nearly all words that trafilatura assigns to the article."""
    words = _words(page)
    pieces = {words[place : place + _PIECE] for place in range(len(words) - _PIECE + 1)}
    if not pieces:
        return None
    weights: dict[HtmlElement, int] = {}
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "noscript"):
            continue
        own = _weight(element.text, pieces)
        own += sum(_weight(child.tail, pieces) for child in element)
        if own:
            weights[element] = own
    # Children come after their parents, so in reverse order each element's children are done first.
    for element in reversed(list(page.iter())):
        parent = element.getparent()
        if parent is not None and element in weights:
            weights[parent] = weights.get(parent, 0) + weights[element]
    best, wanted = page, _NEARLY * min(weights.get(page, 0), len(words))
    while True:
        inner = max(best, key=lambda child: weights.get(child, 0), default=None)
        if inner is None or weights.get(inner, 0) < wanted or inner.tag in ("p", "span"):
            break
        best = inner
    # Several cells: they are a table only together.
    while best.tag in ("tr", "tbody") and (outer := best.getparent()) is not None:
        best = outer
    return best


def _words(page: "HtmlElement") -> str:
    """trafilatura's text of the page, without spaces. Any exception counts as no text."""
    import trafilatura

    # It logs an error for each page without text.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    is_large = sum(1 for _each in page.iter()) > _FAST_FROM
    try:
        found = trafilatura.bare_extraction(
            page, include_comments=False, favor_precision=True, fast=is_large
        )
    except Exception:
        logger.warning("trafilatura could not read a page", exc_info=True)
        return ""
    if found is None or isinstance(found, dict):
        return ""
    return _squeezed((found.text or "")[:_MAX_WORDS])


def _weight(text: str | None, pieces: set[str]) -> int:
    """How many characters of a text are in the pieces."""
    if not text or text.isspace():
        return 0
    text = _squeezed(text)
    places = range(0, max(len(text) - _PIECE + 1, 0), _PIECE)
    return _PIECE * sum(text[place : place + _PIECE] in pieces for place in places)


def _squeezed(text: str) -> str:
    return "".join(text.split())
