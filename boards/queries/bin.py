"""The bin of a board as its moderators see it: what was deleted or hidden, by whom, when and why."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from boards.models import Board, ModerationEntry, Post, State
from boards.permissions import Access
from boards.text import richtext
from boardsite.dates import full_date

BIN_STATES = {"": State.DELETED, "hidden": State.HIDDEN}  # what ?state= asks for
EXCERPT = 150  # characters


@dataclass
class BinRow:
    """A post that has gone. `days_left` until it is purged; None when it never is."""

    post: Post
    excerpt: str
    by: str
    is_by_author: bool
    at: str
    reason: str
    days_left: int | None
    may_restore: bool


def bin_posts(board: Board, state: State) -> QuerySet[Post]:
    """The posts of `board` in `state`, the last deleted first."""
    return board.posts.gone().filter(state=state).order_by("-deleted_at", "-number")


def bin_rows(can: Access, posts: QuerySet[Post]) -> list[BinRow]:
    """Lines of posts of bin_posts; two queries."""
    posts = list(posts.select_related("author", "body"))
    entries = _last_entries(posts)
    return [_row(can, post, entries.get(post.pk)) for post in posts]


def _row(can: Access, post: Post, entry: ModerationEntry | None) -> BinRow:
    if entry and post.deleted_at and entry.at < post.deleted_at:
        entry = None  # an older deed, restored since; this time the author deleted it himself
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
    """Post id → the last entry of the log that says it was deleted or hidden."""
    deeds = [ModerationEntry.Deed.DELETE, ModerationEntry.Deed.HIDE]
    entries = ModerationEntry.objects.filter(post__in=posts, comment=None, deed__in=deeds)
    return {entry.post_id: entry for entry in entries.select_related("moderator").order_by("pk")}


def bin_age() -> datetime.timedelta | None:
    """How long deleted posts stay in the bin (settings.BIN_DAYS); None: for ever."""
    return datetime.timedelta(days=settings.BIN_DAYS) if settings.BIN_DAYS > 0 else None


def _days_left(post: Post) -> int | None:
    age = bin_age()
    if age is None or post.deleted_at is None:
        return None
    return max(0, -((timezone.now() - post.deleted_at - age) // datetime.timedelta(days=1)))
