"""Numbered pages to the last on a board of any size, by counted buckets instead of OFFSET.

`Buckets` reads the few counted rows of one board (a thousand for a million posts), once while they
have not changed; from them come the total, the place of any page and the page of any post. See
docs/decisions/0003.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connections, models, router
from django.db.models import QuerySet

from boards.models import Board, Category, Post, PostBucket
from boards.models.buckets import BUCKET_SIZE
from boards.rows import for_rows
from boardsite.compiled import Compiled, Slot, part_of
from boardsite.versions import Unchanged

_WHOLE = 0  # the category of the buckets that count the whole board
_NUMBER = models.BigIntegerField()


def _rows_of(in_category: bool) -> QuerySet[Post]:
    """A page, in the list's order: its ids come from the index of threads alone."""
    posts = Post.objects.listed().filter(board=Slot("board", _NUMBER))
    if in_category:
        posts = posts.filter(category=Slot("category", _NUMBER))
    near = posts.filter(thread__lt=Slot("ceiling", _NUMBER)).by_thread()
    page = part_of(near, Slot("size", _NUMBER), Slot("start", _NUMBER))
    return for_rows(Post.objects.filter(pk__in=page)).by_thread()


_rows = {in_category: Compiled(lambda each=in_category: _rows_of(each)) for in_category in (0, 1)}


class _Counts(NamedTuple):
    """The counted buckets, newest first: the number of each with its sign turned, so that they rise,
    and how many posts stand above it."""

    places: Sequence[int]
    above: Sequence[int]
    total: int


def _counted(board: int, category: int) -> _Counts:
    counts = PostBucket.objects.filter(board=board, category_id=category, count__gt=0)
    places, above, total = array("q"), array("q"), 0
    for bucket, count in counts.order_by("-bucket").values_list("bucket", "count"):
        places.append(-bucket)
        above.append(total)
        total += count
    return _Counts(places, above, total)


_counts = Unchanged(_counted, scope=lambda board, category: board)


class Buckets:
    """The counted threads of the listed posts of `board`, or of one of its categories."""

    def __init__(self, board: Board, category: Category | None = None):
        self.board, self.category = board.pk, category.pk if category else _WHOLE
        self.counts = _counts(self.board, self.category)
        self.total = self.counts.total

    @property
    def posts(self) -> QuerySet[Post]:
        """All that are counted, in no order."""
        posts = Post.objects.listed().filter(board=self.board)
        return posts.filter(category=self.category) if self.category else posts

    def rows(self, offset: int, size: int) -> list[Post]:
        """The `size` posts from `offset` on, in the list's order, for rows; one cheap query."""
        if offset >= self.total:
            return []
        place = bisect_right(self.counts.above, offset) - 1
        return _rows[bool(self.category)](
            board=self.board,
            category=self.category,
            ceiling=(1 - self.counts.places[place]) * BUCKET_SIZE,
            start=offset - self.counts.above[place],
            size=size,
        )

    def position(self, post: Post) -> int:
        """How many listed posts stand above `post`."""
        own = post.thread // BUCKET_SIZE
        place = bisect_left(self.counts.places, -own)
        above = self.counts.above[place] if place < len(self.counts.above) else self.total
        in_category = " AND category_id = %s" if self.category else ""
        of_category = [self.category] if self.category else []
        with connections[router.db_for_read(Post)].prepared_cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*) FROM {Post._meta.db_table} WHERE board_id = %s{in_category} "
                "AND NOT is_notice AND state = 'published' AND thread >= %s AND thread < %s "
                "AND NOT (thread = %s AND path >= %s)",
                [
                    self.board,
                    *of_category,
                    post.thread,
                    (own + 1) * BUCKET_SIZE,
                    post.thread,
                    post.path,
                ],
            )
            return above + cursor.fetchone()[0]
