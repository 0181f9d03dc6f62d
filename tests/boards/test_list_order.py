"""A board's default order and page size."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.models import Board, Post
from boardsite.models import SiteSettings
from tests.boards.browsing import read
from tests.boards.moderating import set_notice
from tests.boards.test_manage_boards_in_admin import BOARDS, board_fields
from tests.crowd import fill_board
from tests.page import Page


@pytest.fixture
def posts(board, minji):
    """Return seven posts; the third has the most views and the fifth the most likes."""
    posts = fill_board(board, minji, 7)
    Post.objects.filter(pk=posts[2].pk).update(view_count=50, view_rank=50)
    Post.objects.filter(pk=posts[4].pk).update(like_count=9)
    return posts


def set_looks(board, **looks) -> None:
    Board.objects.filter(pk=board.pk).update(**looks)
    board.refresh_from_db()


def first(browser, address: str = "/free/") -> str:
    return Page(read(browser, address)).rows[0]["url"]


def sorts(browser, address: str = "/free/") -> dict[str, tuple[str, bool]]:
    links = Page(read(browser, address)).one("p", class_="sort").all("a")
    return {link.text: (link["href"], "aria-current" in link.attributes) for link in links}


@pytest.mark.parametrize(("order", "place"), [("", 6), ("views", 2), ("likes", 4)])
def test_the_list_has_the_board_s_default_order(as_guest, as_minji, board, posts, order, place):
    set_looks(board, default_order=order)
    for browser in (as_guest, as_minji):
        assert first(browser) == posts[place].get_absolute_url()


def test_readers_can_choose_another_order(as_guest, board, posts):
    set_looks(board, default_order="views")
    assert first(as_guest, "/free/?sort=date") == posts[6].get_absolute_url()
    assert first(as_guest, "/free/?sort=likes") == posts[4].get_absolute_url()
    assert first(as_guest, "/free/?sort=nonsense") == posts[2].get_absolute_url()
    assert sorts(as_guest) == {
        "날짜": ("/free/?sort=date", False),
        "조회": ("/free/?", True),
        "추천": ("/free/?sort=likes", False),
    }
    assert sorts(as_guest, "/free/?sort=date")["날짜"][1]


def test_without_a_default_order_addresses_stay_the_same(as_guest, board, posts):
    assert sorts(as_guest) == {
        "날짜": ("/free/?", True),
        "조회": ("/free/?sort=views", False),
        "추천": ("/free/?sort=likes", False),
    }


def test_pages_keep_the_order(as_guest, board, posts):
    set_looks(board, default_order="views", page_size=5)
    pages = Page(read(as_guest, "/free/?sort=date")).one("nav", class_="pages")
    assert [link["href"] for link in pages.all("a") if link.text == "2"] == [
        "/free/?sort=date&page=2"
    ]
    pages = Page(read(as_guest, "/free/")).one("nav", class_="pages")
    assert [link["href"] for link in pages.all("a") if link.text == "2"] == ["/free/?page=2"]


def test_the_list_below_a_post_is_ordered_by_date(as_reader, board, posts):
    """Its pages are numbered by date, and their addresses contain that order."""
    set_looks(board, default_order="views", page_size=5)
    page = Page(read(as_reader, posts[0].get_absolute_url()))
    assert page.rows[-1]["url"] == posts[0].get_absolute_url()
    assert 'href="/free/?sort=date&amp;page=2"' in page.html


def test_robots_see_only_the_canonical_address(as_guest, board, posts):
    set_looks(board, default_order="likes")
    assert "noindex" not in read(as_guest, "/free/")
    page = read(as_guest, "/free/?sort=date")
    assert "noindex" in page
    assert Page(page).one("link", rel="canonical")["href"].endswith("/free/")


def test_notices_stand_above_the_board_s_default_order(as_guest, board, owner, posts):
    set_looks(board, default_order="likes")
    set_notice(post=posts[0], is_notice=True, by=owner)
    assert first(as_guest) == posts[0].get_absolute_url()
    assert first(as_guest, "/free/?sort=views") == posts[2].get_absolute_url()


def test_a_board_without_likes_has_no_order_by_likes(as_guest, board, posts):
    set_looks(board, default_order="likes", use_likes=False)
    assert first(as_guest) == posts[6].get_absolute_url()
    assert "추천" not in sorts(as_guest)


@pytest.mark.parametrize("size", [5, 6])
def test_a_board_has_its_own_page_size(as_guest, as_minji, board, posts, size):
    set_looks(board, page_size=size)
    for browser in (as_guest, as_minji):
        assert len(Page(read(browser, "/free/")).rows) == size
        assert len(Page(read(browser, "/free/?page=2")).rows) == 7 - size


def test_without_its_own_size_a_board_uses_that_of_the_site(as_guest, board, posts):
    SiteSettings.objects.update_or_create(pk=1, defaults={"page_size": 6})
    assert len(Page(read(as_guest, "/free/")).rows) == 6


def test_moderation_returns_to_an_existing_page(as_moderator, board, posts):
    set_looks(board, page_size=6, default_order="views")
    last = [post.pk for post in posts[:1]]
    fields = {"operation": "hide", "posts": last}
    answer = as_moderator.post("/free/moderate/?page=2&sort=date", fields)
    assert answer.url == "/free/?sort=date"


@pytest.mark.parametrize(
    ("size", "is_taken"), [(0, True), (5, True), (100, True), (4, False), (101, False), (-1, False)]
)
def test_the_owner_can_set_only_sensible_page_sizes(as_owner, group, board, size, is_taken):
    fields = board_fields(group, slug="free", skin="list", page_size=size, default_order="views")
    answer = as_owner.post(f"{BOARDS}{board.pk}/change/", fields)
    assert answer.status_code == (302 if is_taken else 200)
    board.refresh_from_db()
    assert (board.page_size, board.default_order) == ((size, "views") if is_taken else (0, ""))


def test_the_default_order_takes_no_additional_query(as_guest, as_minji, board, posts, settings):
    """Case 66: no order walks through the whole board."""
    settings.PAGE_CACHE_MB = 0
    counts = []
    for order in ("", "views"):
        set_looks(board, default_order=order)
        read(as_guest, "/free/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(as_guest, "/free/")
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1
