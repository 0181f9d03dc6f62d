"""Fetching a source and posting what is new. Safe to kill at any moment, and to run twice at once."""

import hashlib
import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from boards.actions.posts import write_post
from boards.models import Post, PostBody
from boards.text.richtext import TooComplex
from collector.fetch import Fetched, FetchFailed, fetch
from collector.models import SeenEntry, Source
from collector.parse import Entry, NotAFeed, read_feed

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)
"""So long a source is one collector's; one that was killed keeps it no longer."""
OLDEST = timedelta(days=30)
"""A post is dated by its article within these days; older ones as of now."""


class Trouble(Exception):
    """Why nothing was collected, as a Korean sentence. `wait`: until when the source asks to be left
    alone; `is_gone`: it will not come back."""

    def __init__(self, words: str, *, wait: timedelta | None = None, is_gone: bool = False):
        super().__init__(words)
        self.wait, self.is_gone = wait, is_gone


def claim(source: Source) -> bool:
    """Whether `source` is ours for CLAIM: another collector may have it, or have been quicker."""
    now = timezone.now()
    free = Source.objects.filter(pk=source.pk, claimed_until__lte=now)
    return free.update(claimed_until=now + CLAIM) == 1


def collect_source(source: Source) -> int:
    """Post what is new there; returns how many posts. Needs a `claim`, and ends it.

    Notes the outcome in the row. Trouble with the source is noted and raised as Trouble.
    """
    try:
        posted = _collect(source)
    except Trouble as trouble:
        _note_failure(source, trouble)
        raise
    except Exception as error:
        # A fault of ours: the other sources must not wait for its mending.
        logger.exception("Source %s could not be collected", source.pk)
        trouble = Trouble(_("수집하다가 오류가 났습니다. 까닭은 서버 기록에 있습니다."))
        _note_failure(source, trouble)
        raise trouble from error
    now = timezone.now()
    Source.objects.filter(pk=source.pk).update(
        ran_at=now,
        next_at=now + timedelta(minutes=source.interval),
        claimed_until=now,
        failures=0,
        error="",
        etag=source.etag,
        last_modified=source.last_modified,
    )
    return posted


def _collect(source: Source) -> int:
    try:
        fetched = fetch(source.address, etag=source.etag, last_modified=source.last_modified)
    except FetchFailed as failed:
        raise Trouble(str(failed)) from failed
    if fetched.status == 304:
        return 0
    _check_status(fetched)
    try:
        feed = read_feed(fetched.body, content_type=fetched.content_type, address=fetched.address)
    except NotAFeed as failed:
        raise Trouble(str(failed)) from failed
    posted, is_all = _post_new(source, feed.entries)
    # What the hour had no room for comes again only if the whole feed does.
    source.etag = fetched.etag[:300] if is_all else ""
    source.last_modified = fetched.last_modified[:100] if is_all else ""
    return posted


def _check_status(fetched: Fetched) -> None:
    if fetched.status == 410:
        raise Trouble(_("원래 사이트가 이 피드를 없앴습니다(410)."), is_gone=True)
    if fetched.status != 200:
        wait = timedelta(seconds=fetched.retry_after) if fetched.retry_after else None
        words = _("피드를 받지 못했습니다(HTTP %d).") % fetched.status
        raise Trouble(words, wait=wait)


def _post_new(source: Source, entries: list[Entry]) -> tuple[int, bool]:
    """How many were posted, and whether all that is new found room."""
    met = set(
        source.entries.filter(guid_key__in=[_key(each.guid) for each in entries]).values_list(
            "guid_key", flat=True
        )
    )
    new = [each for each in entries if _key(each.guid) not in met]
    # Feeds begin with what is newest, which is to be posted last.
    now = timezone.now()
    new.reverse()
    new.sort(key=lambda each: each.published_at or now)
    if not source.entries.exists():
        first = max(len(new) - source.first_posts, 0)
        _pass_over(source, new[:first])
        new = new[first:]
    room, posted = _room(source), 0
    for entry in new:
        if not source.wants(f"{entry.title} {entry.summary}"):
            _pass_over(source, [entry])
        elif posted >= room:
            return posted, False
        else:
            posted += _post(source, entry)
    return posted, True


def _post(source: Source, entry: Entry) -> bool:
    """Post one article with its mark, both or neither; whether it was new after all."""
    try:
        with transaction.atomic():
            seen = _mark(source, entry)
            seen.post = write_post(
                author=source.member,
                board=source.board,
                created_at=_date_of(entry),
                is_quiet=True,
                subject=entry.title[: Post._meta.get_field("subject").max_length],
                source=body_of(source, entry),
                format=PostBody.Format.HTML,
                category=source.category,
                links=[entry.address] if entry.address else [],
            )
            seen.save(update_fields=["post"])
    except IntegrityError:
        if not _is_met(source, entry):
            raise
        # By another collector meanwhile, or by its address, from another source.
        _pass_over(source, [entry])
        return False
    except TooComplex:
        logger.warning("An article of %s is too complex: %s", source.pk, entry.address)
        _pass_over(source, [entry])
        return False
    return True


def _is_met(source: Source, entry: Entry) -> bool:
    by_guid = Q(source=source, guid_key=_key(entry.guid))
    by_address = Q(address_key=_key(entry.address)) if entry.address else Q()
    return SeenEntry.objects.filter(by_guid | by_address).exists()


def _pass_over(source: Source, entries: list[Entry]) -> None:
    """They are not posted, now or later."""
    SeenEntry.objects.bulk_create(
        [
            SeenEntry(source=source, guid_key=_key(each.guid), title=each.title[:255])
            for each in entries
        ],
        ignore_conflicts=True,
    )


def _mark(source: Source, entry: Entry) -> SeenEntry:
    return SeenEntry.objects.create(
        source=source,
        guid_key=_key(entry.guid),
        address_key=_key(entry.address) if entry.address else "",
        address=entry.address,
        title=entry.title[:255],
    )


def body_of(source: Source, entry: Entry) -> str:
    """The post's HTML before it is cleaned: as much as the source allows, then where it is from."""
    parts = []
    if source.shows == Source.Shows.FULL:
        parts.append(entry.html)
    elif source.shows == Source.Shows.EXCERPT and entry.summary:
        parts.append(format_html("<p>{}</p>", entry.summary))
    origin = (
        format_html('<a href="{}">{}</a>', entry.address, source.name)
        if entry.address
        else source.name
    )
    lines = [format_html(_("원문: {}"), origin)]
    if entry.author:
        lines.append(format_html(_("글쓴이: {}"), entry.author))
    if source.licence:
        lines.append(source.licence)
    parts.append(format_html_join("", "<p>{}</p>", ((line,) for line in lines)))
    return "\n".join(parts)


def _date_of(entry: Entry) -> datetime:
    now = timezone.now()
    at = entry.published_at
    return at if at and now - OLDEST <= at <= now else now


def _room(source: Source) -> int:
    """How many posts more it may have within this hour. Nobody else posts of it: it is claimed."""
    hour_ago = timezone.now() - timedelta(hours=1)
    posted = source.entries.filter(seen_at__gte=hour_ago, post__isnull=False)
    return source.hourly_limit - posted.count()


def _note_failure(source: Source, trouble: Trouble) -> None:
    now = timezone.now()
    Source.objects.filter(pk=source.pk).update(
        ran_at=now,
        next_at=now + (trouble.wait or source.wait_after(source.failures)),
        claimed_until=now,
        failures=F("failures") + 1,
        error=str(trouble)[:300],
        is_on=F("is_on") if not trouble.is_gone else False,
    )


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
