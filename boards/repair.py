"""Computes every stored count anew from the rows, and mends what differs.

The definitions here are the same as in actions.counting, written the other way round; a test does
hundreds of random deeds and asks this module to find nothing.
"""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum, Value
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


def recount(*, mend: bool = True) -> list[Drift]:
    """All untrue counts, mended unless told otherwise. On a live site run it when it is quiet."""
    with transaction.atomic():
        return [*_posts(mend), *_comments(mend), *_boards(mend), *_members(mend), *_buckets(mend)]


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


def _mend(queryset, mend: bool, name: str, **truths) -> Iterator[Drift]:
    """Compares the columns named by `truths` with their true values, row by row that differs."""
    for column, truth in truths.items():
        wrong = queryset.annotate(true=truth).exclude(**{column: F("true")})
        for pk, stored, true in list(wrong.values_list("pk", column, "true")):
            if mend:
                queryset.model.objects.filter(pk=pk).update(**{column: true})
            yield Drift(f"{name} {pk} {column}", stored, true)


def _posts(mend: bool) -> Iterator[Drift]:
    files = Attachment.objects
    yield from _mend(
        Post.objects.all(),
        mend,
        "post",
        comment_count=_number_of(Comment.objects.published(), "post"),
        like_count=_number_of(PostVote.objects.filter(value=Vote.LIKE), "post"),
        dislike_count=_number_of(PostVote.objects.filter(value=Vote.DISLIKE), "post"),
        picture_count=_number_of(files.filter(kind=Attachment.Kind.PICTURE), "post"),
        file_count=_number_of(files.exclude(kind=Attachment.Kind.PICTURE), "post"),
    )


def _comments(mend: bool) -> Iterator[Drift]:
    yield from _mend(
        Comment.objects.all(),
        mend,
        "comment",
        like_count=_number_of(CommentVote.objects.filter(value=Vote.LIKE), "comment"),
        dislike_count=_number_of(CommentVote.objects.filter(value=Vote.DISLIKE), "comment"),
    )


def _boards(mend: bool) -> Iterator[Drift]:
    yield from _mend(
        Board.objects.all(),
        mend,
        "board",
        post_count=_number_of(Post.objects.published(), "board"),
        comment_count=_number_of(
            Comment.objects.published().filter(post__state=State.PUBLISHED), "post__board"
        ),
    )


def _members(mend: bool) -> Iterator[Drift]:
    yield from _mend(
        Member.objects.all(),
        mend,
        "member",
        post_count=_number_of(Post.objects.published(), "author"),
        comment_count=_number_of(Comment.objects.published(), "author"),
        unread_notification_count=_number_of(Notification.objects.filter(is_read=False), "member"),
        unread_message_count=_number_of(Message.objects.unread(), "receiver"),
        points=_points(),
    )


def _points() -> Coalesce:
    own = PointEntry.objects.filter(member=OuterRef("pk")).order_by().values("member")
    total = own.annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), Value(0))


def _buckets(mend: bool) -> Iterator[Drift]:
    listed = Q(state=State.PUBLISHED, is_notice=False)
    true: dict[tuple[int, int, int], int] = {}
    rows = (
        Post.objects.filter(listed)
        .order_by()
        .annotate(bucket=F("thread") / BUCKET_SIZE)
        .values_list("board_id", "category_id", "bucket")
        .annotate(total=Count("pk"))
    )
    for board, category, bucket, total in rows:
        for key in {(board, 0, bucket), (board, category or 0, bucket)}:
            true[key] = true.get(key, 0) + total
    stored = {(row.board_id, row.category_id, row.bucket): row for row in PostBucket.objects.all()}
    for key in sorted(true.keys() | stored.keys()):
        now, count = stored[key].count if key in stored else 0, true.get(key, 0)
        if now == count:
            continue
        if mend:
            board, category, bucket = key
            PostBucket.objects.update_or_create(
                board_id=board, category_id=category, bucket=bucket, defaults={"count": count}
            )
        yield Drift(f"bucket {key}", now, count)
