"""Numbered pages to the last on a board of any size, by counted buckets instead of OFFSET.

`Buckets` reads the few counted rows of one board (a thousand for a million posts); from them come
the total, the place of any page and the page of any post. See docs/decisions/0003.
"""

from boards.models import Board, Category, Post, PostBucket
from boards.models.buckets import BUCKET_SIZE


class Buckets:
    """The counted threads of the listed posts of `board`, or of one of its categories."""

    def __init__(self, board: Board, category: Category | None = None):
        self.posts = board.posts.listed()
        if category is not None:
            self.posts = self.posts.filter(category=category)
        self.counts: list[tuple[int, int]] = list(
            PostBucket.objects.filter(
                board=board, category_id=category.pk if category else 0, count__gt=0
            )
            .order_by("-bucket")
            .values_list("bucket", "count")
        )
        self.total = sum(count for _bucket, count in self.counts)

    def rows(self, offset: int, size: int):
        """A queryset of the `size` posts from `offset` on, in the list's order, as one cheap query."""
        if offset >= self.total:
            return Post.objects.none()
        skipped = 0
        ceiling = 0
        for bucket, count in self.counts:
            ceiling = (bucket + 1) * BUCKET_SIZE
            if skipped + count > offset:
                break
            skipped += count
        near = self.posts.filter(thread__lt=ceiling).by_thread().values("pk")
        start = offset - skipped
        return Post.objects.filter(pk__in=near[start : start + size]).by_thread()

    def position(self, post: Post) -> int:
        """How many listed posts stand above `post`."""
        own = post.thread // BUCKET_SIZE
        above = sum(count for bucket, count in self.counts if bucket > own)
        in_own = self.posts.filter(thread__gte=post.thread, thread__lt=(own + 1) * BUCKET_SIZE)
        return above + in_own.exclude(thread=post.thread, path__gte=post.path).count()
