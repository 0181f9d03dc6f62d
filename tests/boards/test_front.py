"""The front page: the latest posts of each board, and the popular posts of the week."""

import datetime

import pytest
from django.utils import timezone

from boards.actions.comments import write_comment
from boards.actions.files import store_picture
from boards.actions.posts import hide_post, write_post
from boards.models import Board, BoardGroup, Post
from tests.crowd import fill_board, picture_upload
from tests.page import Page


def front(client) -> Page:
    response = client.get("/")
    assert response.status_code == 200
    return Page(response.content)


def blocks(page: Page) -> dict[str, list[str]]:
    """Return {board: subjects of its block}."""
    return {
        block.one("h2").text: [title.text for title in block.all("a", class_="title")]
        for block in page.all("section", class_="latest")
    }


def popular(page: Page) -> list[str]:
    headlines = page.all("section", class_="headlines")
    return [title.text for block in headlines for title in block.all("a", class_="title")]


def test_a_site_without_boards_says_so(as_guest, db):
    page = front(as_guest)
    assert "아직 게시판이 없습니다." in page.text
    assert page.title == "우리 게시판"
    assert page.headings[0] == (1, "우리 게시판")


def test_each_board_shows_its_six_latest_posts(as_guest, board, other_board, minji):
    fill_board(board, minji, 7)
    write_post(author=minji, board=board, subject="알림", source="", is_notice=True)
    page = front(as_guest)
    assert blocks(page) == {
        "자유게시판": ["알림", "글 7", "글 6", "글 5", "글 4", "글 3"],
        "질문답변": [],
    }
    assert "게시물이 없습니다." in page.text


def test_boards_have_the_order_that_the_owner_set(as_guest, group, board, other_board):
    first = BoardGroup.objects.create(slug="help", name="도움", position=0)
    BoardGroup.objects.filter(pk=group.pk).update(position=1)
    Board.objects.create(group=first, slug="guide", name="안내", position=9)
    Board.objects.filter(pk=other_board.pk).update(position=0)
    page = front(as_guest)
    assert list(blocks(page)) == ["안내", "질문답변", "자유게시판"]
    menu = page.one("ul", class_="boards-line")
    assert [link["href"] for link in menu.all("a")] == ["/guide/", "/qna/", "/free/"]


def test_the_front_page_contains_only_what_the_visitor_may_read(
    as_guest, as_minji, as_owner, board, other_board, minji
):
    write_post(author=minji, board=board, subject="속마음", source="", is_secret=True)
    write_post(author=minji, board=other_board, subject="우리끼리", source="")
    Board.objects.filter(pk=other_board.pk).update(read_level=5)
    assert blocks(front(as_guest)) == {"자유게시판": []}
    assert blocks(front(as_minji)) == {"자유게시판": ["속마음"]}
    assert blocks(front(as_owner)) == {"자유게시판": ["속마음"], "질문답변": ["우리끼리"]}


def test_a_gallery_shows_pictures(as_guest, group, minji):
    gallery = Board.objects.create(group=group, slug="photos", name="갤러리", skin="gallery")
    picture = store_picture(uploader=minji, upload=picture_upload(), is_inline=False)
    write_post(author=minji, board=gallery, subject="꽃밭", source="", files=[picture])
    write_post(author=minji, board=gallery, subject="글만", source="")
    page = front(as_guest)
    assert blocks(page) == {"갤러리": ["꽃밭"]}
    assert page.one("ul", class_="gallery").one("img")["src"] == picture.thumb_url


def test_popularity_weighs_views_likes_and_comments_of_a_week(as_guest, board, minji, moderator):
    now = timezone.now()
    read, liked, discussed, old, hidden, notice = fill_board(board, minji, 6)
    for post, counts in (
        (read, {"view_count": 21}),
        (liked, {"like_count": 2, "view_count": 2}),
        (old, {"view_count": 900, "created_at": now - datetime.timedelta(days=8)}),
        (hidden, {"view_count": 900}),
        (notice, {"view_count": 900, "is_notice": True}),
    ):
        Post.objects.filter(pk=post.pk).update(**counts)
    for _ in range(4):
        write_comment(author=minji, post=discussed, text="네")
    hide_post(post=hidden, by=moderator)
    assert popular(front(as_guest)) == ["글 2", "글 1", "글 3"]


@pytest.mark.parametrize("change", ["hide", "secret", "level"])
def test_a_popular_post_disappears_at_once_when_it_becomes_unreadable(
    as_guest, board, other_board, post, moderator, change
):  # cases 21, 23
    beside = Page(as_guest.get("/qna/").content).one("aside")
    assert "봄나들이" in beside.text
    if change == "hide":
        hide_post(post=post, by=moderator)
    elif change == "secret":
        Post.objects.update(is_secret=True)
    else:
        Board.objects.filter(pk=board.pk).update(read_level=2)
    assert "봄나들이" not in as_guest.get("/qna/").content.decode()
    assert "봄나들이" not in as_guest.get("/").content.decode()
