"""A moderator manages posts in the list, on a phone and without JavaScript."""

import pytest

from boards.models import Post, State
from boards.repair import recount
from tests.browser.steps import expect
from tests.crowd import fill_board


@pytest.fixture
def posts(side_by_side, board, other_board, moderator, minji):
    """25 posts on two pages of the list; they moderate the other board too."""
    other_board.moderators.add(moderator)
    return fill_board(board, minji, 25)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
@pytest.mark.parametrize("width", [1280, 360])
def test_posts_are_moved_from_the_list(
    width, javascript, open_page, posts, moderator, board, other_board
):
    page = open_page("/free/?page=2", member=moderator, width=width, javascript=javascript)
    for subject in ("글 5", "글 3"):
        page.get_by_role("checkbox", name=f"선택: {subject}", exact=True).check()
    page.locator("main summary", has_text="선택한 글").click()
    page.get_by_label("할 일").select_option("옮기기")
    page.get_by_label("옮기거나 복사할 게시판").select_option("질문답변")
    page.get_by_label("사유").fill("질문은 질문답변에")
    page.get_by_role("button", name="실행").click()
    expect(page.get_by_text("글 2개를 옮겼습니다.")).to_be_visible()
    assert page.url.endswith("/free/?page=2")
    assert [post.subject for post in other_board.posts.order_by("number")] == ["글 3", "글 5"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []
    assert recount(repairs=False) == []


def test_a_tap_beside_the_box_opens_no_post(open_page, posts, moderator):
    page = open_page("/free/", member=moderator, width=360, has_touch=True)
    box = page.get_by_role("checkbox", name="선택: 글 25", exact=True)
    box.tap()
    expect(box).to_be_checked()
    assert page.url.endswith("/free/")


def test_one_button_selects_all_posts(open_page, posts, moderator):
    page = open_page("/free/", member=moderator, width=390)
    page.locator("main summary", has_text="선택한 글").click()
    page.get_by_role("button", name="모두 선택").click()
    expect(page.locator("input[name=posts]:checked")).to_have_count(20)
    page.get_by_label("할 일").select_option("삭제")
    page.get_by_role("button", name="실행").click()
    expect(page.get_by_text("글 20개를 지웠습니다.")).to_be_visible()
    assert Post.objects.filter(state=State.DELETED).count() == 20


def test_a_missing_field_is_an_error_and_the_selection_stays(open_page, posts, moderator):
    page = open_page("/free/", member=moderator, width=390)
    box = page.get_by_role("checkbox", name="선택: 글 25", exact=True)
    box.check()
    page.locator("main summary", has_text="선택한 글").click()
    page.get_by_label("할 일").select_option("옮기기")
    page.get_by_role("button", name="실행").click()
    expect(page.get_by_role("alert")).to_contain_text("옮길 게시판을 골라 주세요.")
    expect(box).to_be_checked()
    page.get_by_label("옮기거나 복사할 게시판").select_option("질문답변")
    page.get_by_role("button", name="실행").click()
    expect(page.get_by_text("글 1개를 옮겼습니다.")).to_be_visible()


def test_enter_in_the_reason_does_nothing_on_the_page_of_a_post(open_page, posts, moderator):
    page = open_page("/free/7/", member=moderator, width=390)
    page.locator("main summary", has_text="관리").click()
    page.get_by_label("사유").fill("도배")
    page.get_by_label("사유").press("Enter")
    page.wait_for_timeout(300)
    assert Post.objects.get(number=7).state == State.PUBLISHED
    page.get_by_role("button", name="숨기기").click()
    expect(page.get_by_text("글 1개를 숨겼습니다.")).to_be_visible()
    assert Post.objects.get(number=7).state == State.HIDDEN
