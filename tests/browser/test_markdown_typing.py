"""Markdown is formatted while typing, and one key undoes it."""

import pytest

from boards.models import Post
from tests.browser.editor import editor_body, paste_picture
from tests.browser.steps import expect
from tests.browser.test_korean_ime import HANGUL, WORD, Ime


@pytest.fixture
def page(open_page, minji, board):
    page = open_page("/free/write/", member=minji, height=1400)
    editor_body(page).click()
    return page


def written(page) -> str:
    html = page.evaluate("window.hugerte.activeEditor.getContent()")
    return "".join(html.split("\n")).replace("&nbsp;", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("# 봄", "<h2>봄</h2>"),
        ("## 봄", "<h3>봄</h3>"),
        ("> 봄", "<blockquote><p>봄</p></blockquote>"),
        ("- 봄", "<ul><li>봄</li></ul>"),
        ("1. 봄", "<ol><li>봄</li></ol>"),
        ("```\n봄", "<pre>봄</pre><p> </p>"),
        ("---\n봄", "<hr><p>봄</p>"),
        ("**봄** 꽃", "<p><strong>봄</strong> 꽃</p>"),
        ("오늘 `봄` 꽃", "<p>오늘 <code>봄</code> 꽃</p>"),
        ("~~봄~~ 꽃", "<p><s>봄</s> 꽃</p>"),
        # plain text
        ("#봄 - 꽃 1. 잎", "<p>#봄 - 꽃 1. 잎</p>"),
        ("3 * 4 ** 5 ** 6", "<p>3 * 4 ** 5 ** 6</p>"),
        ("봄 # 꽃", "<p>봄 # 꽃</p>"),
    ],
)
def test_markdown_is_formatted(page, typed, html):
    page.keyboard.type(typed)
    assert written(page) == html


@pytest.mark.parametrize("key", ["Backspace", "Control+z"])
@pytest.mark.parametrize(
    ("typed", "html"),
    [("# ", "<p># </p>"), ("- ", "<p>- </p>"), ("**봄** ", "<p>**봄** </p>")],
)
def test_one_key_undoes_the_formatting(page, key, typed, html):
    page.keyboard.type(typed)
    assert written(page) != html
    page.keyboard.press(key)
    assert written(page) == html
    page.keyboard.type("꽃")
    assert written(page).endswith("꽃</p>")


def test_hangul_between_the_markers(page):
    ime = Ime(page)
    page.keyboard.type("## ")
    ime.write(HANGUL)
    page.keyboard.press("Enter")
    page.keyboard.type("**")
    ime.write(HANGUL)
    page.keyboard.type("** ")
    ime.write(HANGUL)
    assert written(page) == f"<h3>{WORD}</h3><p><strong>{WORD}</strong> {WORD}</p>"
    assert page.complaints == []


def test_nothing_happens_in_an_open_syllable(page):
    ime = Ime(page)
    page.keyboard.type("#")
    ime.compose("ㅎ")
    ime.press_enter()
    ime.finish("하")
    assert written(page) == "<p>#하</p>"


def test_text_after_a_picture_begins_a_paragraph(page):
    address = paste_picture(page)
    page.keyboard.type("사진 아래의 말")
    picture, words = editor_body(page).locator("p").all()[:2]
    expect(picture.locator(f'img[src="{address}"]')).to_be_visible()
    expect(picture).to_have_text("")
    expect(words).to_have_text("사진 아래의 말")


def test_hangul_after_a_picture(page):
    paste_picture(page)
    Ime(page).write(HANGUL)
    expect(editor_body(page).locator("p:not(:has(img))").first).to_have_text(WORD)


def test_collapsed_text(page, as_guest):
    page.keyboard.type("결말")
    page.keyboard.press("Control+a")
    page.evaluate("window.hugerte.activeEditor.ui.registry.getAll().buttons.fold.onAction()")
    page.get_by_label("제목").fill("영화")
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url("**/free/1/")
    expect(page.locator(".post-body summary")).to_have_text("접은 글")
    expect(page.locator(".post-body details")).to_contain_text("결말")
    assert "<details" in Post.objects.get().body.html
