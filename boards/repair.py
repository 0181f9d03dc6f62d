"""Computes every stored count anew from the rows, and mends what differs.

The definitions here are the same as in actions.counting, written the other way round; a test does
hundreds of random deeds and asks this module to find nothing.

The site may go on meanwhile. One statement compares a thousand rows with what it counts in the same
moment, and locks nothing. A row that differs is then locked and counted once more before it is mended:
the deeds that move it wait for so long, and add to the true number.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection, models, transaction
from django.db.models import Count, F, IntegerField, Max, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts.models import Member, Message, Notification, PointEntry
from boards.models import (
    Attachment,
    Board,
    Comment,
    CommentVote,
    Post,
    PostBucket,
    PostVote,
    State,
    Vote,
)
from boards.models.buckets import BUCKET_SIZE
from boardsite.drifts import Drift

CHUNK = 1_000  # rows that one statement compares
SPAN = 64  # buckets that one statement counts: 65,536 threads


@dataclass(frozen=True)
class Step:
    """Ids of `part` (a key of PARTS) up to `place` are done, of `last`."""

    part: str
    place: int
    last: int
    drifts: list[Drift] = field(default_factory=list)


def recount(*, mend: bool = True) -> list[Drift]:
    """All untrue counts, mended unless told otherwise."""
    return [drift for step in recounting(mend=mend) for drift in step.drifts]


def recounting(*, mend: bool = True, part: str = "", place: int = 0) -> Iterator[Step]:
    """As recount, step by step; goes on behind the step that ended at `part` and `place`."""
    names = list(PARTS)
    for name in names[names.index(part) if part else 0 :]:
        yield from PARTS[name](mend, place if name == part else 0)


def _number_of(rows, key: str) -> Coalesce:
    """The number of `rows` that belong to the outer row, or 0."""
    total = (
        rows.filter(**{key: OuterRef("pk")})
        .order_by()
        .values(key)
        .annotate(total=Count("pk"))
        .values("total")
    )
    return Coalesce(Subquery(total, output_field=IntegerField()), Value(0))


@dataclass(frozen=True)
class Counts:
    """The counts that stand in the rows of one model; `truths` counts each of them anew."""

    model: type[models.Model]
    truths: Callable[[], dict[str, Coalesce]]

    def __call__(self, mend: bool, place: int) -> Iterator[Step]:
        rows = self.model.objects.order_by("pk")
        last = rows.aggregate(last=Max("pk"))["last"] or 0
        while place < last:
            following = rows.filter(pk__gt=place).values_list("pk", flat=True)
            end = following[CHUNK - 1 : CHUNK].first() or last
            drifts = list(self._compare(rows.filter(pk__gt=place, pk__lte=end), mend))
            place = end
            yield Step(f"{self.model._meta.model_name}s", place, last, drifts)

    def _compare(self, rows, mend: bool) -> Iterator[Drift]:
        for column, truth in self.truths().items():
            wrong = rows.annotate(true=truth).exclude(**{column: F("true")})
            for pk, stored, true in list(wrong.values_list("pk", column, "true")):
                found = self._mend(pk, column, truth) if mend else (stored, true)
                if found:
                    yield Drift(f"{self.model._meta.model_name} {pk} {column}", *found)

    def _mend(self, pk: int, column: str, truth: Coalesce) -> tuple[int, int] | None:
        """What was stored and what is true; None if that is the same by now."""
        row = self.model.objects.filter(pk=pk)
        with transaction.atomic():
            if _locked(row) is None:
                return None
            stored, true = row.annotate(true=truth).values_list(column, "true").get()
            row.update(**{column: true})
        return None if stored == true else (stored, true)


def _locked(rows) -> models.Model | None:
    """The row, which nobody else changes until the transaction ends. (SQLite's has all to itself.)"""
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(no_key=True)
    return rows.only("pk").first()


def _of_posts() -> dict[str, Coalesce]:
    files = Attachment.objects
    return {
        "comment_count": _number_of(Comment.objects.published(), "post"),
        "like_count": _number_of(PostVote.objects.filter(value=Vote.LIKE), "post"),
        "dislike_count": _number_of(PostVote.objects.filter(value=Vote.DISLIKE), "post"),
        "picture_count": _number_of(files.filter(kind=Attachment.Kind.PICTURE), "post"),
        "file_count": _number_of(files.exclude(kind=Attachment.Kind.PICTURE), "post"),
    }


def _of_comments() -> dict[str, Coalesce]:
    return {
        "like_count": _number_of(CommentVote.objects.filter(value=Vote.LIKE), "comment"),
        "dislike_count": _number_of(CommentVote.objects.filter(value=Vote.DISLIKE), "comment"),
    }


def _of_boards() -> dict[str, Coalesce]:
    written = Comment.objects.published().filter(post__state=State.PUBLISHED)
    return {
        "post_count": _number_of(Post.objects.published(), "board"),
        "comment_count": _number_of(written, "post__board"),
    }


def _of_members() -> dict[str, Coalesce]:
    return {
        "post_count": _number_of(Post.objects.published(), "author"),
        "comment_count": _number_of(Comment.objects.published(), "author"),
        "unread_notification_count": _number_of(Notification.objects.unread(), "member"),
        "unread_message_count": _number_of(Message.objects.unread(), "receiver"),
        "points": _points(),
    }


def _points() -> Coalesce:
    own = PointEntry.objects.filter(member=OuterRef("pk")).order_by().values("member")
    total = own.annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), Value(0))


