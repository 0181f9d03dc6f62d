"""Attack case 97: twice the text never takes more than twice the time.

This test finds every function of the pure modules that takes text, and calls it with the worst
known inputs. A function with further arguments is listed in GIVEN, one whose input is limited
elsewhere in LIMITED, one that is not measured in UNMEASURED with the reason. Any other function
fails a test.
"""

import ast
import gc
import importlib
import inspect
import logging
import pkgutil
import re
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from types import ModuleType

import pytest
from django.forms import ValidationError

from boards.text.differences import Piece
from boardsite.text import richtext
from boardsite.visitors import user_agents
from collector.reading.entries import Entry, Picture
from collector.reading.pages import read_fragment
from tests.sources import parsed_sources

LENGTH = 200_000  # characters
MOST = 2.5  # allowed factor of time for twice the text
SHORT = LENGTH // 16
CHEAP = 0.01  # seconds
NOTHING = 0.01  # seconds; anything faster is noise
SLOW = 0.05  # seconds; a shorter text is enough to measure this
TRIES = 5

# Every module of these packages, and every other module whose docstring says that it is pure.
PACKAGES = ("boardsite.text", "boards.text", "accounts.text", "collector.reading")
ALSO = ("boards.skin_language", "boardsite.reporting.spreadsheet", "visits.pages")

MARKS = "\u0301\u0323"
WORST = {
    "closing brackets": ("https://a.kr/", ")"),
    "closing brackets of both kinds": ("https://a.kr/", ")]"),
    "opening brackets": ("https://a.kr/", "("),
    "brackets and stops": ("https://a.kr/", ")."),
    "stops": ("https://a.kr/", "."),
    "addresses": ("", "https://a.kr/) "),
    "addresses in lines": ("", "https://youtu.be/dQw4w9WgXcQ\n"),
    "schemes": ("", "https://"),
    "hosts": ("https://", "a."),
    "Hangul hosts": ("https://", "가."),
    "Hangul paths": ("https://a.kr/", "=가"),
    "marks": ("a", MARKS),
    "marks of high planes": ("a", "\U0001d165\u0323"),
    "marks as starters": ("a", "\uff9e\u0323"),
    "marks and letters": ("", "a" + MARKS),
    "joiners": ("가", "\u200d"),
    "fillers": ("", "\u3164"),
    "lone letters": ("", "ㅋ"),
    "NFD": ("", "\u1112\u1161\u11ab"),
    "ligatures": ("", "\ufdfa"),
    "a word": ("", "가"),
    "a Latin word": ("", "a"),
    "words": ("", "가 나 "),
    "lines": ("", "가\n"),
    "empty lines": ("", "\n"),
    "empty lines of spaces": ("", "\n "),
    "spaces": ("가", " "),
    "spaces before a letter": ("", " " * 99 + "x"),
    "tabs": ("", "\t"),
    "digits": ("", "1"),
    "digits and dashes": ("", "1-"),
    "amounts": ("1", ",111"),
    "Hangul digits": ("", "일 "),
    "@": ("", "@"),
    "mentions": ("", "@ab "),
    "a long mention": ("@", "ab."),
    "#": ("", "#"),
    "tags": ("", "#가나 "),
    "backticks": ("", "`"),
    "quotes": ("", "\"'"),
    "entities": ("", "&lt;"),
    "ampersands": ("", "&"),
    "unended entities": ("", "&#1"),
    "opening tags": ("", "<b>"),
    "nested lists": ("", "<ul><li>"),
    "nested fonts": ("", "<font color=red>"),
    "bold before blocks": ("<b>" * 500, "<p>"),
    "unended tags": ("", "<a "),
    "unended attributes": ("", '<a href="'),
    "angle brackets": ("", "<"),
    "comments": ("", "<!--"),
    "unended comments": ("", "<!-- --"),
    "declarations": ("", "<!["),
    "links": ("", '<a href="https://youtu.be/dQw4w9WgXcQ">a</a>'),
    "pictures": ("", '<img src="/files/1/picture/">'),
    "unended pictures": ("", "<img "),
    "players": ("", '<iframe src="https://www.youtube.com/embed/a">'),
    "empty figures": ("", "<figure> "),
    "figures of spaces": ("<figure>", " "),
    "unended players": ("", "<iframe >"),
    "a long style": ('<p style="', "color:red;"),
    "a long link": ('<a href="', "a"),
    "tables": ("<table>", "<tr><td>"),
    "dots": ("", "a."),
    "dashes": ("", "-"),
    "underscores": ("", "_"),
    "lowered letters": ("", "rn"),
    "commas": ("", ","),
    "semicolons": ("", "a;"),
    "equals": ("", "a=b&"),
    "slashes": ("", "/a"),
    "backslashes": ("", "\\"),
    "colons": ("", ":"),
    "percent signs": ("", "%41"),
    "braces": ("", "{{"),
    "template tags": ("", "{% if a %}"),
    "style rules": ("", "a{b:c}"),
    "unended style comments": ("", "/*"),
    "NUL": ("", "\0"),
    "robots": ("Mozilla/5.0 ", "(bot;"),
    "ranges": ("bytes=", "1-2,"),
    "JSON": ("", '{"a":'),
    "arrays": ("", "["),
    "selectors": ("a", ">b"),
    "comma selectors": ("a", ":not(a"),
    "mail addresses": ("", "a@b."),
    "reporters": ("", "김민지 기자 "),
    "dates": ("", "2026-01-01T"),
}

