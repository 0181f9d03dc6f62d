"""인기글: /popular/ by day, week and month."""

import datetime

import pytest
from django.utils import timezone

from boards.actions.posts import edit_post, hide_post, write_post
from boards.models import Board, Post
from tests.crowd import fill_board
from tests.page import Page


def titles(client, query: str = "") -> list[str]:
    response = client.get(f"/popular/{query}")
    assert response.status_code == 200
    return [row["title"] for row in Page(response.content).rows]


def test_a_like_weighs_ten_views_a_comment_five_a_dislike_minus_ten(as_guest, board, minji):
    fill_board(board, minji, 5)
    for number, counts in enumerate(
        [
            {"view_count": 16},
            {"like_count": 2},
            {"comment_count": 3},
            {"view_count": 22, "dislike_count": 1},
            {"view_count": 1},
        ],
        start=1,
    ):
        Post.objects.filter(number=number).update(**counts)
    assert titles(as_guest) == ["글 2", "글 1", "글 3", "글 4", "글 5"]
    assert "추천 10점, 댓글 5점" in as_guest.get("/popular/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [("?period=day", [1]), ("", [2, 1]), ("?period=month", [3, 2, 1]), ("?period=x", [2, 1])],
)
def test_popular_posts_of_a_day_a_week_and_a_month(as_guest, board, minji, query, found):  # case 51
    fill_board(board, minji, 4)
    for number, days in ((1, 0), (2, 3), (3, 20), (4, 40)):
        at = timezone.now() - datetime.timedelta(days=days)
        Post.objects.filter(number=number).update(created_at=at, view_count=number)
    assert titles(as_guest, query) == [f"글 {number}" for number in found]


def test_the_list_ends_after_a_number_of_pages(as_guest, board, minji, monkeypatch):
    monkeypatch.setattr("boards.queries.popular.POPULAR_POSTS", 25)
    fill_board(board, minji, 30)
    assert len(titles(as_guest)) == 20
    assert len(titles(as_guest, "?page=2&period=month")) == 5
    for page in ("3", "0", "1000000000", "abc"):  # case 82
        assert as_guest.get(f"/popular/?page={page}").status_code == 404


def test_a_post_that_became_unreadable_disappears_at_once(
    as_guest, as_owner, board, minji, owner
):  # cases 19, 21, 23
    def write(subject, place=board, **more):
        return write_post(author=minji, board=place, subject=subject, source="글", **more)

    vip = Board.objects.create(group=board.group, slug="vip", name="우수회원", read_level=5)
    first, second = write("하나"), write("둘")
    write("속마음", is_secret=True)
    write("우리끼리", vip)
    assert titles(as_guest) == ["둘", "하나"]
    assert titles(as_owner) == ["우리끼리", "둘", "하나"]
    edit_post(post=first, by=minji, subject="하나", source="글", is_secret=True)
    hide_post(post=second, by=owner)
    assert titles(as_guest) == []
    Board.objects.filter(pk=board.pk).update(read_level=5)
    assert titles(as_guest) == []


def test_menu_and_front_page_link_to_popular_posts(as_guest, post):
    page = Page(as_guest.get("/").content)
    assert len(page.all("a", href="/popular/")) >= 2


@pytest.mark.parametrize(("hot_views", "is_hot"), [(0, False), (5, True), (6, False)])
def test_a_post_with_many_views_is_marked_in_its_list(as_guest, post, hot_views, is_hot):
    Board.objects.update(hot_views=hot_views)
    Post.objects.update(view_count=5)
    assert bool(Page(as_guest.get("/free/").content).all("span", class_="mark-hot")) == is_hot


@pytest.mark.parametrize(("new_hours", "is_new"), [(0, False), (24, True)])
def test_new_posts_are_marked_for_the_board_s_number_of_hours(as_guest, post, new_hours, is_new):
    Board.objects.update(new_hours=new_hours)
    assert bool(Page(as_guest.get("/free/").content).all("span", class_="mark-new")) == is_new