def _buckets(mend: bool, place: int) -> Iterator[Step]:
    """Board after board: `place` is the last that is done."""
    boards = Board.objects.order_by("pk").annotate(end=Max("buckets__bucket"))
    last = boards.aggregate(last=Max("pk"))["last"] or 0
    for board in boards.filter(pk__gt=place):
        buckets = max(board.end or 0, board.last_number // BUCKET_SIZE) + 1
        for first in range(0, buckets, SPAN):
            drifts = list(_compare_buckets(board, first, mend))
            is_done = first + SPAN >= buckets
            yield Step("buckets", board.pk if is_done else place, last, drifts)
        place = board.pk


def _compare_buckets(board: Board, first: int, mend: bool) -> Iterator[Drift]:
    there = PostBucket.objects.filter(board=board, bucket__gte=first, bucket__lt=first + SPAN)
    stored = {(row.category_id, row.bucket): row.count for row in there}
    true: Counter[tuple[int, int]] = Counter()
    rows = _listed(board.pk, first, SPAN).annotate(bucket=F("thread") / BUCKET_SIZE)
    for category, bucket, total in rows.values_list("category_id", "bucket", Count("pk")):
        for key in {(0, bucket), (category or 0, bucket)}:
            true[key] += total
    for category, bucket in sorted(true.keys() | stored.keys()):
        # Counted by two statements in two moments; what differs is asked of once more, in one.
        if stored.get((category, bucket), 0) != true[category, bucket]:
            now, count = _bucket(board.pk, category, bucket, mend)
            if now != count:
                yield Drift(f"bucket {(board.pk, category, bucket)}", now, count)


def _listed(board: int, first: int, span: int):
    """The posts that the buckets from `first` on count."""
    threads = {"thread__gte": first * BUCKET_SIZE, "thread__lt": (first + span) * BUCKET_SIZE}
    return Post.objects.listed().filter(board=board, **threads).order_by()


def _bucket(board: int, category: int, bucket: int, mend: bool) -> tuple[int, int]:
    """What is stored and what is true."""
    key = {"board_id": board, "category_id": category, "bucket": bucket}
    own, posts = PostBucket.objects.filter(**key), _listed(board, bucket, 1)
    if category:
        posts = posts.filter(category=category)
    total = posts.values("board").annotate(total=Count("pk")).values("total")
    found = Board.objects.filter(pk=board).values_list(
        Coalesce(Subquery(own.values("count")), 0), Coalesce(Subquery(total), 0)
    )
    if not mend:
        return found.get()
    with transaction.atomic():
        PostBucket.objects.bulk_create([PostBucket(**key)], ignore_conflicts=True)
        _locked(own)
        stored, true = found.get()
        own.update(count=true)
    return stored, true


PARTS: dict[str, Callable[[bool, int], Iterator[Step]]] = {
    "posts": Counts(Post, _of_posts),
    "comments": Counts(Comment, _of_comments),
    "boards": Counts(Board, _of_boards),
    "members": Counts(Member, _of_members),
    "buckets": _buckets,
}
