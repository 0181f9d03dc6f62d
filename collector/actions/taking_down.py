"""Hides all posts of a source in one step, and undoes that. It may be killed at any moment.

The rows alone say what is left to do, and `finish_all` (part of the collect command) continues from
them. For a source with `taken_down_at`, every visible post is hidden and its entry marked
TAKEN_DOWN, in transactions of one chunk each. For a source without it, every entry with that mark
is restored. Posts that moderators have hidden or deleted are left alone.
"""

import time
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.actions.links import add_link, remove_link
from boards.actions.managing import manage_posts
from boards.models import ModerationEntry, Post, State
from collector.models import SeenEntry, Source, SourceEvent

CHUNK = 100
"""Posts per transaction. Others wait for its end; on SQLite everybody who writes."""
PAUSE = 0.02
"""Seconds between two transactions, because SQLite polls for the write lock only now and then."""
PATIENCE = 20
"""Seconds that a request may take; `finish_all` does the rest."""

Kind = SourceEvent.Kind
Operation = ModerationEntry.Operation
TAKEN_DOWN = SeenEntry.Hidden.TAKEN_DOWN


def take_down(
    *, source: Source, by: Member | None, reason: str = "", patience: float = PATIENCE
) -> int:
    """Hides every post of `source`, removes its links from other posts, and stops collecting from
    it.

    Returns how many entries are left for `finish_all` after `patience` seconds. A repeated call
    continues and adds no second line to the log.
    """
    with transaction.atomic():
        rows = Source.objects.filter(pk=source.pk, taken_down_at=None)
        if rows.update(taken_down_at=timezone.now(), is_on=False):
            _log(source, Kind.TAKEN_DOWN, by, reason)
    source.refresh_from_db(fields=["taken_down_at", "is_on"])
    return _finish(source, patience)


def put_back(
    *, source: Source, by: Member | None, reason: str = "", patience: float = PATIENCE
) -> int:
    """Undoes take_down: shows again exactly what it has hidden. Returns the same as take_down.

    Posts that somebody has restored, hidden or deleted since then stay as they are. The source
    stays off: the staff decide separately whether to collect again.
    """
    with transaction.atomic():
        rows = Source.objects.exclude(taken_down_at=None).filter(pk=source.pk)
        if rows.update(taken_down_at=None):
            _log(source, Kind.PUT_BACK, by, reason)
    source.refresh_from_db(fields=["taken_down_at", "is_on"])
    return _finish(source, patience)


def finish_all(patience: float = float("inf")) -> int:
    """Continues interrupted calls of take_down and put_back. Returns how many entries are left
    after `patience` seconds."""
    until = time.monotonic() + patience
    return sum(_finish(source, until - time.monotonic()) for source in unfinished_sources())


def unfinished_sources() -> QuerySet[Source]:
    """Sources whose posts are only partly hidden or restored."""
    mine = SeenEntry.objects.filter(source=OuterRef("pk"))
    return Source.objects.filter(
        Q(Exists(mine.filter(_TO_HIDE)), taken_down_at__isnull=False)
        | Q(Exists(mine.filter(_TO_PUT_BACK)), taken_down_at=None)
    )


# -- one chunk after the other ---------------------------------------------------------------------
_TO_HIDE = Q(is_also=False, post__state=State.PUBLISHED) & ~Q(hidden=TAKEN_DOWN) | Q(
    is_also=True, post__isnull=False, hidden=SeenEntry.Hidden.NO
)
_TO_PUT_BACK = Q(hidden=TAKEN_DOWN)


def _finish(source: Source, patience: float) -> int:
    until = time.monotonic() + patience
    while _do_some(source.pk):
        if time.monotonic() >= until:
            source.refresh_from_db(fields=["taken_down_at"])
            wanted = _TO_PUT_BACK if source.taken_down_at is None else _TO_HIDE
            return source.entries.filter(wanted).count()
        time.sleep(PAUSE)
    return 0


def _do_some(pk: int) -> bool:
    """Hides or restores one chunk, newest posts first; False when nothing is left."""
    with transaction.atomic():
        # The row lock excludes a second call, and everybody who posts an article of the source.
        source = Source.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
        is_down = source.taken_down_at is not None
        wanted = source.entries.filter(_TO_HIDE if is_down else _TO_PUT_BACK)
        entries = list(wanted.select_related("post").order_by("-post_id", "-pk")[:CHUNK])
        if entries:
            (_hide if is_down else _put_back)(source, entries)
            marked = TAKEN_DOWN if is_down else SeenEntry.Hidden.NO
            keys = [entry.pk for entry in entries]
            SeenEntry.objects.filter(pk__in=keys).update(hidden=marked)
    return bool(entries)


def _hide(source: Source, entries: list[SeenEntry]) -> None:
    event = _latest(source, Kind.TAKEN_DOWN)
    reason = _("%s의 글을 모두 내림") % source.name
    if event and event.text:
        reason = f"{reason}: {event.text}"
    for post, address in _also(entries):
        with suppress(Post.DoesNotExist):  # purged at this moment
            remove_link(post=post, url=address)
    posts = [entry.post for entry in entries if entry.post and not entry.is_also]
    by = event.by if event else None
    manage_posts(posts=posts, operation=Operation.HIDE, by=by, reason=reason)


def _put_back(source: Source, entries: list[SeenEntry]) -> None:
    taken_down, event = _latest(source, Kind.TAKEN_DOWN), _latest(source, Kind.PUT_BACK)
    posts = [entry.post for entry in entries if entry.post and not entry.is_also]
    touched = _touched(posts, taken_down.at) if taken_down else set()
    hidden = [post for post in posts if post.state == State.HIDDEN and post.pk not in touched]
    for post, address in _also(entries):
        with suppress(Post.DoesNotExist):
            add_link(post=post, url=address, name=_("다른 곳: %s") % source.name)
    reason = _("%s의 글을 다시 보임") % source.name
    by = event.by if event else None
    manage_posts(posts=hidden, operation=Operation.RESTORE, by=by, reason=reason)


def _also(entries: list[SeenEntry]) -> list[tuple[Post, str]]:
    """The posts of other sources that only link to an article, with its address. They must be locked
    before any board, in the order that everybody uses (counting.apply_deltas)."""
    return [
        (entry.post, entry.address)
        for entry in entries
        if entry.is_also and entry.post and entry.address
    ]


def _touched(posts: list[Post], since: datetime) -> set[int]:
    """Ids of posts that somebody has restored since then. The decision is theirs, even if they have
    hidden the post again."""
    restored = ModerationEntry.objects.filter(
        post__in=posts, operation=Operation.RESTORE, at__gte=since
    )
    return set(restored.values_list("post", flat=True))


# -- the log ---------------------------------------------------------------------------------------
def _log(source: Source, kind: str, by: Member | None, text: str) -> None:
    SourceEvent.objects.create(source=source, kind=kind, by=by, text=text[:300])


def _latest(source: Source, kind: str) -> SourceEvent | None:
    return source.events.filter(kind=kind).select_related("by").order_by("-pk").first()
