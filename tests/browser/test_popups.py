"""Popups: a dialog by mouse and keyboard, a notice on phones, hidden for hours, without a script."""

from datetime import timedelta

import pytest
from django.utils import timezone

from boards.actions.posts import write_post
from pages.models import Popup
from tests.browser.steps import expect
from tests.browser.test_accessibility import AXE, RULES, RUN
from tests.browser.test_layout import SHIFT, SHIFTS

PHONE = {"width": 390, "height": 844}
# The texts of the page that the popup lies over, as boxes that overlap its own.
COVERED = """
() => {
  const box = document.querySelector('.popup[open]').getBoundingClientRect();
  return [...document.querySelectorAll('header, nav, main, main *, aside, footer')]
    .filter((each) => each.textContent.trim() && !each.closest('.visually-hidden'))
    .map((each) => [each, each.getBoundingClientRect()])
    .filter(([, each]) => each.height > 1 && each.top < box.bottom - 1 && each.bottom > box.top + 1
      && each.left < box.right - 1 && each.right > box.left + 1)
    .map(([each]) => each.tagName + '.' + each.className);
}
"""


@pytest.fixture
def make_popup(side_by_side, board, minji):
    write_post(author=minji, board=board, subject="벚꽃", source="<p>봄</p>" * 30)

    def make_popup(**fields) -> Popup:
        default = {
            "title": "봄맞이 안내",
            "body": '<p>벚꽃 나들이를 <a href="/free/1/">갑니다</a>.</p>' + "<p>준비물</p>" * 40,
            "place": Popup.Place.ALL,
            "starts_at": timezone.now() - timedelta(hours=1),
        }
        return Popup.objects.create(**default | fields)

    return make_popup


def dialog(page, name="봄맞이 안내"):
    return page.get_by_role("dialog", name=name)


@pytest.mark.parametrize("dark", [False, True])
def test_a_dialog_takes_the_focus_and_gives_it_back(open_page, make_popup, dark):
    make_popup()
    page = open_page("/", dark=dark)
    expect(dialog(page)).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog.popup') !== null")
    for _ in range(8):
        page.keyboard.press("Tab")
        inside = (
            "document.activeElement === document.body || document.activeElement.closest('dialog')"
        )
        assert page.evaluate(f"Boolean({inside})")
    page.evaluate(AXE)
    assert page.evaluate(RUN, ["html", RULES["dark" if dark else "light"]]) == []
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    assert page.evaluate("document.activeElement === document.body")
    assert page.complaints == []


def test_what_is_closed_stays_closed_in_this_tab(open_page, make_popup):
    make_popup()
    page = open_page("/")
    dialog(page).get_by_role("button", name="닫기").click()
    expect(dialog(page)).to_be_hidden()
    page.goto("/free/")
    expect(dialog(page)).to_be_hidden()
    again = page.context.new_page()
    again.goto(page.url)
    expect(dialog(again)).to_be_visible()


def test_hidden_for_hours_in_this_browser(open_page, make_popup):
    popup = make_popup(hide_hours=6)
    page = open_page("/")
    page.clock.install()
    dialog(page).get_by_role("button", name="6시간 동안 다시 열람하지 않습니다.").click()
    expect(dialog(page)).to_be_hidden()

    again = page.context.new_page()
    again.clock.install(time=timezone.now() + timedelta(hours=5))
    again.goto(page.url)
    expect(dialog(again)).to_be_hidden()
    late = page.context.new_page()
    late.clock.install(time=timezone.now() + timedelta(hours=7))
    late.goto(page.url)
    expect(dialog(late)).to_be_visible()
    assert late.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('popup'))") == []

    Popup.objects.filter(pk=popup.pk).update(version=2, title="새 안내")
    new = page.context.new_page()
    new.goto(page.url)
    expect(dialog(new, "새 안내")).to_be_visible()


def test_several_open_one_after_another(open_page, make_popup):
    make_popup(title="첫째", position=1)
    make_popup(title="둘째", position=2)
    page = open_page("/")
    for name in ("첫째", "둘째"):
        expect(dialog(page, name)).to_be_visible()
        expect(page.locator("dialog[open]")).to_have_count(1)
        page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_click_beside_it_closes_it(open_page, make_popup):
    make_popup()
    page = open_page("/")
    dialog(page).locator("h2").click()
    expect(dialog(page)).to_be_visible()
    page.mouse.click(5, 400)
    expect(dialog(page)).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("address", ["/", "/free/", "/free/1/"])
def test_on_a_phone_it_covers_no_text(open_page, make_popup, address, dark):
    make_popup()
    page = open_page(address, dark=dark, **PHONE)
    expect(dialog(page)).to_be_visible()
    assert page.evaluate(COVERED) == []
    assert dialog(page).bounding_box()["height"] <= 0.6 * PHONE["height"] + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate(AXE)
    assert page.evaluate(RUN, ["html", RULES["dark" if dark else "light"]]) == []
    for button in dialog(page).get_by_role("button").all():
        assert button.bounding_box()["height"] >= 24
    dialog(page).locator(".popup-body").focus()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_the_page_loads(open_page, make_popup, width):
    make_popup()
    page = open_page("about:blank", width=width)
    page.add_init_script(SHIFTS)
    page.goto("/free/1/", wait_until="networkidle")
    expect(dialog(page)).to_be_visible()
    assert page.evaluate("window.shift") < SHIFT


def test_the_chosen_devices_alone(open_page, make_popup):
    make_popup(title="큰 화면", devices="pc")
    make_popup(title="작은 화면", devices="phone")
    for javascript in (True, False):
        wide = open_page("/", javascript=javascript)
        expect(dialog(wide, "큰 화면")).to_be_visible()
        narrow = open_page("/", javascript=javascript, **PHONE)
        expect(dialog(narrow, "작은 화면")).to_be_visible()
        for page in (wide, narrow):
            expect(page.locator(".popup:visible")).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 390])
def test_without_a_script_it_is_a_notice_within_the_page(open_page, make_popup, width):
    make_popup()
    page = open_page("/free/1/", width=width, javascript=False)
    notice = page.locator(".popup")
    expect(notice).to_be_visible()
    expect(notice.get_by_role("button")).to_have_count(0)
    top = page.locator("main").bounding_box()["y"]
    box = notice.bounding_box()
    assert box["y"] + box["height"] <= top


def test_the_owner_sees_a_preview_again_and_again(open_page, make_popup, owner):
    popup = make_popup(is_on=False, devices="phone")
    page = open_page(f"/admin/pages/popup/{popup.pk}/preview/", member=owner)
    for _ in range(2):
        expect(dialog(page)).to_be_visible()
        dialog(page).get_by_role("button", name="24시간 동안").click()
        expect(dialog(page)).to_be_hidden()
        page.reload()
    expect(dialog(page)).to_be_visible()
