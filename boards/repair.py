"""Computes every stored counter from the rows, and repairs those that differ.

The definitions mirror those of actions.counting; a test performs hundreds of random actions and
expects this module to find nothing.

The site may stay online. One statement compares a thousand rows with their true counts in one
snapshot, without locks. Rows that differ are then locked and counted again before they are repaired;
concurrent actions wait for that and add to the correct number.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, models, transaction
from django.db.models import (
    Count,
    Exists,
    Expression,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import Member, Message, Notification, PointEntry
from boards.models import (
    AnonymousVotes,
    Attachment,
    Board,
    Comment,
    CommentVote,
    Poll,
    PollChoice,
    PollOption,
    PollVote,
    Post,
    PostBucket,
    PostVote,
    State,
    Vote,
)
from boards.models.buckets import BUCKET_SIZE
from boardsite.reporting.drifts import Drift

CHUNK = 1_000  # rows per statement
SPAN = 64  # buckets per statement: 65,536 threads


@dataclass(frozen=True)
class Step:
    """The ids of `part` (a key of PARTS) up to `place`, of `last`, are done."""

    part: str
    place: int
    last: int
    drifts: list[Drift] = field(default_factory=list)


def recount(*, repairs: bool = True) -> list[Drift]:
    """All wrong counters; repaired unless `repairs` is False."""
    return [drift for step in recounting(repairs=repairs) for drift in step.drifts]


def recounting(*, repairs: bool = True, part: str = "", place: int = 0) -> Iterator[Step]:
    """As recount, step by step; continues after the step that ended at `part` and `place`."""
    names = list(PARTS)
    for name in names[names.index(part) if part else 0 :]:
        yield from PARTS[name](repairs, place if name == part else 0)


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
    """The counters in the rows of one model; `truths` are the queries that compute them."""

    model: type[models.Model]
    truths: Callable[[], dict[str, Expression]]

    def __call__(self, repairs: bool, place: int) -> Iterator[Step]:
        rows = self.model._default_manager.order_by("pk")
        last = rows.aggregate(last=Max("pk"))["last"] or 0
        while place < last:
            following = rows.filter(pk__gt=place).values_list("pk", flat=True)
            end = following[CHUNK - 1 : CHUNK].first() or last
            drifts = list(self._compare(rows.filter(pk__gt=place, pk__lte=end), repairs))
            place = end
            yield Step(f"{self.model._meta.model_name}s", place, last, drifts)

    def _compare(self, rows, repairs: bool) -> Iterator[Drift]:
        for column, truth in self.truths().items():
            wrong = rows.annotate(true=truth).exclude(**{column: F("true")})
            found = list(wrong.values_list("pk", column, "true"))
            if repairs and found:
                found = self._repair([pk for pk, _stored, _true in found], column, truth)
            for pk, stored, true in found:
                yield Drift(f"{self.model._meta.model_name} {pk} {column}", stored, true)

    def _repair(self, pks: list[int], column: str, truth: Expression) -> list[tuple[int, int, int]]:
        """Ids, stored and true numbers of those that still differ when they are locked."""
        rows = self.model._default_manager.filter(pk__in=pks).order_by("pk")
        with transaction.atomic():
            _lock(rows)
            wrong = rows.annotate(true=truth).exclude(**{column: F("true")})
            found = list(wrong.values_list("pk", column, "true"))
            rows.filter(pk__in=[pk for pk, _stored, _true in found]).update(**{column: truth})
        return found


def _lock(rows) -> None:
    """Locks rows until the transaction ends. (On SQLite the transaction locks everything.)"""
    if connection.features.has_select_for_update:
        list(rows.select_for_update(no_key=True).only("pk").order_by("pk"))


def _locked(rows) -> models.Model | None:
    """The row, locked until the transaction ends. (On SQLite the transaction locks everything.)"""
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(no_key=True)
    return rows.only("pk").first()


def _of_posts() -> dict[str, Expression]:
    files = Attachment.objects
    return {
        "comment_count": _number_of(Comment.objects.published(), "post"),
        "like_count": _votes(Vote.LIKE, "like_count"),
        "dislike_count": _votes(Vote.DISLIKE, "dislike_count"),
        "picture_count": _number_of(files.filter(kind=Attachment.Kind.PICTURE), "post"),
        "file_count": _number_of(files.exclude(kind=Attachment.Kind.PICTURE), "post"),
    }


def _votes(value: Vote, anonymous: str) -> Expression:
    """The votes of members on a post, and those of nobody."""
    rest = AnonymousVotes.objects.filter(post=OuterRef("pk")).values(anonymous)
    nobody = Coalesce(Subquery(rest, output_field=IntegerField()), Value(0))
    return _number_of(PostVote.objects.filter(value=value), "post") + nobody


def _of_comments() -> dict[str, Expression]:
    return {
        "like_count": _number_of(CommentVote.objects.filter(value=Vote.LIKE), "comment"),
        "dislike_count": _number_of(CommentVote.objects.filter(value=Vote.DISLIKE), "comment"),
    }


def _of_polls() -> dict[str, Expression]:
    return {"voter_count": _number_of(PollVote.objects, "poll")}


def _of_poll_options() -> dict[str, Expression]:
    return {"vote_count": _number_of(PollChoice.objects, "option")}


def _of_boards() -> dict[str, Expression]:
    written = Comment.objects.published().filter(post__state=State.PUBLISHED)
    return {
        "post_count": _number_of(Post.objects.published(), "board"),
        "comment_count": _number_of(written, "post__board"),
    }


def _of_members() -> dict[str, Expression]:
    return {
        "post_count": _number_of(Post.objects.published(), "author"),
        "comment_count": _number_of(Comment.objects.published(), "author"),
        "unread_notification_count": _number_of(Notification.objects.unread(), "member"),
        "unread_message_count": _number_of(Message.objects.unread(), "receiver"),
        "points": _points(),
    }


@dataclass(frozen=True)
class MemberCounts(Counts):
    """Also repairs the keys of 별명, because old code may have run until an update restarted the
    site."""

    def _compare(self, rows, repairs: bool) -> Iterator[Drift]:
        yield from super()._compare(rows, repairs)
        claims = Member.objects.exclude(nickname_claim="")
        stale = ~Q(nickname_claim="") & ~Q(nickname_claim=F("nickname_shape"))
        is_claimed = Exists(claims.filter(nickname_claim=OuterRef("nickname_shape")))
        missing = Q(nickname_claim="") & ~Q(nickname_shape="") & ~is_claimed
        wrong = rows.filter(stale | missing, erased_at=None)
        for pk in list(wrong.values_list("pk", flat=True)):
            stored, true = _claim(pk, repairs)
            if stored != true:
                yield Drift(f"member {pk} nickname_claim", stored, true)


def _claim(pk: int, repairs: bool) -> tuple[str, str]:
    """The stored and the true key; equal if another process was faster."""
    try:
        with transaction.atomic():
            row = Member.objects.filter(pk=pk, erased_at=None)
            if _locked(row) is None:
                return "", ""
            member = row.get()
            stored = member.nickname_claim
            others = Member.objects.exclude(pk=pk).with_claim_on(member.nickname)
            member.set_nickname(member.nickname, is_shared=others.exists())
            if repairs:
                member.save(update_fields=["nickname_shape", "nickname_claim"])
            return stored, member.nickname_claim
    except IntegrityError:  # another member took the key meanwhile
        return "", ""


def _points() -> Coalesce:
    own = PointEntry.objects.filter(member=OuterRef("pk")).order_by().values("member")
    total = own.annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), Value(0))


def _buckets(repairs: bool, place: int) -> Iterator[Step]:
    """One board after the other; `place` is the last one that is done."""
    boards = Board.objects.order_by("pk").annotate(end=Max("buckets__bucket"))
    last = boards.aggregate(last=Max("pk"))["last"] or 0
    for board in boards.filter(pk__gt=place):
        buckets = max(board.end or 0, board.last_number // BUCKET_SIZE) + 1
        for first in range(0, buckets, SPAN):
            drifts = list(_compare_buckets(board, first, repairs))
            is_done = first + SPAN >= buckets
            yield Step("buckets", board.pk if is_done else place, last, drifts)
        place = board.pk


def _compare_buckets(board: Board, first: int, repairs: bool) -> Iterator[Drift]:
    there = PostBucket.objects.filter(board=board, bucket__gte=first, bucket__lt=first + SPAN)
    stored = {(row.category_id, row.bucket): row.count for row in there}
    true: Counter[tuple[int, int]] = Counter()
    rows = _listed(board.pk, first, SPAN).annotate(bucket=F("thread") / BUCKET_SIZE)
    for category, bucket, total in rows.values_list("category_id", "bucket", Count("pk")):
        for key in {(0, bucket), (category or 0, bucket)}:
            true[key] += total
    for category, bucket in sorted(true.keys() | stored.keys()):
        # Two statements at different moments may disagree, so differences are checked again in one
        # statement.
        if stored.get((category, bucket), 0) != true[category, bucket]:
            now, count = _bucket(board.pk, category, bucket, repairs)
            if now != count:
                yield Drift(f"bucket {(board.pk, category, bucket)}", now, count)


def _listed(board: int, first: int, span: int):
    """The posts that `span` buckets from `first` on count."""
    threads = {"thread__gte": first * BUCKET_SIZE, "thread__lt": (first + span) * BUCKET_SIZE}
    return Post.objects.listed().filter(board=board, **threads).order_by()


def _bucket(board: int, category: int, bucket: int, repairs: bool) -> tuple[int, int]:
    """The stored and the true number."""
    key = {"board_id": board, "category_id": category, "bucket": bucket}
    own, posts = PostBucket.objects.filter(**key), _listed(board, bucket, 1)
    if category:
        posts = posts.filter(category=category)
    total = posts.values("board").annotate(total=Count("pk")).values("total")
    found = Board.objects.filter(pk=board).values_list(
        Coalesce(Subquery(own.values("count")), 0), Coalesce(Subquery(total), 0)
    )
    if not repairs:
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
    "polls": Counts(Poll, _of_polls),
    "polloptions": Counts(PollOption, _of_poll_options),
    "boards": Counts(Board, _of_boards),
    "members": MemberCounts(Member, _of_members),
    "buckets": _buckets,
}
