"""The editor shows text as it will be read; its buttons are visible and large enough."""

import pytest

from boards.models import Post
from tests.browser.editor import editor_body, paste_html
from tests.browser.steps import expect

FILM = "https://youtu.be/abcdefghijk?t=90"
PLAYER = "https://www.youtube.com/embed/abcdefghijk?start=90"
FONT = """
(element) => {
  const { fontFamily, fontSize, lineHeight, wordBreak } = getComputedStyle(element);
  return [fontFamily, fontSize, lineHeight, wordBreak];
}
"""
CONTRAST = """
(bar) => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((c) => ((c / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let behind = bar.parentElement;
  while (/rgba\\(.*, 0\\)|transparent/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
  const two = [light(getComputedStyle(bar).fill), light(getComputedStyle(behind).backgroundColor)].sort();
  return (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05);
}
"""


def test_the_editor_has_the_font_of_the_post(open_page, minji, board, post):
    page = open_page("/free/write/", member=minji)
    written = editor_body(page).evaluate(FONT)
    page.goto(post.get_absolute_url())
    assert written == page.locator(".post-body").evaluate(FONT)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colour_bars_are_visible(theme, open_page, minji, board):
    page = open_page("/free/write/", member=minji, dark=theme == "dark")
    editor_body(page)
    bar = page.locator(".tox-icon-text-color__color").first
    assert bar.evaluate(CONTRAST) > 3


def test_a_finger_hits_the_tools(open_page, minji, board):
    page = open_page(
        "/free/write/", member=minji, width=390, height=844, has_touch=True, is_mobile=True
    )
    editor_body(page)
    tools = page.locator(".tox-toolbar__primary .tox-tbtn:visible")
    boxes = [tool.bounding_box() for tool in tools.all()]
    small = [
        box
        for tool, box in zip(tools.all(), boxes, strict=True)
        if box["height"] < 44
        or (box["width"] < 44 and "chevron" not in tool.get_attribute("class"))
    ]
    assert len(boxes) > 4
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def film_is_there(page) -> None:
    card = editor_body(page).locator(".mce-preview-object")
    expect(card).to_have_count(1)
    box = card.bounding_box()
    assert box["height"] > 150
    assert box["width"] > 300
    expect(card.locator("iframe")).to_have_attribute("src", PLAYER)


@pytest.mark.parametrize("html", [FILM, f'<a href="{FILM}">{FILM}</a>'])
def test_a_pasted_video_url_becomes_a_player_at_once(html, open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page).click()
    paste_html(editor_body(page), html)
    film_is_there(page)
    page.get_by_label("제목").fill("노래")
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url("**/free/1/")
    assert f'src="{PLAYER}"' in Post.objects.get().body.html
    assert page.complaints == []


def test_a_typed_video_url_becomes_a_player_and_one_key_undoes_it(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page).click()
    page.keyboard.type(FILM)
    page.keyboard.press("Enter")
    film_is_there(page)
    page.keyboard.press("Backspace")
    expect(editor_body(page).locator(".mce-preview-object")).to_have_count(0)
    expect(editor_body(page)).to_have_text(FILM)
    page.keyboard.press("Enter")
    page.keyboard.type("그 노래")
    film_is_there(page)
    expect(editor_body(page).locator("p").last).to_have_text("그 노래")


@pytest.mark.parametrize(
    "html", [f"이 노래 {FILM}", "https://example.com/watch?v=abcdefghijk", "javascript:alert(1)"]
)
def test_other_text_stays_text(html, open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page).click()
    paste_html(editor_body(page), html)
    expect(editor_body(page)).to_have_text(html)
    page.keyboard.press("Enter")
    expect(editor_body(page).locator(".mce-preview-object")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_state_of_the_draft_stands_above_the_buttons(width, open_page, minji, board):
    page = open_page("/free/write/", member=minji, width=width)
    state, submit = page.locator("[data-draft-state]"), page.get_by_role("button", name="작성완료")
    page.get_by_label("제목").fill("봄")
    expect(state).to_contain_text("저장됨")
    box = state.bounding_box()
    assert box["y"] + box["height"] <= submit.bounding_box()["y"]
