"""A site of two workers, on a copy of the test's database. Its paths are read, and a member is logged in."""

import pytest
from django.test import Client

from tests.crowd import fill_board
from tests.visits.running import Site


@pytest.fixture
def posts(board, minji):
    return fill_board(board, minji, 8)


@pytest.fixture
def start_site(posts, tmp_path):
    """`start_site(**environment)` starts the site; it ends with the test."""
    started = []

    def start(**environment: str) -> Site:
        started.append(Site(tmp_path, TRUSTED_PROXY="127.0.0.1", **environment))
        return started[-1]

    yield start
    for site in started:
        site.end()


@pytest.fixture
def member_cookies(junho) -> dict[str, str]:
    """The cookies of a log-in, made before the site copies the database."""
    client = Client()
    client.force_login(junho)
    return {name: morsel.value for name, morsel in client.cookies.items()}
