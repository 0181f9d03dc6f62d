"""Boards: all of them, those that a visitor may read, their categories and watches."""

from collections.abc import Sequence

from django.db import router

from accounts.permissions import Visitor
from boards.models import Board, BoardWatch, Category
from boards.permissions import access
from boards.permissions.members import rights_of
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.caching.versions import current
from boardsite.databases.prepared import prepared_cursor


def categories_of(board: Board) -> list[Category]:
    """The categories of `board` in the admin's order; shared, not to be changed."""
    return _categories(board.pk)


_categories = VersionedCache(
    lambda board: list(Category.objects.filter(board=board)), scope=lambda board: board
)


def is_watched(board: Board, visitor: Visitor) -> bool:
    """Whether `visitor` watches `board`. No query for a guest."""
    if not visitor.is_authenticated:
        return False
    with prepared_cursor(router.db_for_read(BoardWatch)) as cursor:
        cursor.execute(
            f"SELECT 1 FROM {BoardWatch._meta.db_table} WHERE board_id = %s AND member_id = %s",
            [board.pk, visitor.pk],
        )
        return cursor.fetchone() is not None


def _read_boards() -> dict[int, Board]:
    boards = Board.objects.filter(deleted_at=None).select_related("group")
    return {board.pk: board for board in boards.order_by(*(Board._meta.ordering or ()))}


# All boards that are not in the bin, with their groups, by id, in the menu's order. Their counters
# may be some seconds old; pages that show counters load their board separately.
known_boards = VersionedCache(_read_boards, size=1)


def readable_boards(visitor: Visitor) -> Sequence[Board]:
    """As Board.objects.readable_by, from known_boards; computed once per request."""
    versions, rights = current(), rights_of(visitor)
    if versions is None or rights.readable[0] is not versions:
        boards = tuple(board for board in known_boards().values() if access(visitor, board).read)
        rights.readable = versions, boards
    return rights.readable[1]
