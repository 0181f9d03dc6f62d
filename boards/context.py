"""The menu of boards, for every page."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from boards.models import Board, BoardGroup
from boards.queries import popular_now


@dataclass
class MenuGroup:
    """A group and those of its boards that the visitor may read."""

    group: BoardGroup
    boards: list[Board] = field(default_factory=list)


def navigation(request: HttpRequest) -> dict:
    """`menu`: groups with their readable boards; `popular_now`: 인기글. Read only when shown."""
    return {
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "popular_now": SimpleLazyObject(lambda: popular_now(request.user)),
    }


def _menu(request: HttpRequest) -> list[MenuGroup]:
    groups: dict[int, MenuGroup] = {}
    boards = Board.objects.readable_by(request.user).select_related("group")
    for board in boards.order_by("group__position", "group_id", "position", "id"):
        groups.setdefault(board.group_id, MenuGroup(board.group)).boards.append(board)
    return list(groups.values())
