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
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.jinja import draw


class Menu:
    """The boards that the visitor may read, by group."""

    def __init__(self, visitor: Visitor):
        self.visitor = visitor

    @cached_property
    def boards(self) -> Sequence[Board]:
        return readable_boards(self.visitor)

    @cached_property
    def _ids(self) -> tuple[int, ...]:
        return tuple(board.pk for board in self.boards)

    def shelves(self, present: int | None) -> SafeString:
        """Each group with its boards. `present` is the id of the current page's board."""
        return self._drawn("ui/menu_shelves.jinja", present)

    def line(self, present: int | None) -> SafeString:
        """The boards without their groups."""
        return self._drawn("ui/menu_line.jinja", present)

    def _drawn(self, part: str, present: int | None) -> SafeString:
        """Cached for all visitors who may read the same boards."""
        key = part, present, self._ids
        return _drawn.get(key, lambda: _draw(part, present, self.boards))


def _draw(part: str, present: int | None, boards: Sequence[Board]) -> SafeString:
    groups = [(group, list(own)) for group, own in groupby(boards, lambda board: board.group)]
    return draw(part, groups=groups, present=present)


_drawn: VersionedCache[SafeString] = VersionedCache(size=512)


def navigation(request: HttpRequest) -> dict:
    """Context processor: the menu, 인기검색어 (`popular_words`), points, and the link to the reports.

    `is_known_moderator` decides about that link. All values are lazy.
    """
    # A malformed request may fail before the authentication middleware.
    visitor = getattr(request, "user", AnonymousUser())
    return {
        "menu": Menu(visitor),
        "popular_words": SimpleLazyObject(popular_words),
        "points_are_on": SimpleLazyObject(points.are_on),
        "is_known_moderator": SimpleLazyObject(lambda: is_known_moderator(visitor)),
    }
