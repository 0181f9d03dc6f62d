"""Prints as JSON what `bench.run` requests from a filled site: URLs, the queries of each page, the
cookies of logged-in members, the size of the database."""

import itertools
import json
import os

import django

MEMBERS = 200
"""The number of members: each may write at most 40 comments in ten minutes."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    print(json.dumps(found()))


def found() -> dict:
    from bench import database
    from bench.members import session_cookie

    pages, members = guests_pages(), members_pages()
    cookies = [session_cookie(member) for member in some_members()]
    return {
        "about": f"Django {django.__version__}, {database.about()}",
        "pages": pages,
        "members": members,
        "cookies": cookies,
        "queries": {name: queries(paths) for name, paths in pages.items()}
        | {name: queries(paths, cookies[0]) for name, paths in members.items()},
        "size": database.size(),
    }


def guests_pages() -> dict[str, list[str]]:
    from bench import choosing
    from bench.urls import FLOOR

    board = large_board()
    posts = choosing.posts(board.last_number)
    shown = shown_numbers(board, set(itertools.chain.from_iterable(posts.values())))
    far = choosing.far_pages(board.post_count // 20)
    return {
        "floor": [f"/{FLOOR}"],
        "front": ["/"],
        "list, page 1": ["/large/"],
        "list, far page": [f"/large/?page={page}" for page in far],
        **{
            name: [f"/large/{number}/" for number in numbers if number in shown]
            or [f"/large/{max(shown)}/"]
            for name, numbers in posts.items()
        },
        **choosing.searches("/search/?q="),
    }


def members_pages() -> dict[str, list[str]]:
    """The same pages for members, for whom no page is cached."""
    pages = guests_pages()
    names = ("front", "list, page 1", "post, Zipf")
    return {f"member: {name}": pages[name] for name in names}


def large_board():
    from boards.models import Board

    return Board.objects.get(slug="large")


def shown_numbers(board, numbers: set[int]) -> set[int]:
    """The numbers of public posts among `numbers`."""
    shown: set[int] = set()
    asked = iter(sorted(numbers))
    while some := list(itertools.islice(asked, 5_000)):
        there = board.posts.published().filter(number__in=some, is_secret=False)
        shown.update(there.values_list("number", flat=True))
    return shown


def some_members():
    from accounts.models import Member

    return Member.objects.order_by("pk")[:MEMBERS]


def queries(paths: list[str], cookie: str = "") -> int:
    """The number of queries of the last page when it is requested a second time."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x64) Chrome/131.0.0.0"})
    if cookie:
        name, _, value = cookie.partition("=")
        client.cookies[name] = value
    client.get(paths[-1])
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(paths[-1])
    if answer.status_code != 200:
        raise RuntimeError(f"{paths[-1]} answers {answer.status_code}")
    return len(seen)


if __name__ == "__main__":
    main()
