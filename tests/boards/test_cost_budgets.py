"""What a page costs, beside an empty page of the same site: counted in calls, so the same on any machine.

Every call of a Python or C function while a page is answered, divided by those of the floor (an empty
view behind all of the middleware). A number may rise by a fifth before its test fails: a page that
costs half as much again does. Whoever must raise one says why in the same change.
"""

import sys

import pytest
from django.test import Client

from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Category
from boardsite.pagecache import pages
from boardsite.versions import Unchanged
from tests.conftest import make_member
from tests.crowd import fill_board
from tests.page import CHROME

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bench.urls")]
ROOM = 1.2

KEPT = {"/free/": 1.0, "/free/30/": 1.4, "/": 1.0}
ANEW = {
    "/free/": 8.4,
    "/free/?page=3": 8.4,
    "/free/30/": 15.2,
    "/": 6.6,
    "/new/": 12,
    "/search/?q=봄": 10.1,
}
MEMBERS = {"/free/": 3.1, "/free/30/": 12.5, "/": 2.5}


@pytest.fixture(autouse=True)
def unhurried_clock(monkeypatch):
    monkeypatch.setattr("boardsite.postgresql.base.PLAN_SECONDS", 10**9)


@pytest.fixture
def town(board, other_board, minji):
    """Two boards with 60 posts each, one of which has 30 comments."""
    for place in (board, other_board):
        Category.objects.create(board=place, name="질문")
        fill_board(place, minji, 59)
    post = board.posts.get(number=30)
    for number in range(30):
        write_comment(post=post, author=minji, text=f"봄나물 {number}")
    write_post(board=board, author=minji, subject="봄 소식", source="냉이와 달래")


def calls(client: Client, address: str, before=lambda: None) -> int:
    """How many functions are called while `address` is answered, at the third visit."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        if event in ("call", "c_call"):
            count += 1

    for _ in range(3):
        before()
        assert client.get(address).status_code == 200
    before()
    sys.setprofile(note)
    try:
        client.get(address)
    finally:
        sys.setprofile(None)
    return count


def ratios(client: Client, addresses, before=lambda: None) -> dict[str, float]:
    floor = calls(client, "/bench-floor/")
    return {each: round(calls(client, each, before) / floor, 1) for each in addresses}


def within(found: dict[str, float], budget: dict[str, float]) -> dict[str, float]:
    """Those that cost more than they may."""
    return {each: found[each] for each in budget if found[each] > budget[each] * ROOM}


@pytest.fixture
def reader():
    return Client(headers={"user-agent": CHROME})


@pytest.fixture
def member():
    client = Client(headers={"user-agent": CHROME})
    client.force_login(make_member("hana", "하나"))
    return client


def test_kept_pages(town, reader):
    found = ratios(reader, KEPT)
    assert within(found, KEPT) == {}, found
    assert len(pages.people.pages) == len(KEPT)


def test_pages_made_anew(town, reader, settings):
    settings.PAGE_CACHE_MB = 0
    found = ratios(reader, ANEW, before=Unchanged.forget_all)
    assert within(found, ANEW) == {}, found


def test_members_pages(town, member):
    found = ratios(member, MEMBERS)
    assert within(found, MEMBERS) == {}, found


def test_more_rows_cost_no_more_each(town, reader, settings, board, minji):
    """A far page of a long board costs what the first one costs."""
    settings.PAGE_CACHE_MB = 0
    found = ratios(reader, ["/free/", "/free/?page=3"], before=Unchanged.forget_all)
    assert found["/free/?page=3"] <= found["/free/"] * 1.5, found
