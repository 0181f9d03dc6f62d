"""The member selects a part of their picture in the browser, and the server cuts it."""

import io

import pytest
from PIL import Image

from accounts.models import Member
from tests.browser.steps import expect

PROFILE = "/accounts/profile/"


def halves() -> dict:
    """A picture that is red on the left and blue on the right."""
    image = Image.new("RGB", (800, 400), "red")
    image.paste("blue", (400, 0, 800, 400))
    out = io.BytesIO()
    image.save(out, "PNG")
    return {"name": "halves.png", "mimeType": "image/png", "buffer": out.getvalue()}


def choose(page):
    page.get_by_label("사진", exact=True).set_input_files(halves())


def save(page, minji) -> list[str]:
    """Saves; returns the colours of the picture at the left, middle left, middle right and
    right."""
    page.locator("main").get_by_role("button", name="정보수정").click()
    expect(page.get_by_text("회원정보가 수정되었습니다.")).to_be_visible()
    with Member.objects.get(pk=minji.pk).picture.open() as file:
        stored = Image.open(file).convert("RGB")
    pixels = [stored.getpixel((x, 128)) for x in (5, 100, 156, 250)]
    assert not page.complaints
    return ["red" if red > blue else "blue" for red, _green, blue in pixels]


def frame_of(page):
    frame = page.get_by_role("application", name="사진에서 보일 부분")
    expect(frame).to_be_visible()
    frame.scroll_into_view_if_needed()
    return frame


def drag(page, frame, right: float):
    """Drags by a multiple of the frame's width."""
    box = frame.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right * box["width"] / 2, y, steps=4)
    page.mouse.move(x + right * box["width"], y, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("right", "seen"), [(0.6, "red"), (-0.6, "blue")])
def test_crop_by_dragging(open_page, minji, width, right, seen):
    page = open_page(PROFILE, member=minji, width=width)
    expect(page.locator(".crop")).to_be_hidden()
    choose(page)
    drag(page, frame_of(page), right)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert save(page, minji) == [seen] * 4


def test_crop_with_the_keyboard(open_page, minji):
    page = open_page(PROFILE, member=minji)
    choose(page)
    frame = frame_of(page)
    frame.focus()
    for key in ["+"] * 8 + ["ArrowRight"] * 14:
        page.keyboard.press(key)
    size = float(page.locator("[name=crop]").input_value().split(",")[2])
    assert 0.4 < size < 0.5
    assert float(page.get_by_label("크기").input_value()) == pytest.approx(1 / size, abs=0.02)
    assert save(page, minji) == ["blue"] * 4


def test_crop_with_two_fingers(open_page, minji):
    page = open_page(PROFILE, member=minji, width=390, has_touch=True)
    choose(page)
    box = frame_of(page).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    hand = page.context.new_cdp_session(page)

    def touch(kind, *places):
        points = [{"x": place, "y": y, "id": number} for number, place in enumerate(places)]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", x - 20, x + 20)
    for far in (30, 40):
        touch("touchMove", x - far, x + far)
    touch("touchEnd")
    size = float(page.locator("[name=crop]").input_value().split(",")[2])
    assert size == pytest.approx(0.5, abs=0.05)


def test_the_server_checks_a_file_that_is_no_picture(open_page, minji):
    page = open_page(PROFILE, member=minji)
    choose(page)
    frame_of(page)
    text = {"name": "me.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.get_by_label("사진", exact=True).set_input_files(text)
    expect(page.locator(".crop")).to_be_hidden()
    assert page.locator("[name=crop]").input_value() == ""


def test_without_javascript_the_middle_is_cut(open_page, minji):
    page = open_page(PROFILE, member=minji, javascript=False)
    choose(page)
    expect(page.locator(".crop")).to_be_hidden()
    assert save(page, minji) == ["red", "red", "blue", "blue"]
