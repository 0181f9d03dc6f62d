"""Owners drag the items of the menu, or move them with the keyboard; visitors open the second level
with mouse, finger and keyboard, with JavaScript and without."""

import pytest

from boards.models import Board
from tests.browser.steps import expect
from tests.pages.menus import add_board, add_link, line

MENU = "/admin/pages/sitemenu/"


@pytest.fixture
def menu(side_by_side, board, owner):
    """Three items: 하나, 둘 with 둘의 하나 below it, and 셋."""
    add_link("/popular/", "하나")
    second = add_link("/new/", "둘")
    add_link("/tags/", "둘의 하나", second)
    add_link("/search/", "셋")


def handle(page, name: str):
    return page.locator(f".menu-tree li[data-name='{name}'] > .menu-row [data-menu-handle]")


def drag(page, name: str, onto: str, *, part: float, right: int = 0) -> None:
    """Drags an item onto a part of the height of another one's row."""
    row = page.locator(f".menu-tree li[data-name='{onto}'] > .menu-row").bounding_box()
    handle(page, name).hover()
    page.mouse.down()
    page.mouse.move(row["x"] + 20 + right, row["y"] + row["height"] * part, steps=6)
    page.mouse.up()


def save(page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="순서 저장").click()
    expect(page.get_by_text("순서를 저장했습니다.")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_owner_drags_items(open_page, menu, owner, client, width):
    page = open_page(MENU, member=owner, width=width)
    expect(page.locator("[data-menu-unsaved]")).to_be_hidden()
    drag(page, "셋", "하나", part=0.2)
    expect(page.get_by_text("아직 저장하지 않았습니다.")).to_be_visible()
    save(page)
    assert line(client) == {"셋": [], "하나": [], "둘": ["둘의 하나"]}
    drag(page, "셋", "둘", part=0.8, right=120)
    save(page)
    assert line(client) == {"하나": [], "둘": ["셋", "둘의 하나"]}
    drag(page, "둘", "하나", part=0.2)  # with what is below it
    save(page)
    assert line(client) == {"둘": ["셋", "둘의 하나"], "하나": []}
    drag(page, "둘의 하나", "하나", part=0.8)
    save(page)
    assert line(client) == {"둘": ["셋"], "하나": [], "둘의 하나": []}
    assert page.complaints == []


def test_the_owner_drags_items_with_a_finger(open_page, menu, owner, client):
    page = open_page(MENU, member=owner, width=390, has_touch=True)
    touch = page.context.new_cdp_session(page)
    start = handle(page, "셋").bounding_box()
    end = page.locator(".menu-tree li[data-name='하나'] > .menu-row").bounding_box()
    x, y = start["x"] + 20, start["y"] + 20
    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    for step in range(1, 9):
        there = y + (end["y"] + 5 - y) * step / 8
        points = [{"x": x, "y": there}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    save(page)
    assert line(client) == {"셋": [], "하나": [], "둘": ["둘의 하나"]}


def test_the_owner_moves_items_with_the_keyboard(open_page, menu, owner, client):
    page = open_page(MENU, member=owner)
    third = handle(page, "셋")
    third.focus()
    page.keyboard.press("ArrowRight")
    expect(third).to_be_focused()
    expect(page.locator("[data-menu-voice]")).to_have_text("셋: 둘 아래 2개 가운데 2번째")
    page.keyboard.press("ArrowUp")
    save(page)
    assert line(client) == {"하나": [], "둘": ["셋", "둘의 하나"]}
    handle(page, "둘").focus()
    page.keyboard.press("ArrowRight")  # what is below it goes along
    save(page)
    assert line(client) == {"하나": ["둘", "셋", "둘의 하나"]}
    handle(page, "둘").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    save(page)
    assert line(client) == {"둘": [], "하나": ["셋", "둘의 하나"]}
    assert page.complaints == []


def test_what_is_moved_and_moved_back_is_not_unsaved(open_page, menu, owner):
    page = open_page(MENU, member=owner)
    handle(page, "하나").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-menu-unsaved]")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-menu-unsaved]")).to_be_hidden()


def test_the_buttons_work_without_javascript(open_page, menu, owner, client):
    page = open_page(MENU, member=owner, javascript=False)
    expect(handle(page, "하나")).to_be_hidden()
    for name, expected in [
        ("셋 위로", {"하나": [], "셋": [], "둘": ["둘의 하나"]}),
        ("셋 안으로", {"하나": ["셋"], "둘": ["둘의 하나"]}),
        ("둘의 하나 밖으로", {"하나": ["셋"], "둘": [], "둘의 하나": []}),
        ("하나 아래로", {"둘": [], "하나": ["셋"], "둘의 하나": []}),
    ]:
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).click()
        assert line(client) == expected


@pytest.fixture
def shown_menu(side_by_side, board, other_board):
    above = add_board(board, label="이야기")
    add_board(other_board, above)
    add_link("/popular/", "인기글", above)
    for number in range(12):
        name = f"게시판 {number}"
        place = Board.objects.create(group=board.group, slug=f"board{number}", name=name)
        add_board(place)
    late = add_link("/new/", "끝")
    add_link("/tags/", "끝의 태그", late)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_finger_opens_the_second_level(open_page, shown_menu, width, javascript):
    page = open_page("/", width=width, has_touch=True, javascript=javascript)
    nav = page.locator(".boards-line")
    first, last = nav.locator("summary").first, nav.locator("summary").last
    entry = nav.get_by_role("link", name="질문답변")
    expect(entry).to_be_hidden()
    first.tap()
    expect(entry).to_be_in_viewport(ratio=1)
    last.tap()  # the line slides there
    expect(nav.get_by_role("link", name="끝의 태그")).to_be_in_viewport(ratio=1)
    expect(entry).to_be_hidden()  # one is open at a time
    first.tap()
    entry.tap()
    page.wait_for_url("**/qna/")


def test_keys_open_and_close_the_second_level(open_page, shown_menu):
    page = open_page("/")
    page.locator(".menu > summary").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="이야기", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    entry = page.locator(".boards-line").get_by_role("link", name="질문답변")
    expect(entry).to_be_focused()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(page.locator(".boards-line summary").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    page.locator("main").click(position={"x": 5, "y": 300})
    expect(entry).to_be_hidden()


def test_the_current_place_is_in_sight(open_page, shown_menu):
    page = open_page("/board11/", width=390)
    expect(page.locator(".boards-line [aria-current]")).to_be_in_viewport(ratio=1)
    page = open_page("/tags/", width=390)  # on the second level
    expect(page.locator(".boards-line summary").last).to_be_in_viewport(ratio=1)
