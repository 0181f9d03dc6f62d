"""The latest posts of many boards, for the front page and the pages of groups."""

from collections.abc import Sequence

from django.db import models
from django.utils.safestring import SafeString

from accounts.permissions import Visitor
from boards.models import BoardGroup, Post
from boards.models.posts import PostQuerySet
from boards.permissions import Access, access
from boards.queries.boards import readable_boards
from boards.rows import for_rows, post_row
from boardsite.compiled import Compiled, Slot
from boardsite.parts import draw
from boardsite.versions import Unchanged

LATEST = 6
LATEST_PICTURES = 4
SPARE = 2  # posts more than are shown: some may be secret


def latest_blocks(visitor: Visitor, group: BoardGroup | None = None) -> list[SafeString]:
    """The latest posts of each board that `visitor` may read, notices too, as HTML.

    Only boards in which something has changed since are asked for them, by one query each; by a
    second one where the newest ones hold too many secrets.
    """
    boards = readable_boards(visitor)
    if group is not None:
        boards = [board for board in boards if board.group_id == group.pk]
    return [_block(access(visitor, board)) for board in boards]


def _block(can: Access) -> SafeString:
    """Whoever may read the same posts, and folds the same, is shown the same."""
    board = can.board
    has_pictures = board.skin == "gallery"
    count = LATEST_PICTURES if has_pictures else LATEST
    newest = _newest(board.pk, has_pictures)
    posts = [post for post in newest if not post.is_secret or _is_secret_open(can, post)][:count]
    if len(posts) < count and len(newest) == count + SPARE:
        visible = Post.objects.visible_to(can.visitor).filter(board=board)
        posts = list(for_rows(_newest_of(visible, has_pictures))[:count])
    shown = tuple((post.pk, can.folds(post)) for post in posts)
    return _drawn.get((board.pk, shown), lambda: _draw(can, posts))


def _is_secret_open(can: Access, post: Post) -> bool:
    """As Post.objects.visible_to: never to guests, not even what a password has opened for them."""
    return can.visitor.is_authenticated and can.may_read(post)


def _read_newest(board_id: int, has_pictures: bool) -> list[Post]:
    return (_with_pictures if has_pictures else _all)(board=board_id)


def _newest_in_board(has_pictures: bool, count: int) -> PostQuerySet:
    posts = Post.objects.published().filter(board_id=Slot("board", models.BigAutoField()))
    return for_rows(_newest_of(posts, has_pictures))[:count]


def _newest_of(posts: PostQuerySet, has_pictures: bool) -> PostQuerySet:
    posts = posts.filter(cover__isnull=False) if has_pictures else posts
    return posts.order_by("-number")


def _draw(can: Access, posts: Sequence[Post]) -> SafeString:
    rows = [post_row(post, can.board, can) for post in posts]
    return draw("latest_block.jinja", board=can.board, rows=rows)


_all = Compiled(lambda: _newest_in_board(False, LATEST + SPARE))
_with_pictures = Compiled(lambda: _newest_in_board(True, LATEST_PICTURES + SPARE))
_newest = Unchanged(_read_newest, scope=lambda board_id, *rest: board_id)
_drawn: Unchanged[SafeString] = Unchanged(scope=lambda board_id, shown: board_id, size=1024)
