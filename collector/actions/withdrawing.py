"""Posts whose article its paper has withdrawn: hidden as the source's rule wants it.

Their own pages are asked for, some in each pass. Safe to kill at any moment: each answer is noted by
itself, and what follows from it is one transaction.
"""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.actions.posts import hide_post, remove_link
from boards.models import Post, State
from collector.fetching.asking import Asker
from collector.fetching.fetch import LATER, FetchFailed
from collector.models import SeenEntry, Source, SourceEvent

YOUNG = timedelta(days=30)
"""Older articles are not asked for: papers withdraw soon, if at all."""
PAUSE = timedelta(days=1)
"""Between two looks at the same page, and before the first."""
MOST = 5
"""So many pages a pass asks for, beside the source itself."""
MISSES = 2
"""So often in a row a page is missing (404), a day apart, until it counts as gone: a paper may be
rebuilding its site. 410 is a word that is meant."""


def check_gone(source: Source, asker: Asker) -> int:
    """Asks for the pages of some of `source`'s posts, those first that nobody has looked at for
    longest; returns how many were hidden, or lost their 다른 곳, because the page is gone.

    What somebody restores afterwards stays. Pages that cannot be had for another reason stay too.
    Asks the network: not to be called within a transaction.
    """
    if source.when_gone == Source.WhenGone.KEEP:
        return 0
    withdrawn = 0
    for entry in _to_look_at(source):
        try:
            status = asker.ask(entry.address).status
        except FetchFailed as failed:
            if failed.wait:  # the site wants to be left alone
                break
            status = None
        withdrawn += _take(entry, status)
        if status in LATER:
            break
    return withdrawn


def _to_look_at(source: Source) -> list[SeenEntry]:
    now = timezone.now()
    entries = source.entries.filter(
        seen_at__gte=now - YOUNG, hidden=SeenEntry.Hidden.NO, post__state=State.PUBLISHED
    )
    looked_at = Coalesce("checked_at", "seen_at")
    waiting = entries.exclude(address="").annotate(looked_at=looked_at)
    return list(waiting.filter(looked_at__lte=now - PAUSE).order_by("looked_at", "pk")[:MOST])


def _take(entry: SeenEntry, status: int | None) -> bool:
    """Notes what the page of `entry` answered (None: nothing); whether its post went because of it."""
    row = SeenEntry.objects.filter(pk=entry.pk)
    if status in (200, 304):
        row.update(checked_at=timezone.now(), misses=0)
        return False
    if status not in (404, 410):
        row.update(checked_at=timezone.now())
        return False
    with transaction.atomic():
        # As everybody who hides a source's posts: its row first, so that one waits for the other.
        source = Source.objects.select_for_update(no_key=True, of=("self",)).get(pk=entry.source_id)
        row.update(checked_at=timezone.now(), misses=F("misses") + 1)
        entry = row.select_related("post").get()
        is_gone = status == 410 or entry.misses >= MISSES
        return is_gone and _is_wanted(source, status) and _withdraw(source, entry, status)


def _is_wanted(source: Source, status: int) -> bool:
    rule = source.when_gone
    return rule == Source.WhenGone.MISSING or (rule == Source.WhenGone.GONE and status == 410)


def _withdraw(source: Source, entry: SeenEntry, status: int) -> bool:
    """Hides the post of an entry, or takes its link from another's; not what is hidden already."""
    if entry.hidden or entry.post is None or not entry.post.is_published:
        return False
    if entry.is_also:
        with suppress(Post.DoesNotExist):  # purged this moment
            remove_link(post=entry.post, url=entry.address)
    else:
        reason = _("원문이 사라짐(HTTP %d)") % status
        hide_post(post=entry.post, by=source.member, reason=reason)
        # Of other papers with the same story it is new again, as long as they show it: who came
        # first cannot take theirs away.
        SeenEntry.objects.filter(post=entry.post, is_also=True).delete()
    entry.hidden = SeenEntry.Hidden.GONE
    entry.save(update_fields=["hidden"])
    SourceEvent.objects.create(
        source=source,
        kind=SourceEvent.Kind.GONE,
        text=f"{entry.title} {entry.address}"[:300],
    )
    return True
