"""What must hold in every template: it says what it needs, trusts no HTML, runs no inline script."""

import ast
import re

import pytest

from tests.sources import ROOT, parsed_sources, templates

# Cleaned HTML is printed as it is by these partials alone; highlight() escapes what it marks.
TRUSTED_TEMPLATES = {"templates/boards/_body.html", "templates/parts/body.jinja"}
# Parts escape what they are given as pages do; between the holes of a kept page all is escaped already.
TRUSTED_SOURCES = {"boardsite/korean.py", "boardsite/parts.py", "boardsite/pagecache.py"}
TRUSTS = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+(?:off|false)")
TOKEN = {
    ".html": "{% csrf_token %}",
    ".jinja": '<input type="hidden" name="csrfmiddlewaretoken" value="{{ csrf_token }}">',
}
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
EACH = [pytest.param(path, id=path.as_posix()) for path in templates()]


def text_of(path) -> str:
    return (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("path", EACH)
def test_it_says_in_its_first_line_what_it_needs(path):
    assert re.match(r"\{# \S.* #\}", text_of(path).split("\n", 1)[0])


@pytest.mark.parametrize("path", EACH)
def test_no_inline_script_style_or_handler(path):
    text = text_of(path)
    for attributes in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in attributes or attributes == ' type="application/ld+json"'
    assert "<style" not in text
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", text)
    assert not re.search(r"<[a-z][^>]*\sstyle\s*=", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("path", EACH)
def test_every_posting_form_carries_its_token(path):
    for form in FORM.findall(text_of(path)):
        opening = form[: form.index(">") + 1].lower()
        if 'method="post"' in opening:
            assert TOKEN[path.suffix] in form


@pytest.mark.parametrize("path", EACH)
def test_html_is_trusted_in_one_place_only(path):
    if path.as_posix() not in TRUSTED_TEMPLATES:
        assert not TRUSTS.search(text_of(path))


def test_code_trusts_html_in_one_place_only():
    trusting = {
        path.as_posix()
        for path, tree in parsed_sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and re.search(r"(?:^|\.)(?:mark_safe|SafeString|SafeText)$", ast.unparse(node.func))
    }
    assert trusting == TRUSTED_SOURCES


def test_the_trusting_places_are_still_there():
    for path in TRUSTED_TEMPLATES:
        assert TRUSTS.search(text_of(path))
