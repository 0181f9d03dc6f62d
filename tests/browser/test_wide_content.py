"""On a phone, wide tables and code in a post scroll instead of breaking words."""

import pytest

from boards.actions.posts import write_post
from tests.browser.steps import expect

HEADINGS = ["날짜", "품목", "규격", "단가", "수량", "합계", "비고"]
CELLS = ["12/05", "겨울이불", "150x200", "120,000원", "3개", "360,000원", "무료배송"]
CODE = "total = sum(item.price * item.count for item in basket.items if item.is_chosen)"
SOURCE = f"""<table><tr>{"".join(f"<th>{each}</th>" for each in HEADINGS)}</tr>
<tr>{"".join(f"<td>{each}</td>" for each in CELLS)}</tr></table>
<pre><code>{CODE}</code></pre><p>https://example.com/{"a" * 200}</p>"""

# Elements in which a word is broken: an unbroken word has one box.
BROKEN = """
() => [...document.querySelectorAll('.post-body :is(th, td, code)')].filter((each) => {
  const range = document.createRange();
  range.selectNodeContents(each);
  return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
}).map((each) => each.textContent)
"""
SCROLLS = "each => each.scrollWidth > each.clientWidth"


@pytest.fixture
def address(side_by_side, minji, board) -> str:
    return write_post(author=minji, board=board, subject="장부", source=SOURCE).get_absolute_url()


def test_a_table_and_code_scroll_on_a_phone(open_page, address):
    page = open_page(address, width=390, height=844)
    assert page.evaluate(BROKEN) == []
    for name in ("table", "pre"):
        wide = page.locator(f".post-body {name}")
        assert wide.evaluate(SCROLLS), name
        expect(wide).to_have_attribute("tabindex", "0")  # so that the arrow keys scroll it
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.complaints == []


def test_a_narrow_table_takes_no_focus(open_page, address):
    page = open_page(address)
    table = page.locator(".post-body table")
    assert not table.evaluate(SCROLLS)
    expect(table).not_to_have_attribute("tabindex", "0")


def test_print_cuts_nothing_off(open_page, address):
    page = open_page(address, width=600)
    page.emulate_media(media="print")
    for name in ("table", "pre"):
        assert not page.locator(f".post-body {name}").evaluate(SCROLLS), name
