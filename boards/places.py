"""The names of boards for pages that list places (boardsite.places).

A post is named by its board, because its subject may be secret.
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from accounts.places import own_page
from boards.models import Board
from boards.models.slugs import RESERVED_SLUGS
from boardsite.places import Place, namer, words_of

OWN = frozenset("my scraps drafts".split())


@namer
def name_boards(paths: Collection[str], user: Visitor) -> dict[str, Place]:
    """Boards that `user` may read, and groups with at least one such board. One query."""
    words = {path: words_of(path) for path in paths}
    boards = {each[0] for each in words.values() if each and each[0] not in RESERVED_SLUGS}
    groups = {each[1] for each in words.values() if each[0:1] == ["groups"] and len(each) > 1}
    if not boards and not groups:
        return {}
    known: dict[tuple[str, ...], Place] = {}
    rows = Board.objects.readable_by(user).filter(Q(slug__in=boards) | Q(group__slug__in=groups))
    for board in rows.select_related("group").only("slug", "name", "group__slug", "group__name"):
        known[(board.slug,)] = Place(board.name, board.get_absolute_url())
        known["groups", board.group.slug] = Place(board.group.name, board.group.get_absolute_url())
    return {
        path: known[key]
        for path, each in words.items()
        if (key := tuple(each[:2] if each[0:1] == ["groups"] else each[:1])) in known
    }


@namer
def name_pages(paths: Collection[str], _user: Visitor) -> dict[str, Place]:
    return {path: place for path in paths if (place := _place(words_of(path)))}


def _place(words: list[str]) -> Place | None:
    match words:
        case []:
            return Place(_("첫 화면"), "/")
        case ["new"]:
            return Place(_("새글"), "/new/")
        case ["search"]:
            return Place(_("검색"), "/search/")
        case ["popular"]:
            return Place(_("인기글"), "/popular/")
        case ["tags", *_rest]:
            return Place(_("태그"), "/tags/")
        case [word, *_rest] if word in OWN:
            return own_page()
    return None
