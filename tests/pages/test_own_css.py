"""An owner's own CSS loads nothing from other sites; their choices make a stylesheet."""

import re

import pytest

from pages import css
from pages.css import check_css, stylesheet
from pages.presets import PRESETS


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".posts td { color: red }",
        "a { background: url(/content/files/0a.webp) }",
        "a { background: url('/content/files/0a.webp') }",
        'a { background: image-set("/content/files/0a.webp" 1x) }',
        "a { background: url(data:image/png;base64,iVBORw0KGgo=) }",
        'a::before { content: "\\2192" }',
        'a::before { content: "주의: https 없는 글 // 여기" }',
        "/* https://example.com/ @import */ a { color: red }",
        "a[href='#top'] { color: red }",
        "svg { fill: url(#shade) }",
        "a { color: red",  # broken, but harmless: nothing follows it
        "} } }",
        "a::before { content: '",
    ],
)
def test_css_of_this_site_is_fine(text):
    check_css(text)


@pytest.mark.parametrize(
    "text",
    [
        "a { background: url(https://example.com/a.png) }",
        "a { background: url( HTTPS://example.com/a.png ) }",
        "a { background: url('https://example.com/a.png') }",
        'a { background: url("//example.com/a.png") }',
        "a { background: url(//example.com/a.png) }",
        "a { background: url(\\\\example.com/a.png) }",
        "a { background: url('\\\\\\\\example.com/a.png') }",
        "a { background: url('/\\\\example.com/a.png') }",
        "a { background: url('\t//example.com/a.png') }",
        "a { background: url('/\\9/example.com/a.png') }",
        "a { background: url('\\68ttps://example.com/a.png') }",
        "a { background: url(\\68ttps://example.com/a.png) }",
        "a { background: u\\72l(https://example.com/a.png) }",
        "a { background: \\75 rl(https://example.com/a.png) }",
        'a { background: image-set("https://example.com/a.png" 1x) }',
        'a { background: -webkit-image-set("https:example.com/a.png" 1x) }',
        ':root { --a: "//example.com/a.png" } a { background: src(var(--a)) }',
        "a { background: url(/**/https://example.com/a.png), url(https://example.com/b.png) }",
        "@import url(/static/css/board.css);",
        "@IMPORT '/static/css/board.css';",
        "/* a */@import/**/'/b.css';",
        "@im\\port '/b.css';",
        "@font-face { font-family: a; src: url(https://fonts.example.com/a.woff2) }",
        "a { background: url(data:text/html,hello) }",
        "a { background: url(https://example.com/a.png",
        'a { background: url("https://example.com/a.png',
        "a { color: red }\0",
    ],
)
def test_css_of_other_sites_is_refused(text):
    with pytest.raises(css.Refused):
        check_css(text)


def test_without_choices_there_is_no_stylesheet():
    assert stylesheet(accent="", is_compact=False, own=" \n") == ""


def test_the_accent_is_set_in_every_theme():
    made = stylesheet(accent="#1f4fa3", is_compact=False, own="")
    assert made.count("--accent: #1f4fa3;") == 1
    dark = re.findall(r"(:root[^{]*) \{ --accent: (#\w{6});", made)[1:]
    assert [selector for selector, _colour in dark] == [
        ':root:not([data-theme="light"])',
        ':root[data-theme="dark"]',
    ]
    assert len({colour for _selector, colour in dark}) == 1


def test_own_css_stands_last_and_outside_of_the_layers():
    made = stylesheet(accent="#1f4fa3", is_compact=True, own=".a { color: red }")
    assert made.endswith("\n.a { color: red }\n")
    before = made.removesuffix(".a { color: red }\n")
    assert before.count("{") == before.count("}")


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_is_readable(preset):
    from pages.colours import is_readable

    assert not preset.accent or is_readable(preset.accent)
