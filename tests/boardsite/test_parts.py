"""Parts (Jinja2) print what they are given as pages (Django's templates) do."""

import pytest
from django.template import engines
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, override

from boardsite.parts import draw
from tests.sources import ROOT


def part(source: str, **needs) -> str:
    """With quotes written as Django writes them."""
    drawn = engines["parts"].env.from_string(source).render(needs)
    return drawn.replace("&#39;", "&#x27;").replace("&#34;", "&quot;")


def page(source: str, **needs) -> str:
    return engines["django"].from_string(source).render(needs)


class Named:
    def __str__(self) -> str:
        return "<이름>"


@pytest.mark.parametrize(
    "value",
    [
        "<script>alert('\"&amp;\"')</script>",
        SafeString("<b>굵게</b>"),
        gettext_lazy("<b>"),
        Named(),
        Named,
        7,
        None,
        "",
    ],
    ids=lambda value: type(value).__name__,
)
def test_prints_as_a_page_does(value):
    printed = page("{{ value }}", value=value)
    if value is Named:  # pages call what they can call
        printed = page("{{ value }}", value=str(value))
    assert part("{{ value }}", value=value) == printed
    assert part("{% set x = value %}{{ x }}", value=value) == printed
    assert part("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(value) }}", value=value) == printed


def test_what_is_not_there_is_empty():
    assert part("[{{ missing }}{{ missing.name.more }}]") == "[]"


@pytest.mark.parametrize("filter_", ["upper", "replace('a', '<')", "default('<', true)"])
def test_what_a_filter_makes_is_escaped(filter_):
    assert "<" not in part("{{ ''|" + filter_ + " }}{{ 'a<'|" + filter_ + " }}")
    assert part("{{ '%(a)s'|format(a=a) }}", a="<") == "&lt;"


def test_translates_into_the_language_of_the_page():
    name = "site_feeds.jinja"
    assert draw(name, site_name="가") == draw(name, site_name="가")
    with override("en"):
        assert 'title="&lt;"' in draw(name, site_name="<")


def test_every_part_compiles():
    environment = engines["parts"].env
    names = environment.list_templates()
    assert len(names) == len(list((ROOT / "templates/parts").glob("*.jinja")))
    for name in names:
        environment.get_template(name)
