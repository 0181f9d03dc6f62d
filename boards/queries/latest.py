"""The latest posts of boards, for the front page and the pages of groups."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from django.db import models
from django.utils.safestring import SafeString

from accounts.permissions import Visitor
from boards.models import Board, BoardGroup, Post
from boards.models.posts import PostQuerySet
from boards.permissions import Access, access
from boards.queries.boards import readable_boards
from boards.queries.lists import with_excerpts
from boards.rows import for_rows, post_row
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases.compiled import Compiled, Slot
from boardsite.jinja import draw

LATEST = 6
LATEST_PICTURES = 4
MOST = 20
SPARE = 2  # posts more than are shown: some may be secret
LIST, PICTURES, CARDS = "list", "pictures", "cards"


class Shape(NamedTuple):
    """How the latest posts of a board are shown.

    `style`: LIST, PICTURES (of posts that have one), or CARDS with the beginnings of the texts.
    `rows` is at most MOST. `title`: instead of the board's name.
    """

    style: str
    rows: int
    title: str = ""


def latest_blocks(
    visitor: Visitor, group: BoardGroup | None = None, *, with_empty: bool = True
) -> list[SafeString]:
    """The latest posts of each board that `visitor` may read, notices too, as HTML; of no inquiry
    board.

    Only boards in which something has changed since are asked for them, by one query each; by a
    second one where the newest ones hold too many secrets.
    """
    boards: Sequence[Board] = [board for board in readable_boards(visitor) if not board.is_inquiry]
    if group is not None:
        boards = [board for board in boards if board.group_id == group.pk]
    blocks = (
        latest_block(access(visitor, board), _shape_of(board), with_empty=with_empty)
        for board in boards
    )
    return [block for block in blocks if block]


def _shape_of(board: Board) -> Shape:
    return Shape(PICTURES, LATEST_PICTURES) if board.skin == "gallery" else Shape(LIST, LATEST)


def latest_block(can: Access, shape: Shape, *, with_empty: bool = False) -> SafeString | None:
    """The latest posts of one board that the visitor may read; None if there are none, unless
    `with_empty`.

    Visitors with the same look who may read the same posts, and fold the same, get the same.
    """
    board, count, has_pictures = can.board, shape.rows, shape.style == PICTURES
    size = _size_of(shape)
    newest = _newest(board.pk, has_pictures, size)
    posts = [post for post in newest if not post.is_secret or _is_secret_open(can, post)][:count]
    if len(posts) < count and len(newest) == size:
        visible = Post.objects.visible_to(can.visitor).filter(board=board)
        posts = list(for_rows(_newest_of(visible, has_pictures))[:count])
    if not posts and not with_empty:
        return None
    is_card = shape.style == CARDS
    shown = tuple((post.pk, can.folds(post), is_card and can.is_free(post)) for post in posts)
    return _drawn.get((can.look, shape, shown), lambda: _draw(can, shape, posts))


def _size_of(shape: Shape) -> int:
    """How many posts are read. There are two sizes, so that blocks of one board share them."""
    usual = LATEST_PICTURES if shape.style == PICTURES else LATEST
    return (usual if shape.rows <= usual else MOST) + SPARE


def _is_secret_open(can: Access, post: Post) -> bool:
    """As Post.objects.visible_to: never to guests, not even what a password has opened for them."""
    return can.visitor.is_authenticated and can.may_read(post)


def _read_newest(board_id: int, has_pictures: bool, size: int) -> list[Post]:
    return _compiled[has_pictures, size](board=board_id)


def _newest_in_board(has_pictures: bool, size: int) -> PostQuerySet:
    posts = Post.objects.published().filter(board_id=Slot("board", models.BigAutoField()))
    return for_rows(_newest_of(posts, has_pictures))[:size]


def _newest_of(posts: PostQuerySet, has_pictures: bool) -> PostQuerySet:
    posts = posts.filter(cover__isnull=False) if has_pictures else posts
    return posts.order_by("-number")


def _draw(can: Access, shape: Shape, posts: Sequence[Post]) -> SafeString:
    rows = [post_row(post, can.board, can) for post in posts]
    if shape.style == CARDS:
        rows = with_excerpts(can, posts, rows)
    return draw("boards/_latest_block.jinja", board=can.board, rows=rows, shape=shape)


_compiled: dict[tuple[bool, int], Compiled[Post]] = {
    (has_pictures, count + SPARE): Compiled(partial(_newest_in_board, has_pictures, count + SPARE))
    for has_pictures, usual in ((False, LATEST), (True, LATEST_PICTURES))
    for count in (usual, MOST)
}
_newest = VersionedCache(_read_newest, scope=lambda board_id, *rest: board_id)
_drawn: VersionedCache[SafeString] = VersionedCache(scope=lambda look, *rest: look.board, size=1024)
