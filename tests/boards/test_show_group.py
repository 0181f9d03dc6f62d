"""A group page shows the latest posts of its boards."""

import pytest

from boards.actions.posts import write_post
from boards.models import Board, BoardGroup
from tests.page import Page


@pytest.fixture
def other_group(db):
    return BoardGroup.objects.create(slug="market", name="장터")


def test_the_group_page_shows_only_its_own_boards(
    as_guest, board, other_board, other_group, post, minji
):
    market = Board.objects.create(group=other_group, slug="used", name="중고")
    write_post(author=minji, board=market, subject="자전거 팝니다", source="")
    page = Page(as_guest.get("/groups/community/").content)
    assert page.title == "커뮤니티 | 우리 게시판"
    assert page.one("h1").text == "커뮤니티"
    assert [block.one("h2").text for block in page.all("section", class_="latest")] == [
        "자유게시판",
        "질문답변",
    ]
    main = page.one("main").text
    assert "봄나들이 다녀왔어요" in main
    assert "자전거" not in main


def test_boards_above_the_visitor_s_level_are_omitted(
    as_guest, as_moderator, board, other_board, post
):
    Board.objects.filter(pk=board.pk).update(list_level=3)
    assert "봄나들이" not in as_guest.get("/groups/community/").content.decode()
    assert "봄나들이" in as_moderator.get("/groups/community/").content.decode()
    Board.objects.update(list_level=3)
    page = Page(as_guest.get("/groups/community/").content)
    assert "볼 수 있는 게시판이 없습니다." in page.text


def test_an_unknown_group_is_not_found(as_guest, group):
    for address in ("/groups/nothing/", "/groups/free/", "/groups/a/", "/groups/", "/groups/a\0b/"):
        assert as_guest.get(address).status_code == 404
