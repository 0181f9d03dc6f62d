"""A poll is written and voted in by mouse, by keyboard and without a script."""

import pytest

from boards.models import Board, Poll
from tests.browser.steps import expect

pytestmark = pytest.mark.usefixtures("board")
OPTIONS = ("산", "바다", "집", "강", "섬", "숲")


@pytest.fixture(autouse=True)
def polls_on(side_by_side, board):
    Board.objects.update(use_polls=True)


def write(page) -> None:
    """A poll of six options, of which the sixth is folded away at first."""
    page.fill("#id_subject", "봄나들이")
    page.locator(".poll-fields > summary").click()
    page.get_by_label("질문").fill("어디로 갈까요?")
    page.get_by_text("항목 추가").first.click()
    for place, text in enumerate(OPTIONS, 1):
        page.get_by_label(f"항목 {place}", exact=True).fill(text)
    page.get_by_label("기타의견 받기").check()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_poll_works_without_a_script(open_page, minji, junho, width):
    page = open_page("/free/write/", member=minji, width=width, javascript=False)
    write(page)
    page.locator("textarea[name=source]").fill("<p>골라 주세요.</p>")
    page.get_by_role("button", name="작성완료").click()
    expect(page.get_by_role("heading", name="어디로 갈까요?")).to_be_visible()
    assert [*Poll.objects.get().options.values_list("text", flat=True)] == [*OPTIONS]

    page = open_page("/free/1/", member=junho, width=width, javascript=False)
    page.get_by_role("button", name="투표하기").click()
    expect(page.get_by_role("alert")).to_contain_text("투표할 항목을 골라 주세요.")
    page.get_by_label("바다").check()
    page.get_by_label("기타의견").fill("비가 오면요?")
    page.get_by_role("button", name="투표하기").click()
    poll = page.get_by_role("region", name="어디로 갈까요?")
    expect(poll).to_contain_text("1표 100.0%")
    expect(poll).to_contain_text("내 선택")
    expect(poll).to_contain_text("비가 오면요?")
    expect(poll.get_by_role("button", name="투표하기")).to_have_count(0)

    page = open_page("/free/1/", width=width, javascript=False)
    expect(page.get_by_role("region", name="어디로 갈까요?")).to_contain_text("1표 100.0%")


def test_one_votes_by_keyboard(open_page, minji, junho):
    page = open_page("/free/write/", member=minji, javascript=False)
    write(page)
    page.locator("textarea[name=source]").fill("<p>골라 주세요.</p>")
    page.get_by_role("button", name="작성완료").click()

    page = open_page("/free/1/", member=junho)
    page.get_by_label("산", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("바다")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("기타의견")).to_be_focused()
    page.keyboard.type("걸어서 가요")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="투표하기")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="어디로 갈까요?")).to_contain_text("1표 100.0%")
