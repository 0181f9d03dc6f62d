"""The cost of a page relative to an empty page of the same site, in function calls, so that every
machine measures the same.

A test counts every call of a Python or C function during a response and divides by the calls of the
floor (an empty view behind all of the middleware). It fails when a page exceeds its number by a
fifth. A change that raises a number explains why.
"""

import pytest
from django.test import Client

from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Category
from boardsite.caching.page_cache import pages
from boardsite.caching.versioned_cache import VersionedCache
from tests.calls import count_calls
from tests.conftest import make_member
from tests.crowd import fill_board
from tests.page import CHROME

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bench.urls")]
ROOM = 1.2

CACHED = {"/free/": 1.0, "/free/30/": 1.4, "/": 1.0}
UNCACHED = {
    "/free/": 9,
    "/free/?page=3": 9,
    "/free/30/": 18,
    "/": 7,
    "/new/": 12,
    "/search/?q=봄": 11,
}
MEMBERS = {"/free/": 3.8, "/free/30/": 15.8, "/": 2.5}


@pytest.fixture(autouse=True)
def unhurried_clock(monkeypatch):
    monkeypatch.setattr("boardsite.databases.postgresql.base.PLAN_SECONDS", 10**9)


@pytest.fixture
def town(board, other_board, minji):
    """Two boards with 60 posts each, one post of which has 30 comments."""
    for place in (board, other_board):
        Category.objects.create(board=place, name="질문")
        fill_board(place, minji, 59)
    post = board.posts.get(number=30)
    for number in range(30):
        write_comment(post=post, author=minji, text=f"봄나물 {number}")
    write_post(board=board, author=minji, subject="봄 소식", source="냉이와 달래")


def calls(client: Client, address: str, before=lambda: None) -> int:
    """Return the number of function calls during the third request to `address`."""
    for _ in range(3):
        before()
        assert client.get(address).status_code == 200
    before()
    return count_calls(lambda: client.get(address))


def ratios(client: Client, addresses, before=lambda: None) -> dict[str, float]:
    floor = calls(client, "/bench-floor/")
    return {each: round(calls(client, each, before) / floor, 1) for each in addresses}


def within(found: dict[str, float], budget: dict[str, float]) -> dict[str, float]:
    """Return the pages that exceed their budget."""
    return {each: found[each] for each in budget if found[each] > budget[each] * ROOM}


@pytest.fixture
def reader():
    return Client(headers={"user-agent": CHROME})


@pytest.fixture
def member():
    client = Client(headers={"user-agent": CHROME})
    client.force_login(make_member("hana", "하나"))
    return client


def test_cached_pages_keep_to_their_budget(town, reader):
    found = ratios(reader, CACHED)
    assert within(found, CACHED) == {}, found
    assert len(pages.people.pages) == len(CACHED)


def test_uncached_pages_keep_to_their_budget(town, reader, settings):
    settings.PAGE_CACHE_MB = 0
    found = ratios(reader, UNCACHED, before=VersionedCache.forget_all)
    assert within(found, UNCACHED) == {}, found


def test_pages_for_members_keep_to_their_budget(town, member):
    found = ratios(member, MEMBERS)
    assert within(found, MEMBERS) == {}, found


def test_more_rows_do_not_cost_more_per_row(town, reader, settings, board, minji):
    """A far page of a long board costs as much as the first one."""
    settings.PAGE_CACHE_MB = 0
    found = ratios(reader, ["/free/", "/free/?page=3"], before=VersionedCache.forget_all)
    assert found["/free/?page=3"] <= found["/free/"] * 1.5, found
