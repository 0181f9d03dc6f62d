"""What must hold in every template: it says what it needs, trusts no HTML, runs no inline script."""

import ast
import re
from pathlib import Path

from django.conf import settings
from django.template import engines
from jinja2 import meta, nodes

from boardsite.jinja import declared
from tests.sources import ROOT, parsed_sources, templates

# Cleaned HTML is printed as it is by these alone; highlight() escapes what it marks.
TRUSTED_TEMPLATES = {"templates/boards/_body.html", "templates/ui/body.jinja"}
# Jinja escapes what templates are given as Django does; the text between placeholders is escaped already.
TRUSTED_SOURCES = {
    "boardsite/text/korean.py",
    "boardsite/jinja.py",
    "boardsite/caching/page_cache.py",
}
TRUSTS = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+(?:off|false)")
TOKEN = {".html": "{% csrf_token %}", ".jinja": "{{ csrf_input }}"}
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
LONGEST_LINE = 120
CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
SECOND_ELEMENT = re.compile(r"(?:</[a-z0-9]+>|<(?:br|hr|img|input|link|meta)\b[^>]*>).*<[a-z]")
# What each page has: of Django's backend and of the context processors.
EVERYWHERE = (
    "request csrf_input csrf_token user perms messages"
    " site menu popular_words points_are_on is_known_moderator offered_providers provider_name"
).split()
EACH = templates()
JINJA = [path for path in EACH if path.suffix == ".jinja"]


def text_of(path) -> str:
    return (ROOT / path).read_text("utf-8")


def parsed(name: str) -> nodes.Template:
    environment = engines["jinja"].env
    return environment.parse(environment.loader.get_source(environment, name)[0])


def test_it_says_in_its_first_line_what_it_needs():
    silent = [path for path in EACH if not re.match(r"\{# \S.*? #\}", text_of(path), re.DOTALL)]
    assert silent == []


def test_what_it_needs_is_declared():
    """So is what the templates need that it includes or imports with its context, unless it sets
    that itself.
    """
    undeclared = {path: names for path in JINJA if (names := undeclared_in(path))}
    assert undeclared == {}


def undeclared_in(path: Path) -> set[str]:
    name = path.relative_to("templates").as_posix()
    tree = parsed(name)
    made = {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
    imports = [*tree.find_all(nodes.FromImport)]
    made |= {each for imported in imports for each in imported.names}
    used = meta.find_undeclared_variables(tree)
    in_context = [imported for imported in imports if imported.with_context]
    for included in [*tree.find_all(nodes.Include), *in_context]:
        text = text_of(f"templates/{included.template.value}")
        used |= {each for each in declared(text) if not each.endswith("?")}
    known = {*engines["jinja"].env.globals, *EVERYWHERE, *made}
    return used - known - {each.removesuffix("?") for each in declared(text_of(path))}


def test_a_line_holds_one_element():
    crowded = []
    for path in JINJA:
        text = text_of(path)
        long = [line for line in text.splitlines() if len(line) > LONGEST_LINE]
        lines = CODE.sub("", text).splitlines()
        crowded += [
            (path, line) for line in long + [each for each in lines if SECOND_ELEMENT.search(each)]
        ]
    assert crowded == []


def test_no_inline_script_style_or_handler():
    assert [(path, each) for path in EACH for each in inline_in(path)] == []


def inline_in(path: Path) -> list[str]:
    """The parts of a template that the content policy forbids."""
    text = text_of(path)
    inline = [
        f"<script{attributes}>"
        for attributes in re.findall(r"<script\b([^>]*)>", text)
        if "src=" not in attributes and attributes != ' type="application/ld+json"'
    ]
    inline += re.findall(r"<[a-z][^>]*\son[a-z]+\s*=|javascript:", text)
    if "/email/" not in path.as_posix():  # programs that show mails know inline styles only
        inline += re.findall(r"<style|<[a-z][^>]*\sstyle\s*=", text)
    return inline


def test_every_posting_form_carries_its_token():
    without = [
        (path, form)
        for path in EACH
        for form in FORM.findall(text_of(path))
        if 'method="post"' in form[: form.index(">") + 1].lower() and TOKEN[path.suffix] not in form
    ]
    assert without == []


def test_html_is_trusted_in_one_place_only():
    trusting = {path.as_posix() for path in EACH if TRUSTS.search(text_of(path))}
    assert trusting == TRUSTED_TEMPLATES


def test_code_trusts_html_in_one_place_only():
    trusting = {
        path.as_posix()
        for path, tree in parsed_sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and re.search(r"(?:^|\.)(?:mark_safe|SafeString|SafeText|Markup)$", ast.unparse(node.func))
    }
    assert trusting == TRUSTED_SOURCES


def test_pages_are_strict_in_tests():
    """A name that a template declares and nobody passes fails here, not before visitors."""
    assert settings.TEMPLATES[0]["OPTIONS"]["is_strict"]
