"""The bin of a board for its moderators: what was deleted or hidden, by whom, when and why."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.models import Board, Comment, ModerationEntry, Post, Report, State
from boards.permissions import Access
from boardsite.dates import full_date
from boardsite.text import richtext

BIN_STATES = {"": State.DELETED, "hidden": State.HIDDEN}  # values of ?state=
EXCERPT = 150  # characters


@dataclass
class BinRow:
    """A removed post. `days_left` is the time until it is purged; None for never."""

    post: Post
    excerpt: str
    by: str
    is_by_author: bool
    at: str
    reason: str
    days_left: int | None
    may_restore: bool


def bin_posts(board: Board, state: State) -> QuerySet[Post]:
    """The posts of `board` in `state`, the latest removed first."""
    return board.posts.gone().filter(state=state).order_by("-deleted_at", "-number")


def bin_rows(can: Access, posts: QuerySet[Post]) -> list[BinRow]:
    """The rows for posts of bin_posts; two queries."""
    found = list(posts.select_related("author", "body"))
    entries = _last_entries(found)
    return [_row(can, post, entries.get(post.pk)) for post in found]


@dataclass
class WithheldRow:
    """The reasons that the page of a removed post shows.

    `by` is "" for the author, who sees only the reason. `case` is the newest open report that the
    visitor may judge, if any.
    """

    is_hidden: bool
    by: str
    at: str
    reason: str
    days_left: int | None
    may_restore: bool
    case: int | None
    reports: int


def withheld_row(can: Access, post: Post) -> WithheldRow:
    """As bin_rows, for the page of one post; two queries."""
    row = _row(can, post, _last_entries([post]).get(post.pk))
    by = _("글쓴이") if row.is_by_author else row.by or _("자동")
    newest, count = None, 0
    if can.may_judge(post):
        reports = Report.objects.open().about(post, None)
        newest, count = reports.aggregate(newest=Max("pk"), count=Count("pk")).values()
    return WithheldRow(
        is_hidden=post.state == State.HIDDEN,
        by=by if can.judge else "",
        at=row.at,
        reason=row.reason,
        days_left=row.days_left,
        may_restore=row.may_restore,
        case=newest,
        reports=count,
    )


def hidden_reasons(comments: Iterable[Comment]) -> dict[int, str]:
    """Comment id → the reason of its last hiding, "" if none was given; one query."""
    entries = ModerationEntry.objects.filter(
        comment__in=comments, operation=ModerationEntry.Operation.HIDE
    )
    return dict(entries.order_by("pk").values_list("comment", "reason"))


def _row(can: Access, post: Post, entry: ModerationEntry | None) -> BinRow:
    if entry and post.deleted_at and entry.at < post.deleted_at:
        entry = None  # an older entry, restored since; this time the author deleted it
    moment = post.deleted_at or (entry.at if entry else None)
    by = entry.moderator.nickname if entry and entry.moderator else ""
    return BinRow(
        post=post,
        excerpt=richtext.excerpt(post.body.html, EXCERPT),
        by=by,
        is_by_author=entry is None and post.state == State.DELETED,
        at=full_date(moment),
        reason=entry.reason if entry else "",
        days_left=_days_left(post),
        may_restore=can.may_moderate(post),
    )


def _last_entries(posts: Iterable[Post]) -> dict[int, ModerationEntry]:
    """Post id → its last log entry of a deletion or hiding."""
    operations = [ModerationEntry.Operation.DELETE, ModerationEntry.Operation.HIDE]
    entries = ModerationEntry.objects.filter(post__in=posts, comment=None, operation__in=operations)
    entries = entries.select_related("moderator").order_by("pk")
    return {entry.post_id: entry for entry in entries if entry.post_id is not None}


def bin_age() -> datetime.timedelta | None:
    """How long deleted posts stay in the bin (settings.BIN_DAYS); None for ever."""
    return datetime.timedelta(days=settings.BIN_DAYS) if settings.BIN_DAYS > 0 else None


def _days_left(post: Post) -> int | None:
    age = bin_age()
    if age is None or post.deleted_at is None:
        return None
    return max(0, -((timezone.now() - post.deleted_at - age) // datetime.timedelta(days=1)))
