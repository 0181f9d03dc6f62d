"""Numbered pages on a board of any size, from counters instead of OFFSET.

`Buckets` loads the counters of one board (a thousand rows for a million posts) when they have
changed. They yield the total, the place of any page and the page of any post. See
docs/decisions/0003.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from django.db import models, router
from django.db.models import QuerySet

from boards.models import Board, Category, Post, PostBucket
from boards.models.buckets import BUCKET_SIZE
from boards.models.posts import ListState, PostQuerySet
from boards.rows import for_rows
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases.compiled import Compiled, Slot, part_of
from boardsite.databases.prepared import prepared_cursor

_WHOLE = 0  # the category_id of counters for the whole board
_NUMBER = models.BigIntegerField()


def _rows_of(in_category: bool) -> QuerySet[Post]:
    """The rows of a page, in the list's order. The subquery for their ids is an index-only scan."""
    posts = Post.objects.listed().filter(board=Slot("board", _NUMBER))
    if in_category:
        posts = posts.filter(category=Slot("category", _NUMBER))
    near = posts.filter(thread__lt=Slot("ceiling", _NUMBER)).by_thread()
    page = part_of(near, Slot("size", _NUMBER), Slot("start", _NUMBER))
    return for_rows(Post.objects.filter(pk__in=page)).by_thread()


_rows = {in_category: Compiled(partial(_rows_of, in_category)) for in_category in (False, True)}


class _Counts(NamedTuple):
    """The counters, newest first. The bucket numbers are negated so that they ascend for bisect.
    The second column is the number of posts above the bucket."""

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


_counts = VersionedCache(_counted, scope=lambda board, category: board)


class Buckets:
    """The counters of the listed posts of `board`, or of one of its categories."""

    def __init__(self, board: Board, category: Category | None = None):
        self.board, self.category = board.pk, category.pk if category else _WHOLE
        self.counts = _counts(self.board, self.category)
        self.total = self.counts.total

    @property
    def posts(self) -> PostQuerySet:
        """All listed posts of the board or category, unsorted."""
        posts = Post.objects.listed().filter(board=self.board)
        return posts.filter(category=self.category) if self.category else posts

    def rows(self, offset: int, size: int) -> list[Post]:
        """`size` posts from `offset` on, in the list's order."""
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
        """The number of listed posts above `post`."""
        own = post.thread // BUCKET_SIZE
        place = bisect_left(self.counts.places, -own)
        above = self.counts.above[place] if place < len(self.counts.above) else self.total
        in_category = " AND category_id = %s" if self.category else ""
        of_category = [self.category] if self.category else []
        with prepared_cursor(router.db_for_read(Post)) as cursor:
            cursor.execute(
                f"SELECT COUNT(*) FROM {Post._meta.db_table} WHERE board_id = %s{in_category} "
                f"AND list_state = {ListState.LISTED:d} AND thread >= %s AND thread < %s "
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
