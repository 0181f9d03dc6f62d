"""A board by its address, and what belongs to it; all of them, and which of them one may read."""

from django.db import connections, models, router
from django.db.models import QuerySet

from accounts.permissions import Visitor
from boards.models import Board, BoardWatch, Category
from boards.permissions import access
from boards.queries.extras import BOARD_LISTS_EXTRAS
from boardsite.compiled import Compiled, Slot
from boardsite.versions import ALL, Unchanged, current


def _by_slug() -> QuerySet[Board]:
    boards = Board.objects.filter(slug=Slot("slug", models.CharField()))
    return boards.select_related("group", "texts").annotate(lists_extras=BOARD_LISTS_EXTRAS)


_board = Compiled(_by_slug, by_key=True)

# The board at an address, or None; its group and its texts are joined. Whoever only reads shares it
# with others: it is not to be changed.
board_at = Unchanged(lambda slug: _board.first(slug=slug), scope=lambda slug: ALL)


def categories_of(board: Board) -> list[Category]:
    """The categories of `board`, in the order of the admin; not to be changed."""
    return _categories(board.pk)


_categories = Unchanged(
    lambda board: list(Category.objects.filter(board=board)), scope=lambda board: board
)


def is_watched(board: Board, visitor: Visitor) -> bool:
    """Whether `visitor` wants to hear of new posts in `board`. No query for a guest."""
    if not visitor.is_authenticated:
        return False
    with connections[router.db_for_read(BoardWatch)].prepared_cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {BoardWatch._meta.db_table} WHERE board_id = %s AND member_id = %s",
            [board.pk, visitor.pk],
        )
        return cursor.fetchone() is not None


def _read_boards() -> dict[int, Board]:
    boards = Board.objects.select_related("group")
    return {board.pk: board for board in boards.order_by(*Board._meta.ordering)}


# All boards with their groups, by id, in the order of the menu. Their counts of posts may be some
# seconds old: whoever shows these asks for his board by itself.
known_boards = Unchanged(_read_boards, size=1)


def readable_boards(visitor: Visitor) -> list[Board]:
    """As Board.objects.readable_by, of known_boards; asked of each board once a reading request."""
    found = getattr(visitor, "_readable_boards", None)
    if found is None or current() is not found[0]:
        boards = [board for board in known_boards().values() if access(visitor, board).read]
        found = current(), boards
        if found[0] is not None:
            visitor._readable_boards = found
    return found[1]
