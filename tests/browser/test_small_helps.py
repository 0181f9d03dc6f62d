"""Small helps by script: where the focus goes, and a line below what ends a text."""

import pytest

from boards.models import Post
from tests.browser.editor import editor_body, write_in_editor
from tests.browser.hands import expect


def test_enter_in_the_subject_goes_on_to_the_text(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    write_in_editor(page, "본문은 있습니다.")
    page.get_by_label("제목").fill("쓰다 만 제목")
    page.get_by_label("제목").press("Enter")
    expect(page.get_by_label("제목")).not_to_be_focused()
    assert page.url.endswith("/free/write/")
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "end", ["<table><tr><td>칸</td></tr></table>", "<pre><code>x</code></pre>"]
)
def test_one_can_write_on_below_a_table_or_code(end, open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page).wait_for()
    page.evaluate("(html) => hugerte.activeEditor.setContent(html)", end)
    expect(editor_body(page).locator("> p:last-child")).to_have_count(1)


def test_a_mistake_in_the_text_leads_into_the_editor(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    page.get_by_label("제목").fill("본문을 잊었습니다")
    page.get_by_role("button", name="작성완료").click()
    expect(page.locator(".error-summary")).to_be_focused()
    editor_body(page).wait_for()
    page.locator(".error-summary").get_by_role("link", name="내용을 입력해 주세요.").click()
    expect(editor_body(page)).to_be_focused()


def test_the_search_of_a_phone_is_ready_to_type_in(open_page, town):
    page = open_page("/", width=390)
    page.get_by_role("link", name="검색창 열기").click()
    expect(page.locator("#site-q")).to_be_focused()


def test_the_menu_closes_by_escape_and_by_a_click_elsewhere(open_page, town):
    page = open_page("/")
    menu = page.locator(".menu")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    page.locator(".site-footer").click()
    expect(menu).not_to_have_attribute("open", "")
