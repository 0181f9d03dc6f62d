"""Pasting from Word, 한글, Excel and the web keeps the structure and removes the rest."""

import pytest

from tests.browser.editor import editor_body, paste_html
from tests.browser.steps import expect

WORD_HEAD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{margin:0}</style></head>'
    "<body><!--StartFragment-->"
)
SAMPLES = {
    "word": (
        WORD_HEAD
        + '<p class="MsoNormal" style="margin:0cm;mso-pagination:none"><b><span lang="EN-US"'
        " style=\"font-size:18.0pt;font-family:'맑은 고딕';color:red;mso-fareast-language:KO\">봄</span></b>"
        "<o:p></o:p></p><!--EndFragment--></body></html>",
        '<p><b><span style="color: red; font-size: 18pt">봄</span></b></p>',
    ),
    "word list": (
        '<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><!--[if !supportLists]-->'
        '<span style="mso-list:Ignore">·<span style="font:7.0pt">  </span></span><!--[endif]-->하나</p>'
        '<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>둘</p>',
        "<ul><li>하나</li><li>둘</li></ul>",
    ),
    "hwp": (
        '<P CLASS=HStyle0 STYLE="line-height:160%;"><SPAN STYLE="font-size:10.0pt;font-family:'
        '\'함초롬바탕\';line-height:160%;color:#000000">벚꽃</SPAN><SPAN STYLE="font-weight:bold">길</SPAN></P>',
        "<p>벚꽃<b>길</b></p>",
    ),
    "excel": (
        '<table width=144 style="border-collapse:collapse"><colgroup><col width=72 style="width:54pt">'
        '</colgroup><tr height=22><td class=xl65 width=72 colspan=2 style="height:16.5pt">1,500</td></tr></table>',
        '<table><tbody><tr><td colspan="2">1,500</td></tr></tbody></table>',
    ),
    "web": (
        '<h1 class="t">제목</h1><p style="font-family:a;color:rgb(0, 0, 0)" onclick="x()"><a href="https://pado.kr/"'
        ' target="_blank" class="b">파도</a><span></span></p><script>alert(1)</script>',
        '<h2>제목</h2><p><a href="https://pado.kr/">파도</a></p>',
    ),
    "google": ('<b style="font-weight:normal" id="docs-internal"><p>봄</p></b>', "<p>봄</p>"),
}


KEPT = {
    "word": ["<strong>", "color: red", "font-size: 18pt"],
    "word list": ["<ul>", "<li>하나</li>", "<li>둘</li>"],
    "hwp": ["벚꽃<strong>길</strong>"],
    "excel": ["<table", 'colspan="2"', "1,500"],
    "web": ["<h2>제목</h2>", 'href="https://pado.kr/"'],
    "google": ["<p>봄</p>"],
}
AS_TEXT = (
    "html => new DOMParser().parseFromString(html, 'text/html').body.querySelector('*').textContent"
)


@pytest.fixture
def clean(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    return lambda html: page.evaluate("html => window.editorPaste.clean(html)", html)


def test_samples_are_cleaned(clean):
    assert {name: clean(html) for name, (html, _) in SAMPLES.items()} == {
        name: cleaned for name, (_, cleaned) in SAMPLES.items()
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_a_paste_is_cleaned_before_it_is_inserted(name, open_page, minji, board):
    html, cleaned = SAMPLES[name]
    page = open_page("/free/write/", member=minji)
    body = editor_body(page)
    body.click()
    paste_html(body, html)
    expected = page.evaluate(AS_TEXT, cleaned)
    expect(body).to_contain_text(expected)
    pasted = page.evaluate("() => window.hugerte.get('id_source').getContent()")
    baggage = (
        "Mso",
        "mso-",
        "HStyle",
        "xl65",
        "font-family",
        "onclick",
        "class=",
        "<script",
        "o:p",
    )
    assert [word for word in baggage if word in pasted] == []
    for kept in KEPT[name]:
        assert kept in pasted
