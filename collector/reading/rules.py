"""CSS selectors with which an owner marks parts of a source's pages. Pure.

The owner writes the selector, but the page is untrusted. The XPath that lxml makes of a whole
selector (`div div div`, `a ~ a`, `:has()`) takes quadratic time or more on malicious pages. So each
part between combinators is evaluated separately, in one pass over the page, and the results are
joined here.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_RULE = 300  # characters
MAX_PARTS = 20  # simple selectors of one rule

_MAX_SIBLINGS = 1_000  # siblings that :nth-child() counts for each element

_POSITIONS = set(
    "first-child last-child only-child first-of-type last-of-type only-of-type"
    " nth-child nth-last-child nth-of-type nth-last-of-type".split()
)


def check_selector(text: str) -> None:
    """Raises ValueError with a Korean sentence if `choose` does not support the selector."""
    _parts(text)


def choose(page: "HtmlElement", rule: str) -> "list[HtmlElement]":
    """The elements of `page` (including itself) that `rule` selects, without duplicates, in
    document order.

    Takes linear time. Raises ValueError like `check_selector`.
    """
    rules = _parts(rule)
    if any(_has_position(tree) for tree in rules) and _is_crowded(page):
        return []
    found = [_chosen(page, tree) for tree in rules]
    if len(found) == 1:
        return found[0]
    any_of_them = set().union(*found)
    return [element for element in page.iter() if element in any_of_them]


@cache
def _translator() -> Any:
    from cssselect import HTMLTranslator

    return HTMLTranslator()


def _parts(text: str) -> list[Any]:
    """cssselect's trees of the selectors between commas. Raises ValueError."""
    from cssselect import SelectorError, parse
    from lxml import etree

    text = text.strip()
    if not text:
        raise ValueError(_("CSS 선택자를 적어 주세요."))
    if len(text) > MAX_RULE:
        raise ValueError(_("CSS 선택자가 너무 깁니다. %d자까지 적을 수 있습니다.") % MAX_RULE)
    try:
        selectors = parse(text)
        simple = [part for each in selectors for part in _simple(each.parsed_tree)]
        for part in simple:
            etree.XPath(_xpath(part))(etree.Element("a"))  # finds undeclared prefixes
    except (SelectorError, etree.XPathError, ValueError, RecursionError) as error:
        raise ValueError(_("CSS 선택자가 아닙니다. 예: ul.list a")) from error
    if len(simple) > MAX_PARTS:
        raise ValueError(_("CSS 선택자가 너무 복잡합니다."))
    for each in selectors:
        if each.pseudo_element:
            raise ValueError(_("CSS 선택자에 쓸 수 없습니다: ::%s") % _name(each.pseudo_element))
    for part in simple:
        if unread := _unread(part):
            raise ValueError(_("CSS 선택자에 쓸 수 없습니다: :%s") % unread)
    return [each.parsed_tree for each in selectors]


def _name(of: Any) -> str:
    return of if isinstance(of, str) else of.name


def _xpath(part: Any) -> str:
    return f"descendant-or-self::{_translator().xpath(part)}"


def _simple(tree: Any) -> list[Any]:
    """The simple selectors between the combinators."""
    from cssselect.parser import CombinedSelector

    parts = []
    while isinstance(tree, CombinedSelector):
        parts.append(tree.subselector)
        tree = tree.selector
    return [*parts, tree]


def _within(part: Any) -> list[Any]:
    """The selectors that `part` combines: `a:not(.b)` has two."""
    inner = [getattr(part, name, None) for name in ("selector", "subselector")]
    listed = getattr(part, "selector_list", [])
    return [each for each in (*inner, *listed) if each is not None]


def _unread(part: Any) -> str:
    """The name of an unsupported feature; "" without one."""
    from cssselect import parser

    match part:
        case parser.CombinedSelector():
            return "not(… …)"
        case parser.Relation():
            return "has()"
        case parser.Pseudo() if part.ident not in _POSITIONS:
            return part.ident
        case parser.Function() if part.name not in _POSITIONS:
            return f"{part.name}()"
    return next(filter(None, map(_unread, _within(part))), "")


def _has_position(tree: Any) -> bool:
    name = getattr(tree, "ident", "") or getattr(tree, "name", "")
    return name in _POSITIONS or any(map(_has_position, _within(tree)))


def _is_crowded(page: "HtmlElement") -> bool:
    return any(len(element) > _MAX_SIBLINGS for element in page.iter())


# -- looking ---------------------------------------------------------------------------------------
def _chosen(page: "HtmlElement", tree: Any) -> "list[HtmlElement]":
    from cssselect.parser import CombinedSelector
    from lxml import etree

    if not isinstance(tree, CombinedSelector):
        return etree.XPath(_xpath(tree))(page)
    before = set(_chosen(page, tree.selector))
    after = etree.XPath(_xpath(tree.subselector))(page) if before else []
    fits = _FITS[tree.combinator](before)
    return [element for element in after if fits(element)]


Fits = Callable[["HtmlElement"], bool]


def _previous(element: "HtmlElement") -> "HtmlElement | None":
    """The preceding sibling element, without comments."""
    return next(element.itersiblings("*", preceding=True), None)


def _reached(before: "set[HtmlElement]", step: Callable) -> Fits:
    """Whether repeated steps from an element lead to one of `before`; each step is taken once."""
    known: dict[HtmlElement, bool] = {}

    def fits(element: "HtmlElement") -> bool:
        walked = []
        place, answer = element, None
        while answer is None:
            answer = known.get(place)
            walked.append(place)
            place = step(place)
            if answer is None and (place is None or place in before):
                answer = place is not None
        known.update(dict.fromkeys(walked, answer))
        return answer

    return fits


_FITS: dict[str, Callable[["set[HtmlElement]"], Fits]] = {
    " ": lambda before: _reached(before, lambda element: element.getparent()),
    ">": lambda before: lambda element: element.getparent() in before,
    "+": lambda before: lambda element: _previous(element) in before,
    "~": lambda before: _reached(before, _previous),
}
