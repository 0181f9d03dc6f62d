"""What a page is called before somebody, who may not know of every page: each app names its own in
its places.py.

    @namer
    def name_pages(paths, user):
        return {path: Place(_("검색"), "/search/") for path in paths if path == "/search/"}

Who asks has only paths, without queries. A namer answers for those that it knows and that `user` may
know of, and asks the database at most once, however many there are.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from django.utils.translation import gettext as _


class Place(NamedTuple):
    """`address`: where it can be seen, "" where that is nobody else's page."""

    label: str
    address: str = ""


Namer = Callable[[Collection[str], object], dict[str, Place]]

_namers: list[Namer] = []


def namer(name: Namer) -> Namer:
    """Decorates a function of paths and a user that gives the places of those that it knows."""
    _namers.append(name)
    return name


def name_places(paths: Collection[str], user) -> dict[str, Place]:
    """Each of `paths` as `user` may know it; what nobody names before him is `elsewhere`."""
    left = set(paths)
    named: dict[str, Place] = {}
    for name in _namers:
        named |= name(left, user)
        left -= named.keys()
    return {path: named.get(path, elsewhere()) for path in paths}


def elsewhere() -> Place:
    """Any page of which nothing is told."""
    return Place(_("다른 곳"))


def words_of(path: str) -> list[str]:
    """The words of a path: ["free", "12"] of /free/12/, none of the front page's."""
    return [word for word in path.split("/") if word]
