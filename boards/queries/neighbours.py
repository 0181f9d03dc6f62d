"""The posts next to one in its board's list."""

from django.db.models import BigIntegerField, CharField

from boards.models import Post
from boards.models.posts import PostQuerySet
from boards.permissions import Access
from boards.rows import PostRow, for_rows, post_row
from boardsite.databases.compiled import Compiled, Slot

ID = BigIntegerField()


def neighbours(can: Access, post: Post) -> tuple[PostRow | None, PostRow | None]:
    """The older and the newer neighbour of `post` in its board's list, secret ones included."""
    place = {"board": post.board_id, "thread": post.thread, "path": post.path}
    older, newer = _older.first(**place), _newer.first(**place)
    return (
        post_row(older, can.board, can) if older else None,
        post_row(newer, can.board, can) if newer else None,
    )


def _neighbour(is_older: bool) -> PostQuerySet:
    listed = for_rows(Post.objects.listed().filter(board=Slot("board", ID))).by_thread()
    thread, path = Slot("thread", ID), Slot("path", CharField())
    if is_older:
        return listed.filter(thread__lte=thread).exclude(path__lte=path, thread=thread)[:1]
    newer = listed.filter(thread__gte=thread).exclude(path__gte=path, thread=thread)
    return newer.reverse()[:1]


_older = Compiled(lambda: _neighbour(is_older=True))
_newer = Compiled(lambda: _neighbour(is_older=False))
