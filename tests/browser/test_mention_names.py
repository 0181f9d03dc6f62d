"""'@' in the comment box offers the names of those who wrote on the page; it never gets in the way."""

import pytest

from boards.actions.comments import write_comment
from boards.models import Comment
from tests.browser.hands import expect
from tests.browser.test_korean_ime import Ime
from tests.conftest import make_member


@pytest.fixture
def open_post(open_page, minji, junho, post):
    """`open_post(**options)`: minji at her post, on which junho, 준영 and kim have written."""
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


def test_a_name_is_taken_with_the_keyboard(open_post):
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
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Comment.objects.latest("pk").html.count('class="mention"') == 2
    assert page.complaints == []


def test_escape_leaves_the_words_alone(open_post):
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
def test_nothing_is_offered_where_nobody_is_meant(open_post, text):
    page = open_post()
    page.keyboard.type(text)
    expect(page.field).to_have_value(text)
    expect(page.names).to_be_hidden()


def test_hangul_is_composed_undisturbed(open_post):
    """Enter in an open syllable ends the syllable; it takes no name."""
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
    expect(page.names).to_be_hidden()  # nothing is left to offer: Enter is a new line again
    page.keyboard.press("Enter")
    ime.write([["ㅇ", "아", "안"]])
    expect(page.field).to_have_value("@준호\n안")
    assert page.complaints == []


def test_a_finger_takes_a_name_while_a_syllable_is_open(open_post):
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


def test_without_scripts_the_box_is_a_box(open_post):
    page = open_post(javascript=False)
    page.keyboard.type("@준호 안녕")
    with page.expect_navigation():
        page.get_by_role("button", name="댓글등록").click()
    assert Comment.objects.latest("pk").text == "@준호 안녕"
