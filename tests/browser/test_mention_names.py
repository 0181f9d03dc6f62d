"""Typing '@' in a comment offers the names of people on the page, without getting in the way."""

import pytest

from boards.actions.comments import write_comment
from boards.models import Comment
from tests.browser.steps import expect
from tests.browser.test_korean_ime import Ime
from tests.conftest import make_member


@pytest.fixture
def open_post(open_page, minji, junho, post):
    """`open_post(**options)`: opens minji's post, on which junho, 준영 and kim have commented, as
    minji."""
    for member in (make_member("kim", "kim"), make_member("junyoung", "준영"), junho):
        write_comment(author=member, post=post, text="잘 봤어요")

    def open_post(**options):
        page = open_page("/free/1/", member=minji, **options)
        page.names = page.locator("#mention-names")
        page.field = page.get_by_label("댓글 내용")
        page.field.click()
        return page

    return open_post


def chosen(page) -> str:
    return page.names.locator('[aria-selected="true"]').text_content()


def test_a_name_is_selected_with_the_keyboard(open_post):
    page = open_post()
    page.keyboard.type("안녕 @")
    expect(page.names.get_by_role("option")).to_have_text(["준호", "준영", "kim", "민지"])
    assert chosen(page) == "준호"
    page.keyboard.press("ArrowDown")
    assert chosen(page) == "준영"
    assert page.field.get_attribute("aria-activedescendant") == "mention-name-1"
    page.keyboard.press("Enter")
    expect(page.field).to_have_value("안녕 @준영 ")
    expect(page.names).to_be_hidden()
    page.keyboard.type("@K")
    page.keyboard.press("Tab")
    expect(page.field).to_have_value("안녕 @준영 @kim ")
    page.keyboard.press("Control+Enter")
    expect(page.locator("li.comment .mention")).to_have_count(2)
    assert Comment.objects.latest("pk").html.count('class="mention"') == 2
    assert page.complaints == []


def test_escape_leaves_the_text_alone(open_post):
    page = open_post()
    page.keyboard.type("@")
    expect(page.names).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.names).to_be_hidden()
    page.keyboard.type("준")
    expect(page.names).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.type("둘째 줄")
    expect(page.field).to_have_value("@준\n둘째 줄")


@pytest.mark.parametrize("text", ["me@", "@아무개", "@ ", "https://x.kr/@"])
def test_nothing_is_offered_without_a_mention(open_post, text):
    page = open_post()
    page.keyboard.type(text)
    expect(page.field).to_have_value(text)
    expect(page.names).to_be_hidden()


def test_composing_hangul_is_not_disturbed(open_post):
    """Enter in an open syllable ends the syllable and selects no name."""
    page = open_post()
    ime = Ime(page)
    page.keyboard.type("@")
    for letters in ("ㅈ", "주", "준"):
        ime.compose(letters)
        expect(page.names.get_by_role("option")).to_have_text(["준호", "준영"])
    ime.press_enter()
    expect(page.field).to_have_value("@준")
    ime.finish("준")
    ime.write([["ㅎ", "호"]])
    expect(page.field).to_have_value("@준호")
    expect(page.names).to_be_hidden()  # nothing is offered, so Enter is a line break again
    page.keyboard.press("Enter")
    ime.write([["ㅇ", "아", "안"]])
    expect(page.field).to_have_value("@준호\n안")
    assert page.complaints == []


# WebKit's events: the open syllable is selected, and ends before the event of its Enter.
WEBKIT_INPUT = """
(field, [text, from]) => {
  field.value = text;
  field.setSelectionRange(from, text.length);
  const options = { bubbles: true, isComposing: true, inputType: 'insertCompositionText' };
  field.dispatchEvent(new InputEvent('input', options));
}
"""
WEBKIT_ENTER = """
(field) => {
  field.setSelectionRange(field.value.length, field.value.length);
  field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromComposition' }));
  const enter = { key: 'Enter', bubbles: true, cancelable: true };
  return field.dispatchEvent(new KeyboardEvent('keydown', enter));
}
"""


def test_webkit_composes_in_a_selection(open_post):
    page = open_post()
    page.keyboard.type("@")
    for text in ("@ㅈ", "@주", "@준"):
        page.field.evaluate(WEBKIT_INPUT, [text, 1])
        expect(page.names.get_by_role("option")).to_have_text(["준호", "준영"])
    assert page.field.evaluate(WEBKIT_ENTER)  # not cancelled: it ends the syllable
    expect(page.field).to_have_value("@준")
    expect(page.names.get_by_role("option")).to_have_text(["준호", "준영"])
    page.wait_for_timeout(100)  # an Enter within 50 ms would count as the end of the syllable
    page.keyboard.press("Enter")  # the names are open now
    expect(page.field).to_have_value("@준호 ")


def test_a_tap_selects_a_name_while_a_syllable_is_open(open_post):
    page = open_post(width=390, height=844, has_touch=True, is_mobile=True)
    ime = Ime(page)
    page.keyboard.type("@")
    for letters in ("ㅈ", "주"):
        ime.compose(letters)
    option = page.names.get_by_role("option", name="준영")
    box = page.names.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    option.tap()
    expect(page.field).to_have_value("@준영 ")
    expect(page.field).to_be_focused()


def test_without_javascript_the_field_works(open_post):
    page = open_post(javascript=False)
    page.keyboard.type("@준호 안녕")
    with page.expect_navigation():
        page.get_by_role("button", name="댓글등록").click()
    assert Comment.objects.latest("pk").text == "@준호 안녕"
