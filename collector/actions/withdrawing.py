"""Checks the pages of posted articles again, a few in each pass. A post is hidden, as the rule of
its source says, when the paper has withdrawn the article, and updated when the article was
corrected.

It may be killed at any moment: each result is recorded separately, and its consequences are one
transaction.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.actions.links import remove_link
from boards.actions.posts import hide_post
from boards.models import Post, State
from collector.actions.choosing import CHANGES
from collector.actions.finding import article_of, is_title_changed, page_key_of
from collector.actions.posting import TakenDown, follows, update_post
from collector.fetching.fetch import LATER, Fetched, FetchFailed
from collector.fetching.fetcher import Fetcher
from collector.models import SeenEntry, Source, SourceEvent
from collector.reading.articles import NotAnArticle, completed
from collector.reading.entries import unpacked

logger = logging.getLogger(__name__)

YOUNG = timedelta(days=30)
"""Older articles are not checked: papers withdraw articles early, if at all."""
PAUSE = timedelta(days=1)
"""Time between two checks of the same page, and before the first one."""
MOST = 5
"""Pages that one pass checks."""
MISSES = 2
"""How often in a row, a day apart, a page must be missing (404) to count as gone: the paper may be
rebuilding its site. 410 counts at once."""


def look_again(source: Source, fetcher: Fetcher) -> int:
    """Checks the pages of the posts of `source` that were not checked for the longest time. Returns
    how many posts were hidden, or lost a 다른 곳, because the page is gone.

    If the source's pages are read, a post follows its page for CHANGES. A post that somebody
    restores afterwards stays visible, and so does one whose page fails for another reason. Fetches
    from the network: do not call it within a transaction.
    """
    withdrawn = 0
    for entry in _to_look_at(source):
        fetched = None
        try:
            fetched = fetcher.fetch(entry.address)
        except FetchFailed as failed:
            if failed.wait:  # the site asks us to stay away
                break
        status = fetched.status if fetched else None
        withdrawn += _record_status(entry, status)
        if fetched and status == 200 and _is_followed(source, entry):
            with _isolated(entry):
                _follow(source, entry, fetched, fetcher)
        if status in LATER:
            break
    return withdrawn


def _to_look_at(source: Source) -> list[SeenEntry]:
    now = timezone.now()
    age = YOUNG if source.when_gone != Source.WhenGone.KEEP else CHANGES
    if source.when_gone == Source.WhenGone.KEEP and not source.asks_pages:
        return []
    entries = source.entries.filter(
        seen_at__gte=now - age, hidden=SeenEntry.Hidden.NO, post__state=State.PUBLISHED
    )
    looked_at = Coalesce("checked_at", "seen_at")
    waiting = entries.exclude(address="").annotate(looked_at=looked_at)
    return list(waiting.filter(looked_at__lte=now - PAUSE).order_by("looked_at", "pk")[:MOST])


def _is_followed(source: Source, entry: SeenEntry) -> bool:
    is_young = entry.seen_at > timezone.now() - CHANGES
    return source.asks_pages and is_young and not entry.is_also


@contextmanager
def _isolated(entry: SeenEntry) -> Iterator[None]:
    """Keeps an error of ours in one page from stopping the others; it is read again a day later."""
    try:
        yield
    except (TakenDown, OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("The page of entry %s could not be followed", entry.pk)


def _follow(source: Source, seen: SeenEntry, fetched: Fetched, fetcher: Fetcher) -> None:
    """Updates the post of `seen` if the page has changed since the last check."""
    try:
        page = article_of(source, fetched)
    except NotAnArticle:
        return
    key = page_key_of(page)
    if key == seen.page_key:
        return
    if not seen.page_key or not follows(seen):
        # The text comes from the feed or from a person, not from the page.
        if seen.page_key or source.is_listing:
            SeenEntry.objects.filter(pk=seen.pk).update(page_key=key)
        return
    known = unpacked(seen.shown or {}, guid=fetched.address, address=seen.address, title=seen.title)
    title = page.title if is_title_changed(key, seen.page_key) else seen.title
    entry = replace(completed(known, page), title=title)
    update_post(source, seen, entry, fetcher, page_key=key)


def _record_status(entry: SeenEntry, status: int | None) -> bool:
    """Records the status of the page (None: no response). Returns whether its post went because of
    it."""
    row = SeenEntry.objects.filter(pk=entry.pk)
    if status in (200, 304):
        row.update(checked_at=timezone.now(), misses=0)
        return False
    if status not in (404, 410):
        row.update(checked_at=timezone.now())
        return False
    with transaction.atomic():
        # Lock the source first, like everybody who hides its posts, so that they wait for each
        # other.
        source = Source.objects.select_for_update(no_key=True, of=("self",)).get(pk=entry.source_id)
        row.update(checked_at=timezone.now(), misses=F("misses") + 1)
        entry = row.select_related("post").get()
        is_gone = status == 410 or entry.misses >= MISSES
        return is_gone and _is_wanted(source, status) and _withdraw(source, entry, status)


def _is_wanted(source: Source, status: int) -> bool:
    rule = source.when_gone
    return rule == Source.WhenGone.MISSING or (rule == Source.WhenGone.GONE and status == 410)


def _withdraw(source: Source, entry: SeenEntry, status: int) -> bool:
    """Hides the post of an entry, or removes its link from another post, unless that is already
    done."""
    if entry.hidden or entry.post is None or not entry.post.is_published:
        return False
    if entry.is_also:
        with suppress(Post.DoesNotExist):  # purged at this moment
            remove_link(post=entry.post, url=entry.address)
    else:
        reason = _("원문이 사라짐(HTTP %d)") % status
        hide_post(post=entry.post, by=source.member, reason=reason)
        # Other papers with the same story count as new again while they show it: the paper that
        # came first must not remove theirs.
        SeenEntry.objects.filter(post=entry.post, is_also=True).delete()
    entry.hidden = SeenEntry.Hidden.GONE
    entry.save(update_fields=["hidden"])
    SourceEvent.objects.create(
        source=source,
        kind=SourceEvent.Kind.GONE,
        text=f"{entry.title} {entry.address}"[:300],
    )
    return True
