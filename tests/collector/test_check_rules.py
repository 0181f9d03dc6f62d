"""The CSS selectors of a source: which are valid, what they select, and how long they take."""

import random
import time

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from collector.reading.rules import MAX_PARTS, MAX_RULE, check_selector, choose

PAGE = html.document_fromstring(
    "<body><div id=m class='x y'><!-- x --><ul class=list><li><a class=k href=1>1</a><li><b>q</b><i></i>"
    "<!-- x --><a href=2>2</a><ul><li><a>3</a></ul></ul><table><tr><td>1<td><a>4</a></table>"
    "<p><a href=z>5</a><p>6</div>"
)


def chosen(rule: str) -> list[str]:
    return [element.text_content() for element in choose(PAGE, rule)]


# -- which are taken -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "rule",
    [
        "a",
        "  ul.list a ",
        "#news > li:first-child a[href^='/article/']",
        "div.a.b, section a ~ a, h3 + p a",
        "td:nth-child(2n+1) a:not(.ad)",
        "td.제목 a",
        ":is(h2, h3) > a",
        '[data-role="headline"]',
        "." + "a" * (MAX_RULE - 1),
        " ".join(["a"] * MAX_PARTS),
    ],
)
def test_a_valid_selector_is_accepted(rule):
    check_selector(rule)
    choose(PAGE, rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "적어 주세요"),
        ("  \n", "적어 주세요"),
        ("a[", "CSS 선택자가 아닙니다"),
        ("a >", "CSS 선택자가 아닙니다"),
        ("> a", "CSS 선택자가 아닙니다"),
        ("//div/a", "CSS 선택자가 아닙니다"),
        ("<a>", "CSS 선택자가 아닙니다"),
        ("a:nope", "CSS 선택자가 아닙니다"),
        ("*:first-of-type", "CSS 선택자가 아닙니다"),
        ("svg|a", "CSS 선택자가 아닙니다"),
        ("a:not(:not(:not(b)))", "CSS 선택자가 아닙니다"),
        ("a:has(> img)", ":has"),
        ("a:is(.x, :has(b))", ":has"),
        ("a:contains('광고')", ":contains"),
        ("a:hover", ":hover"),
        (":scope > a", ":scope"),
        ("a:not(.x b)", ":not"),
        ("a::text", "::text"),
        ("a::attr(href)", "::attr"),
        ("a" * (MAX_RULE + 1), "너무 깁니다"),
        (" ".join(["a"] * (MAX_PARTS + 1)), "너무 복잡합니다"),
        (", ".join(["a"] * (MAX_PARTS + 1)), "너무 복잡합니다"),
    ],
)
def test_any_other_selector_is_refused_in_korean(rule, words):
    for function in (check_selector, lambda rule: choose(PAGE, rule)):
        with pytest.raises(ValueError, match=words):
            function(rule)


# -- what they point at ----------------------------------------------------------------------------
def test_it_selects_what_browsers_select():
    assert chosen("ul.list a") == ["1", "2", "3"]
    assert chosen("ul.list > li > a") == ["1", "2"]
    assert chosen("li li a, td + td a, a.k") == ["1", "3", "4"]
    assert chosen("i + a, b ~ a") == ["2"]
    assert chosen("DIV UL A[HREF]") == ["1", "2"]
    assert chosen("li:first-child > a:not([href])") == ["3"]
    assert chosen("video a") == []


def test_it_selects_what_lxml_selects():
    """lxml's own result is right, but takes too long on malicious pages."""
    rng = random.Random(1)
    simple = "a li ul div td * .list a.k #m a[href] li:first-child td:nth-child(2) a:not(.k) b i p".split()
    simple.append(":is(a, b)")
    for _ in range(1500):
        rule = rng.choice(simple)
        for _part in range(rng.randint(0, 3)):
            rule += rng.choice([" ", " > ", " + ", " ~ ", ", "]) + rng.choice(simple)
        expected = set(CSSSelector(rule, translator="html")(PAGE))
        assert choose(PAGE, rule) == [each for each in PAGE.iter() if each in expected], rule


# -- what they cost --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 240,
        "<i>" + "<a></a>" * 19_000,
        ("<p>" + "<a></a>" * 900 + "</p>") * 20,
        ("<div>" * 230 + "<a></a>" * 80 + "</div>" * 230) * 60,
    ],
    ids=["deep", "wide", "both", "many"],
)
def test_no_page_makes_a_rule_slow(page):
    page = html.document_fromstring(page)
    for rule in (
        "div div div div a",
        " ".join("*" * MAX_PARTS),
        "a ~ a ~ a ~ a",
        "a + a + a + a",
        "a:nth-child(2n+1)",
        "a:last-of-type",
    ):
        began = time.thread_time()
        choose(page, rule)
        assert time.thread_time() - began < 10, rule