# Values of the other arguments by their name; every other parameter gets text.
GIVEN = {
    "base": "https://a.kr/",
    "content_type": "text/html",
    "file_address": lambda _path: "/files/1/picture/",
    "form": "NFKC",
    "format": "html",
    "hosts": {"a.kr"},
    "is_html": True,
    "is_compact": True,
    "keys": ["가나"],
    "known": {"ab"},
    "length": 120,
    "own_host": "a.kr",
    "page_address": lambda _asked: "/free/1/",
    "pages": {"ab": "/members/ab/"},
    "parameters": ("q",),
    "rules": ["p"],
    "sizes": {1: (10, 10)},
    "size": 1000,
    "tag": "p",
    "today": date(2026, 11, 30),
    "words": ["가나", "ab"],
    "written": lambda _address, _words: "",
}

# Functions that refuse longer text or never get it: (characters, allowed seconds).
LIMITED = {
    # nh3 takes quadratic time for nested elements; MAX_TAGS and MAX_ENTITIES limit them. It is some 0.2 s.
    "boardsite.text.richtext.clean": (richtext.MAX_SOURCE, 10),
    "boardsite.text.richtext.render": (richtext.MAX_SOURCE, 10),
    "importer.proving.texts.letters_of_html": (richtext.MAX_SOURCE, 10),
    "importer.reading.cleaning.rendered": (richtext.MAX_SOURCE, 10),
    # boardsite.visitors.user_agents cuts the header.
    "boardsite.visitors.robot_names.is_listed": (user_agents.MAX_LENGTH, 1),
    "boardsite.visitors.robot_names.listed_name": (user_agents.MAX_LENGTH, 1),
    "boardsite.visitors.robot_names.robot_name": (user_agents.MAX_LENGTH, 1),
}

OWN = "takes what the site itself has made"
UNMEASURED = {
    "accounts.roles.rights_on": OWN,
    "boards.media.contents.content_of": "reads the first bytes of a file",
    "boardsite.reporting.charts.draw": OWN,
    "boardsite.reporting.spreadsheet.csv_file": "writes cells, which are measured",
    "boardsite.reporting.spreadsheet.csv_lines": "writes cells, which are measured",
    "collector.fetching.inflating.decoded": "tests/collector/test_fetch.py has bombs for it",
    "collector.reading.articles.json_ld.listed": "looks at one value",
    "collector.reading.articles.json_ld.text_at": "looks at one value",
    "collector.reading.entries.unpacked": OWN,
    "pages.arranging.moved": "takes numbers and a word of the form",
    "upkeep.moving.values.converted": "converts one value of the database at a time",
    "visits.pages.page_path": "MAX_PATH is asked before (boardsite.middleware)",
}

# How to make a value from a text, by the annotation of the parameter.
MAKERS: dict[str, Callable[[str], object]] = {
    "str": str,
    "str | None": str,
    "object": str,
    "bytes": str.encode,
    "HtmlElement": read_fragment,
    "Iterable[str]": str.split,
    "Mapping[str, str]": lambda text: {"bo_table": text, "stx": text, "wr_id": text},
    "Sequence[str]": str.split,
    "Entry": lambda text: Entry(
        text, text, text, text, text, text, None, Picture(text, text, text)
    ),
    "Picture": lambda text: Picture(text, text, text),
    "list[Piece]": lambda text: [Piece("same", each) for each in text.split()],
}
TEXT = re.compile(r"\b(?:str|bytes|object|Any|HtmlElement|Entry|Picture|Piece|HttpRequest|File)\b")


