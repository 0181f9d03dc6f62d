"""Titles of pages for a user who may not know of every page. Each app names its own pages in its
places.py.

    @namer
    def name_pages(paths, user):
        return {path: Place(_("검색"), "/search/") for path in paths if path == "/search/"}

Callers have paths only, without queries. A namer returns those that it knows and that `user` may
know of. It makes at most one database query, however many paths there are."""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from django.utils.translation import gettext as _


class Place(NamedTuple):
    """`address` is where the page can be seen, or "" where only its owner can see it."""

    label: str
    address: str = ""


Namer = Callable[
    [Collection[str], Any], dict[str, Place]
]  # the user is one of the project's own model

_namers: list[Namer] = []


def namer(name: Namer) -> Namer:
    """Registers a function of paths and a user that returns the places it knows."""
    _namers.append(name)
    return name


def name_places(paths: Collection[str], user) -> dict[str, Place]:
    """The place of each of `paths` as `user` may know it; `elsewhere` for paths that no namer
    returned."""
    left = set(paths)
    named: dict[str, Place] = {}
    for name in _namers:
        named |= name(left, user)
        left -= named.keys()
    return {path: named.get(path, elsewhere()) for path in paths}


def elsewhere() -> Place:
    """A page of which nothing may be said."""
    return Place(_("다른 곳"))


def words_of(path: str) -> list[str]:
    """The segments of a path: ["free", "12"] for /free/12/, none for the front page."""
    return [word for word in path.split("/") if word]
