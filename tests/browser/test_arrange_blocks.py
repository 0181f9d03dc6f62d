"""Blocks are ordered by dragging, and without JavaScript by buttons."""

import pytest
from playwright.sync_api import expect

from pages.models import Block
from tests.browser.editor import write_in_editor
from tests.pages.blocks import place_block

LIST = "/admin/pages/block/"


@pytest.fixture
def three(side_by_side, owner):
    return [place_block("text", title=title, html=f"<p>{title}</p>") for title in "가나다"]


def names() -> list[str]:
    return [block.title for block in Block.objects.drafts()]


def shown(page) -> list[str]:
    return page.locator(".arrange-name").all_inner_texts()


def test_dragging(three, owner, open_page):
    page = open_page(LIST, member=owner)
    rows = page.locator("[data-block]")
    with page.expect_navigation():
        rows.nth(2).drag_to(rows.nth(0), target_position={"x": 200, "y": 2})
    assert shown(page) == names() == ["다", "가", "나"]
    rows.nth(0).drag_to(rows.nth(0))
    assert shown(page) == names() == ["다", "가", "나"]
    assert page.complaints == []


def test_buttons_without_javascript(three, owner, open_page):
    page = open_page(LIST, member=owner, javascript=False)
    page.get_by_role("button", name="위로: 다").click()
    expect(page.locator(".arrange-name")).to_have_text(["가", "다", "나"])
    page.get_by_role("button", name="아래로: 가").click()
    expect(page.locator(".arrange-name")).to_have_text(["다", "가", "나"])
    assert names() == ["다", "가", "나"]
    assert not page.locator(".arrange-handle").first.is_visible()


def test_from_adding_a_block_to_publishing_it(board, post, owner, side_by_side, open_page):
    page = open_page(LIST, member=owner)
    front = page.locator("section").filter(has_text="첫 화면").first
    front.get_by_label("추가할 블록").select_option(label="글 상자")
    front.get_by_role("button", name="블록 추가").click()
    page.get_by_label("제목").fill("인사말")
    write_in_editor(page, "어서 오세요")
    page.get_by_role("button", name="저장", exact=True).click()
    page.get_by_role("button", name="미리 보기").click()
    main = page.locator("main")
    expect(main.get_by_role("heading", name="인사말")).to_be_visible()
    expect(main).to_contain_text("어서 오세요")
    guest = open_page("/")
    expect(guest.locator("main")).not_to_contain_text("인사말")
    page.locator(".preview-bar").get_by_role("button", name="게시", exact=True).click()
    guest.reload()
    expect(guest.locator("main").get_by_role("heading", name="인사말")).to_be_visible()
    assert page.complaints == guest.complaints == []


@pytest.mark.parametrize(("width", "is_visible"), [(1280, False), (390, True)])
def test_a_block_for_phones(three, owner, open_page, width, is_visible):
    Block.objects.update(devices="phone", is_published=True)
    page = open_page("/", width=width)
    assert page.get_by_role("heading", name="나").is_visible() == is_visible