@cache
def modules() -> tuple[ModuleType, ...]:
    names = set(ALSO)
    for package in PACKAGES:
        path = importlib.import_module(package).__path__
        names |= {each.name for each in pkgutil.walk_packages(path, f"{package}.")}
    for path, tree in parsed_sources():
        if re.search(r"\b[Pp]ure[.:,]", ast.get_docstring(tree) or ""):
            names.add(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    return tuple(importlib.import_module(name) for name in sorted(names))


@cache
def functions() -> dict[str, Callable]:
    """Every public function that takes text, or a value made of text, by its full name, and every
    class whose constructor does."""
    return {
        f"{module.__name__}.{name}": member
        for module in modules()
        for name, member in inspect.getmembers(module, _works)
        if member.__module__ == module.__name__
        and not name.startswith("_")
        and any(TEXT.search(_kind(each)) for each in inspect.signature(member).parameters.values())
    }


def _works(member) -> bool:
    """Whether it is a function, or a class with an explicit __init__."""
    code = getattr(member.__init__ if inspect.isclass(member) else member, "__code__", None)
    return code is not None and code.co_filename != "<string>"


def _kind(parameter: inspect.Parameter) -> str:
    kind = inspect.formatannotation(parameter.annotation).strip("'")
    return re.sub(r"\b(?:\w+\.)+", "", kind)


def caller(function: Callable) -> Callable[[str], float]:
    """Returns a function that measures the seconds `function` takes with a text."""
    given, made = {}, {}
    for name, parameter in inspect.signature(function).parameters.items():
        make = MAKERS.get(_kind(parameter))
        if name in GIVEN and (make is not str or isinstance(GIVEN[name], str)):
            given[name] = GIVEN[name]
        elif make:
            made[name] = make
        elif parameter.default is inspect.Parameter.empty:
            raise LookupError(f"{function.__qualname__} needs {name}: {_kind(parameter)}")
    members = vars(inspect.getmodule(function)).values()
    caches = [each for each in members if hasattr(each, "cache_parameters")]
    caches = [each for each in caches if each.cache_parameters()["maxsize"]]

    def seconds(text: str) -> float:
        for each in caches:
            each.cache_clear()
        # Texts without a common word, for functions that compare two texts.
        own = {
            name: make(text.swapcase() if place else text)
            for place, (name, make) in enumerate(made.items())
        }
        start = time.thread_time()
        with suppress(ValueError, ValidationError, RecursionError):  # refused input
            found = function(**given, **own)
            if inspect.isgenerator(found):
                list(found)
        return time.thread_time() - start

    return seconds


def growth(seconds: Callable[[str], float], head: str, piece: str) -> str:
    """The error message; "" if the growth is linear."""

    def text(length: int) -> str:
        return (head + piece * length)[:length]

    length = SHORT
    before = seconds(text(length))
    if before < CHEAP / 16:
        length = LENGTH // 4
        before = seconds(text(length))
        if before < CHEAP:
            return ""  # quadratic growth from there would be a sixth of a second for LENGTH
    while length > 500 and before > SLOW:
        length //= 2
        before = seconds(text(length))
    # After doubling twice quadratic growth is visible despite noise: a factor of 16, where 6.25 is
    # allowed.
    for _try in range(TRIES):
        after = seconds(text(4 * length))
        if after <= max(NOTHING, MOST**2 * before):
            return ""
        before = max(before, seconds(text(length)))
    return f"{before:.3f} s, and {after:.3f} s for {4 * length:,} characters"


@pytest.fixture(autouse=True)
def nothing_else_is_measured():
    """Disables garbage collection, which would add time to an arbitrary call."""
    gc.disable()
    logging.disable()
    yield
    logging.disable(logging.NOTSET)
    gc.enable()


def test_every_function_is_measured_or_has_a_reason():
    unknown = {*LIMITED, *UNMEASURED} - set(functions())
    assert not unknown
    assert len(functions()) > 100
    for name in set(functions()) - set(UNMEASURED):
        caller(functions()[name])


@pytest.mark.parametrize("name", sorted(set(functions()) - {*LIMITED, *UNMEASURED}))
def test_twice_the_text_takes_twice_the_time(name):
    seconds = caller(functions()[name])
    bad = {title: error for title, worst in WORST.items() if (error := growth(seconds, *worst))}
    assert bad == {}


@pytest.mark.parametrize("name", sorted(LIMITED))
def test_the_longest_text_is_quick(name):
    seconds, (limit, most) = caller(functions()[name]), LIMITED[name]
    for title, (head, piece) in WORST.items():
        for length in (limit, limit * 2 // 5):  # a longer text may be refused for its content
            text = (head + piece * length)[:length]
            assert any(seconds(text) < most for _try in range(TRIES)), title


@pytest.mark.parametrize(
    "careless",
    [
        lambda text: [text.find("x", place) for place in range(len(text))],
        lambda text: re.search(r"\)+x", text),
        lambda text: unicodedata.normalize("NFC", text),
    ],
)
def test_a_quadratic_function_is_found(careless):
    def function(text: str) -> object:
        return careless(text)

    assert any(growth(caller(function), *worst) for worst in WORST.values())
