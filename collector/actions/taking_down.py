"""Hiding all that came from a source in one step, and undoing it. Safe to kill at any moment.

What is to be done follows from the rows alone, so whoever was killed, or ran out of time, is followed
by `finish_all` (the collect command asks for it): of a source with `taken_down_at` every post that is
to be seen is hidden and its entry marked TAKEN_DOWN, in chunks that are a transaction each; of one
without, every entry so marked is put back. What moderators have hidden or deleted is theirs.
"""

import time
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.actions.managing import manage_posts
from boards.actions.posts import add_link, remove_link
from boards.models import ModerationEntry, Post, State
from collector.models import SeenEntry, Source, SourceEvent

CHUNK = 100
"""Posts in one transaction: others wait for it, on SQLite all who write."""
PAUSE = 0.02
"""Seconds between two of them: on SQLite who waits to write asks anew only now and then."""
PATIENCE = 20
"""Seconds that a request may take; what is left then is for `finish_all`."""

Kind = SourceEvent.Kind
Deed = ModerationEntry.Deed
TAKEN_DOWN = SeenEntry.Hidden.TAKEN_DOWN


def take_down(
    *, source: Source, by: Member | None, reason: str = "", patience: float = PATIENCE
) -> int:
    """Hides every post of `source`, takes its links out of others' posts, and collects no more of it.

    Returns how many entries are left for `finish_all` after `patience` seconds: 0, all is hidden.
    Pressed again it goes on where it stopped, and leaves no second line in the log.
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
    """Undoes take_down: what it has hidden, and no more, is to be seen again; returns as it does.

    What somebody has restored, hidden or deleted since stays as he left it. The source stays off:
    whether to collect again is a choice of its own.
    """
    with transaction.atomic():
        rows = Source.objects.exclude(taken_down_at=None).filter(pk=source.pk)
        if rows.update(taken_down_at=None):
            _log(source, Kind.PUT_BACK, by, reason)
    source.refresh_from_db(fields=["taken_down_at", "is_on"])
    return _finish(source, patience)


def finish_all(patience: float = float("inf")) -> int:
    """Goes on with what take_down and put_back had no time for, or were killed at; returns how many
    entries are left after `patience` seconds."""
    until = time.monotonic() + patience
    return sum(_finish(source, until - time.monotonic()) for source in unfinished_sources())


def unfinished_sources() -> QuerySet[Source]:
    """Those whose posts are partly down and partly not."""
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
    """Hides or puts back one chunk, the newest posts first; False when there is nothing left."""
    with transaction.atomic():
        # The row keeps a second one, and who posts an article of it, out until this one ends.
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
    for entry in _also(entries):
        with suppress(Post.DoesNotExist):  # purged this moment
            remove_link(post=entry.post, url=entry.address)
    posts = [entry.post for entry in entries if not entry.is_also]
    manage_posts(posts=posts, deed=Deed.HIDE, by=event and event.by, reason=reason)


def _put_back(source: Source, entries: list[SeenEntry]) -> None:
    taken_down, event = _latest(source, Kind.TAKEN_DOWN), _latest(source, Kind.PUT_BACK)
    posts = [entry.post for entry in entries if entry.post and not entry.is_also]
    touched = _touched(posts, taken_down.at) if taken_down else set()
    hidden = [post for post in posts if post.state == State.HIDDEN and post.pk not in touched]
    for entry in _also(entries):
        with suppress(Post.DoesNotExist):
            add_link(post=entry.post, url=entry.address, name=_("다른 곳: %s") % source.name)
    reason = _("%s의 글을 다시 보임") % source.name
    manage_posts(posts=hidden, deed=Deed.RESTORE, by=event and event.by, reason=reason)


def _also(entries: list[SeenEntry]) -> list[SeenEntry]:
    """Those of which others' posts hold nothing but a link. Their posts are locked before any board
    is, as by everybody (counting.book_all)."""
    return [entry for entry in entries if entry.is_also and entry.post and entry.address]


def _touched(posts: list[Post], since: datetime) -> set[int]:
    """The keys of those that somebody has restored since: they are in his hands, also if he has
    hidden them again."""
    restored = ModerationEntry.objects.filter(post__in=posts, deed=Deed.RESTORE, at__gte=since)
    return set(restored.values_list("post", flat=True))


# -- the log ---------------------------------------------------------------------------------------
def _log(source: Source, kind: str, by: Member | None, text: str) -> None:
    SourceEvent.objects.create(source=source, kind=kind, by=by, text=text[:300])


def _latest(source: Source, kind: str) -> SourceEvent | None:
    return source.events.filter(kind=kind).select_related("by").order_by("-pk").first()
