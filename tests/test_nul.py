"""A NUL in a URL or a cookie is refused before it reaches PostgreSQL, which accepts none in
text."""

import re
from itertools import cycle

import pytest
from django.test import Client

from boardsite.health.middleware import PROBES
from tests.page import CHROME, Page
from tests.test_pages import EXAMPLES, example_of, routes

# Query parameters of the pages, and some of the admin's lists.
PARAMETERS = (
    "q field board page sort category tag author from to as next word e o all verdict source"
    " reason__exact pk__in name__contains username"
).split()
ARGUMENT = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


@pytest.fixture
def asking(as_owner):
    """The owner, who may open every page."""
    as_owner.raise_request_exception = False
    return as_owner


def test_no_page_fails_by_a_nul_in_its_address(asking, post, monkeypatch):
    """A NUL in each argument of each route answers 404."""
    asked = 0
    for route in routes():
        for name in {first or second for first, second in ARGUMENT.findall(route)}:
            with monkeypatch.context() as patch:
                patch.setitem(EXAMPLES, name, "a%00b")
                address = example_of(route)
            assert asking.get(address).status_code == 404, address
            asked += 1
    assert asked > 100


def test_no_page_fails_by_a_nul_in_its_query(asking, post):
    """One parameter for each route in turn: all combinations would take minutes."""
    for route, name in zip(routes(), cycle(PARAMETERS), strict=False):
        page = example_of(route)
        if page in PROBES:  # they read no parameters
            continue
        address = f"{page}?q=a&{name}=a%00b"
        assert asking.get(address).status_code == 400, address
    for name in PARAMETERS:
        address = f"/admin/visits/dayvisitor/?{name}=a%00b"
        assert asking.get(address).status_code == 400, address


def test_no_page_fails_by_a_nul_in_a_cookie(client, db):
    """Cookies have their own escape for it, and the session is looked up at once."""
    client = Client(headers={"user-agent": CHROME, "cookie": r'sessionid="abcdefgh\000abcdefgh"'})
    client.raise_request_exception = False
    for address in ("/", "/my/", "/admin/"):
        assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/tags/%00/", 404, "찾으시는 페이지가 없습니다."),
        ("/search/?q=%00", 400, "요청을 알아들을 수 없습니다."),
    ],
)
def test_a_refusal_is_a_page_of_the_site(as_reader, post, address, status, words):
    page = as_reader.get(address)
    assert page.status_code == status
    assert Page(page.content).one("h1").text == words


def test_an_escaped_escape_of_nul_is_served(as_reader, post):
    """%2500 is the literal text %00."""
    assert as_reader.get("/search/?q=a%2500b").status_code == 200
