"""The site's templates (Jinja2): what they print, and what is an error in them."""

import pytest
from django.core.management.commands.makemessages import TranslatableFile
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, override
from jinja2 import ChainableUndefined
from jinja2.exceptions import UndefinedError

from boardsite import jinja
from boardsite.caching import page_cache
from boardsite.jinja import declared, draw, environment
from boardsite.management.commands.makemessages import SourceFile


def printed(source: str, **needs) -> str:
    """With quotes written as Django writes them."""
    html = engines["jinja"].env.from_string(source).render(needs)
    return html.replace("&#39;", "&#x27;").replace("&#34;", "&quot;")


def as_django_prints(source: str, **needs) -> str:
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
        7,
        None,
        "",
    ],
    ids=lambda value: type(value).__name__,
)
def test_escapes_as_django_does(value):
    expected = as_django_prints("{{ value }}", value=value)
    assert printed("{{ value }}", value=value) == expected
    assert printed("{% set x = value %}{{ x }}", value=value) == expected
    assert printed("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(value) }}", value=value) == expected


@pytest.mark.parametrize("filter_", ["upper", "replace('a', '<')", "default('<', true)"])
def test_what_a_filter_makes_is_escaped(filter_):
    assert "<" not in printed("{{ ''|" + filter_ + " }}{{ 'a<'|" + filter_ + " }}")


def test_words_in_a_sentence_are_escaped():
    assert printed('{{ _("<b>%(name)s</b>님", name=name) }}', name="<i>") == "<b>&lt;i&gt;</b>님"
    trans = "{% trans name=name %}<b>{{ name }}</b>님{% endtrans %}"
    assert printed(trans, name="<i>") == "<b>&lt;i&gt;</b>님"


def test_translates_into_the_current_language(monkeypatch):
    monkeypatch.setattr(jinja, "gettext", lambda text: f"{text} ({jinja.get_language()})")
    source = '{% set words = _("글마다") %}{{ words }}'
    assert printed(source) == "글마다 (ko)"
    with override("en"):
        assert printed(source) == "글마다 (en)"


def test_constants_are_rendered_once(monkeypatch):
    """`{{ _("…") }}`, and not where an argument varies or something is done with the result."""
    calls = []
    monkeypatch.setitem(jinja.CONSTANT, "_", lambda text: calls.append(text) or "<b>&amp;</b>")
    constant = engines["jinja"].env.from_string('{{ _("한 번") }}|{{- _("두 번") -}}  |')
    assert calls == ["한 번", "두 번"]
    expected = "&lt;b&gt;&amp;amp;&lt;/b&gt;"
    assert constant.render() == constant.render() == f"{expected}|{expected}|"
    assert len(calls) == 2
    engines["jinja"].env.from_string('{{ _("글")|upper }}{{ _(words) }}{{ _("%(n)s", n=1) }}')
    assert len(calls) == 2


def test_pages_are_sent_without_the_indentation_of_their_template():
    assert printed("{% if 1 %}\n  <p>\n    글\n  </p>\n{% endif %}\n") == "<p>\n글\n</p>\n"


def test_what_does_not_end_in_jinja_is_djangos():
    assert get_template("ui/pages.jinja").backend.name == "jinja"
    assert get_template("admin/base_site.html").backend.name == "django"
    with pytest.raises(TemplateDoesNotExist):
        get_template("ui/nothing.jinja")


def test_the_first_line_declares_names():
    header = "{# post: Post · rows, notices?: [Row] · label?: of the pages · Some sentence of it #}"
    assert declared(header) == ["post", "rows", "notices?", "label?"]
    assert declared("{# nothing #}") == []
    assert declared("{# first: one ·\n   second #}\n<p>") == ["first", "second"]


@pytest.mark.parametrize(
    "source",
    ["{{ missing }}", "{% if missing %}{% endif %}", "{{ row.missing }}", "{{ none.name }}"],
)
def test_a_name_that_is_not_there_is_an_error(source):
    with pytest.raises(UndefinedError):
        printed(source, row=Named())


def test_a_declared_name_that_nobody_passes_is_an_error():
    source = "{# rows: [Row] · label?: of the pages #}\n{% if false %}{{ rows }}{% endif %}"
    assert printed(source, rows=[]) == ""
    with pytest.raises(UndefinedError, match="rows"):
        printed(source)


def test_a_part_that_is_drawn_alone_must_get_what_it_declares():
    assert "<nav" not in draw("boards/_neighbours.jinja", older=None, newer=None)
    with pytest.raises(UndefinedError, match="newer"):
        draw("boards/_neighbours.jinja", older=None)


def test_visitors_see_nothing_in_the_place_of_a_name_that_is_not_there():
    """Outside of tests and development a page with a mistake is better than none."""
    loader = engines["jinja"].env.loader
    lenient = environment(is_strict=False, loader=loader)
    assert lenient.undefined is ChainableUndefined
    assert lenient.from_string("{# rows #}[{{ rows }}{{ rows.name.more }}]").render() == "[]"


def test_an_unknown_placeholder_is_an_error(rf):
    source = '{{ placeholder("no_such_name") }}'
    with pytest.raises(KeyError):
        printed(source, request=rf.get("/"))
    optional = '[{{ placeholder("no_such_name", is_optional=true) }}]'
    assert printed(optional, request=rf.get("/")) == "[]"
    assert "no_such_name" not in page_cache._renderers


def test_makemessages_finds_sentences(tmp_path):
    template = tmp_path / "page.jinja"
    template.write_text(
        '{# nothing #}\n{{ _("글쓰기") }}\n<p title="{{ _("%(name)s님의 글", name=name) }}">\n'
        '{{ _(\n  "긴 "\n  "문장"\n) }}\n{% trans %}다음{% endtrans %}</p>'
    )
    file = SourceFile(None, "django", TranslatableFile(str(tmp_path), "page.jinja", None))
    file.preprocess()
    assert (tmp_path / "page.jinja.py").read_text().split("\n")[:7] == [
        "",
        "_('글쓰기'); ",
        "_('%(name)s님의 글'); ",
        "_('긴 문장'); ",
        "",
        "",
        "",
    ]
