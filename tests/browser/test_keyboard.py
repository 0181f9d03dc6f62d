"""Everything works with the keyboard, and the focus is always visible."""

import pytest

from tests.browser.steps import expect

# The focused element: a name for it, whether it is visible, and how the focus is marked.
FOCUSED = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(e.closest('.card') ?? e);
  const box = e.getBoundingClientRect();
  return {
    mark: e.dataset.mark ?? '',
    html: e.outerHTML.slice(0, 100),
    outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}
"""
# Numbers all visible interactive elements; returns how many there are.
MARK = """
() => {
  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const shown = [...document.querySelectorAll(all)].filter((e) =>
    e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0);
  shown.forEach((e, number) => { e.dataset.mark = number; });
  return shown.map((e) => e.outerHTML.slice(0, 100));
}
"""


def tab_through(page, most: int) -> list[dict]:
    """The elements that get the focus with repeated Tab, until the first one has it again."""
    met = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED)
        if here is None:
            continue
        if met and here["mark"] == met[0]["mark"]:
            break
        met.append(here)
    return met


@pytest.mark.parametrize("path", ["/", "/free/", "/free/{post}/", "/accounts/signup/"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everything_can_be_focused_and_shows_it(path, width, open_page, site_data, minji):
    member = None if "signup" in path else minji
    page = open_page(path.format(**site_data), member=member, width=width)
    # An embedded player takes and returns the focus asynchronously, in its own process.
    page.eval_on_selector_all("iframe", "(players) => players.forEach((each) => each.remove())")
    shown = page.evaluate(MARK)
    met = tab_through(page, len(shown) + 20)
    assert [here["html"] for here in met if not here["outlined"]] == []
    assert [here["html"] for here in met if not here["seen"]] == []
    reached = {here["mark"] for here in met}
    missed = [html for number, html in enumerate(shown) if str(number) not in reached]
    assert missed == []


def test_the_first_tab_offers_to_skip_to_the_content(open_page, site_data):
    page = open_page("/free/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="본문 바로가기")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_menu_opens_with_enter(width, open_page, site_data):
    page = open_page("/", width=width)
    page.locator(".menu summary").focus()
    entry = page.locator(".menu").get_by_role("link", name="갤러리")
    expect(entry).to_be_hidden()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    for _ in range(10):
        page.keyboard.press("Tab")
        if entry.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/gallery/")


def test_an_error_moves_the_focus_to_its_field(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    page.get_by_role("button", name="작성완료").press("Enter")
    page.locator(".error-summary").get_by_role("link", name="제목을 입력해 주세요.").press("Enter")
    expect(page.get_by_label("제목")).to_be_focused()
