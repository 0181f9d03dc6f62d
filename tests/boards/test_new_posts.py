"""새글: the newest posts of all boards that the visitor may read."""

from boards.actions.posts import delete_post, hide_post, move_post, write_post
from boards.models import Board
from tests.crowd import fill_board
from tests.page import Page


def titles(client, address="/new/") -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return [row["title"] for row in Page(response.content).rows]


def test_posts_of_all_boards_with_the_newest_first(as_guest, board, other_board, minji):
    for subject, place in (("하나", board), ("둘", other_board), ("셋", board)):
        write_post(author=minji, board=place, subject=subject, source="")
    page = Page(as_guest.get("/new/").content)
    assert page.title == "새글 | 우리 게시판"
    assert [(row["title"], row["board"], row["url"]) for row in page.rows] == [
        ("셋", "자유게시판", "/free/2/"),
        ("둘", "질문답변", "/qna/1/"),
        ("하나", "자유게시판", "/free/1/"),
    ]


def test_an_empty_list_says_so(as_guest, board):
    assert "게시물이 없습니다." in Page(as_guest.get("/new/").content).text


def test_the_list_contains_only_what_the_visitor_may_read(
    as_guest, as_junho, as_minji, as_owner, board, other_board, minji, moderator
):
    write_post(author=minji, board=board, subject="모두", source="")
    write_post(author=minji, board=board, subject="속마음", source="", is_secret=True)
    vip = Board.objects.create(group=board.group, slug="vip", name="우수회원", list_level=5)
    write_post(author=minji, board=vip, subject="우리끼리", source="")
    gone = write_post(author=minji, board=board, subject="지움", source="")
    hidden = write_post(author=minji, board=board, subject="숨김", source="")
    moved = write_post(author=minji, board=board, subject="옮김", source="")
    delete_post(post=gone, by=minji)
    hide_post(post=hidden, by=moderator)
    move_post(post=moved, board=vip, by=moderator)
    assert titles(as_guest) == titles(as_junho) == ["모두"]
    assert titles(as_minji) == ["속마음", "모두"]
    assert titles(as_owner) == ["옮김", "우리끼리", "속마음", "모두"]


def test_pages_end_at_a_limit(as_guest, board, minji, monkeypatch):
    monkeypatch.setattr("boards.views.boards.NEW_POSTS", 25)
    fill_board(board, minji, 30)
    assert len(titles(as_guest)) == 20
    assert titles(as_guest, "/new/?page=2") == ["글 10", "글 9", "글 8", "글 7", "글 6"]
    assert as_guest.get("/new/?page=3").status_code == 404
