"""The menu of boards, for every page."""

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.permissions import Visitor
from accounts.queries import points
from boards.models import Board, BoardGroup
from boards.permissions import is_known_moderator
from boards.queries.search_words import popular_words


@dataclass
class MenuGroup:
    """A group and those of its boards that the visitor may read."""

    group: BoardGroup
    boards: list[Board] = field(default_factory=list)


def navigation(request: HttpRequest) -> dict:
    """`menu`: groups with their readable boards; `popular_words`: 인기검색어; `is_known_moderator`:
    whether to show the way to the reports; `points_are_on`. Read only when shown."""
    visitor = getattr(request, "user", AnonymousUser())  # a bad request may come before log-in
    return {
        "menu": SimpleLazyObject(lambda: _menu(visitor)),
        "popular_words": SimpleLazyObject(popular_words),
        "points_are_on": SimpleLazyObject(points.are_on),
        "is_known_moderator": SimpleLazyObject(lambda: is_known_moderator(visitor)),
    }


def _menu(visitor: Visitor) -> list[MenuGroup]:
    groups: dict[int, MenuGroup] = {}
    boards = Board.objects.readable_by(visitor).select_related("group")
    for board in boards.order_by("group__position", "group_id", "position", "id"):
        groups.setdefault(board.group_id, MenuGroup(board.group)).boards.append(board)
    return list(groups.values())
