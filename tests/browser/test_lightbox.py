"""Pictures of a post open large, by mouse, keyboard and touch, and close again."""

import pytest

from boards.actions.files import store_picture
from boards.actions.posts import write_post
from tests.browser.steps import expect
from tests.crowd import picture_upload

BAD = '<img src=x onerror="alert(1)">벚꽃'
SWIPE = """
(stage, [from, to]) => {
  const at = (type, x) => stage.dispatchEvent(new PointerEvent(type, {
    clientX: x, clientY: 300, pointerType: 'touch', isPrimary: true, bubbles: true }));
  at('pointerdown', from);
  at('pointerup', to);
}
"""


@pytest.fixture
def address(side_by_side, minji, board) -> str:
    """A post with two pictures above its text and one inside."""
    above = [
        store_picture(
            uploader=minji, upload=picture_upload(f"사진{n}.png", (900, 600)), is_inline=False
        )
        for n in (1, 2)
    ]
    inside = store_picture(
        uploader=minji, upload=picture_upload("안.png", (600, 900)), is_inline=True
    )
    alt = BAD.replace("<", "&lt;").replace('"', "&quot;")
    post = write_post(
        author=minji,
        board=board,
        subject="벚꽃",
        source=f'<p>봄</p><p><img src="{inside.url}" alt="{alt}"></p>',
        files=above,
    )
    return post.get_absolute_url()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_keys_lead_through_and_the_focus_comes_back(width, height, open_page, address):
    page = open_page(address, width=width, height=height)
    first = page.locator(".pictures a").first
    first.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="사진 크게 보기")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="닫기")).to_be_focused()
    count, picture = dialog.locator(".count"), dialog.locator(".stage img")
    expect(count).to_have_text("1 / 3")
    expect(dialog.locator(".caption")).to_have_text("사진1.png")
    expect(dialog.get_by_role("button", name="이전 사진")).to_be_disabled()
    for key, place in [
        ("ArrowRight", "2 / 3"),
        ("End", "3 / 3"),
        ("ArrowRight", "3 / 3"),
        ("ArrowLeft", "2 / 3"),
        ("Home", "1 / 3"),
    ]:
        page.keyboard.press(key)
        expect(count).to_have_text(place)
    expect(picture).to_have_js_property("naturalWidth", 900)
    box = picture.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(first).to_be_focused()
    assert page.url.endswith(address)
    assert page.complaints == []


def test_a_picture_in_the_text_opens_too_and_its_caption_is_text(open_page, address):
    """Case 47."""
    page = open_page(address)
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    inside = page.locator(".post-body img")
    inside.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".count")).to_have_text("3 / 3")
    expect(dialog.locator(".caption")).to_have_text(BAD)
    assert dialog.locator(".caption *").count() == 0
    dialog.get_by_role("button", name="닫기").click()
    expect(inside).to_be_focused()
    assert page.complaints == []


def test_fingers_swipe_on_a_phone(open_page, address):
    page = open_page(address, width=390, height=844, has_touch=True, is_mobile=True)
    page.locator(".pictures a").first.tap()
    dialog = page.get_by_role("dialog")
    stage, count = dialog.locator(".stage"), dialog.locator(".count")
    expect(count).to_have_text("1 / 3")
    stage.evaluate(SWIPE, [300, 100])
    expect(count).to_have_text("2 / 3")
    stage.evaluate(SWIPE, [100, 300])
    expect(count).to_have_text("1 / 3")
    stage.evaluate(SWIPE, [200, 190])  # a tap with a slight movement
    expect(count).to_have_text("1 / 3")
    dialog.get_by_role("button", name="다음 사진").tap()
    expect(count).to_have_text("2 / 3")
    assert page.complaints == []


def test_a_click_beside_the_picture_closes_it(open_page, address):
    page = open_page(address)
    page.locator(".pictures a").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".stage").click(position={"x": 3, "y": 3})
    expect(dialog).to_be_hidden()


def test_reduced_motion_is_respected(open_page, address):
    page = open_page(address, reduced_motion="reduce")
    page.locator(".pictures a").first.click()
    name = page.get_by_role("dialog").evaluate("(each) => getComputedStyle(each).animationName")
    assert name == "none"


def test_without_javascript_the_link_opens_the_picture(open_page, address):
    page = open_page(address, javascript=False)
    page.locator(".pictures a").first.click()
    page.wait_for_url("**/picture/")
