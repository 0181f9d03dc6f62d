"""The menu of boards, for every page."""

from collections.abc import Sequence
from itertools import groupby

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.safestring import SafeString

from accounts.permissions import Visitor
from accounts.queries import points
from boards.models import Board
from boards.permissions import is_known_moderator
from boards.queries.boards import readable_boards
from boards.queries.search_words import popular_words
from boardsite.parts import draw
from boardsite.versions import Unchanged


class Menu:
    """The boards that the visitor may read, by their groups."""

    def __init__(self, visitor: Visitor):
        self.visitor = visitor

    @cached_property
    def boards(self) -> list[Board]:
        return readable_boards(self.visitor)

    @cached_property
    def _ids(self) -> tuple[int, ...]:
        return tuple(board.pk for board in self.boards)

    def shelves(self, present: int | None) -> SafeString:
        """Each group with its boards. `present`: the id of the board whose page this is."""
        return self._drawn("menu_shelves.jinja", present)

    def line(self, present: int | None) -> SafeString:
        """The boards alone."""
        return self._drawn("menu_line.jinja", present)

    def _drawn(self, part: str, present: int | None) -> SafeString:
        """Whoever may read the same boards sees the same."""
        key = part, present, self._ids
        return _drawn.get(key, lambda: _draw(part, present, self.boards))


def _draw(part: str, present: int | None, boards: Sequence[Board]) -> SafeString:
    groups = [(group, list(own)) for group, own in groupby(boards, lambda board: board.group)]
    return draw(part, groups=groups, present=present)


_drawn: Unchanged[SafeString] = Unchanged(size=512)


def navigation(request: HttpRequest) -> dict:
    """`menu`: a Menu; `popular_words`: 인기검색어; `is_known_moderator`: whether to show the way to the
    reports; `points_are_on`. Read only when shown."""
    visitor = getattr(request, "user", AnonymousUser())  # a bad request may come before log-in
    return {
        "menu": Menu(visitor),
        "popular_words": SimpleLazyObject(popular_words),
        "points_are_on": SimpleLazyObject(points.are_on),
        "is_known_moderator": SimpleLazyObject(lambda: is_known_moderator(visitor)),
    }
