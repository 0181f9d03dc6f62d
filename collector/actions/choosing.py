"""Decides what a pass does with each article that a source shows. Only reads from the database."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collector.models import SeenEntry, Source, key_of
from collector.reading import markup
from collector.reading.addresses import canonical, is_of_site
from collector.reading.entries import Entry

HOUR = timedelta(hours=1)
CHANGES = timedelta(days=7)
"""The post follows changes of its article for this long after it was posted."""
WAITS = timedelta(days=3)
"""An unreadable page is tried again for this long. After that an article from a listing is skipped,
and one from a feed is posted with the feed's own text."""
MAX_TEXT = 20_000  # characters of a body that are compared to see whether it has changed


class Verdict(models.TextChoices):
    POST = "post", _("올림")
    CHANGED = "changed", _("수정함")
    KNOWN = "known", _("이미 있음")
    UNWANTED = "unwanted", _("단어로 걸러짐")
    OLD = "old", _("첫 수집보다 오래됨")
    NO_ROOM = "no_room", _("한 시간 한도를 넘음")
    WAITS = "waits", _("기사 페이지를 기다림")


class Choice(NamedTuple):
    entry: Entry
    verdict: Verdict
    seen: SeenEntry | None
    """The row of the article if the source has shown it before."""

    @property
    def has_waited(self) -> bool:
        """Whether WAITS is over for its page."""
        return self.seen is not None and self.seen.seen_at <= timezone.now() - WAITS


def choose(source: Source, entries: Iterable[Entry]) -> list[Choice]:
    """Choices for `entries` (newest first, as sources show them) in the order of posting.

    Entries without a date come after those that have one. The first pass posts only the newest
    `first_posts`. Entries that wait for their page come last, so that they do not use up the hourly
    limit of the others.
    """
    # A feed starts with the newest entry, which must be posted last.
    entries = list(entries)[::-1]
    now = timezone.now()
    entries.sort(key=lambda each: each.published_at or now)
    keys = [key_of(each.guid) for each in entries]
    met = {row.guid_key: row for row in source.entries.filter(guid_key__in=keys)}
    new = [each for each in entries if each.address and key_of(each.guid) not in met]
    taken = taken_addresses(source, {each.address: content_key_of(each) for each in new})
    choices, fresh, waiting = [], [], []
    for entry in entries:
        seen = met.get(key_of(entry.guid))
        choice = Choice(entry, Verdict.POST, seen)
        if seen and seen.is_waiting and not (source.is_listing and choice.has_waited):
            waiting.append(choice)
        elif seen:
            verdict = Verdict.CHANGED if _is_changed(seen, entry) else Verdict.KNOWN
            choices.append(Choice(entry, verdict, seen))
        elif entry.address in taken:
            choices.append(Choice(entry, Verdict.KNOWN, None))
        else:
            fresh.append(choice)
    if not source.entries.exists():
        first = max(len(fresh) - source.first_posts, 0)
        choices += [each._replace(verdict=Verdict.OLD) for each in fresh[:first]]
        fresh = fresh[first:]
    return choices + _within_hour(source, fresh + waiting)


def settled(source: Source, choice: Choice, page: Entry | None) -> Choice:
    """The final choice for an article that was to be posted, after its page was requested. `page`
    is the result of finding.read_page: None means that the page must be tried again."""
    if page is None and not choice.has_waited:
        return choice._replace(verdict=Verdict.WAITS)
    entry = page or choice.entry  # a feed's entry without its page
    # The title in a listing was not enough to judge by.
    is_unwanted = source.is_listing and not is_wanted(source, entry)
    return choice._replace(entry=entry, verdict=Verdict.UNWANTED if is_unwanted else Verdict.POST)


def taken_addresses(source: Source, shown: Mapping[str, str]) -> set[str]:
    """The addresses in `shown` that are already posted. `shown` maps an address to the content_key
    of what `source` shows there.

    If the address belongs to the site of `source`, a post from a source of another site counts only
    when its content is the same. Otherwise anybody could suppress a paper's articles by publishing
    their addresses first.
    """
    keys = {key_of(address): address for address in shown}
    rows = SeenEntry.objects.filter(address_key__in=keys)
    own, taken = canonical(source.address), set()
    for key, content_key, theirs in rows.values_list(
        "address_key", "content_key", "source__address"
    ):
        address = keys[key]
        is_claimed = is_of_site(address, own) and not is_of_site(address, canonical(theirs))
        if not (is_claimed and content_key and content_key != shown[address]):
            taken.add(address)
    return taken


def _within_hour(source: Source, new: list[Choice]) -> list[Choice]:
    room, choices = hourly_room(source), []
    for each in new:
        # The title in a listing is not enough to judge by: `settled` checks again with the page.
        if not source.is_listing and not is_wanted(source, each.entry):
            each = each._replace(verdict=Verdict.UNWANTED)
        elif room <= 0:
            each = each._replace(verdict=Verdict.NO_ROOM)
        else:
            room -= 1
        choices.append(each)
    return choices


def is_wanted(source: Source, entry: Entry) -> bool:
    return source.wants(f"{entry.title} {entry.summary}")


def hourly_room(source: Source) -> int:
    """How many more posts the source may get within this hour. The claim on it rules out other
    writers."""
    now = timezone.now()  # ignores rows from the future, written by a wrong clock
    posted = source.entries.filter(seen_at__range=(now - HOUR, now), post__isnull=False)
    return source.hourly_limit - posted.filter(is_also=False).count()


def content_key_of(entry: Entry) -> str:
    """A hash of what the source itself shows of an article, without dates and markup, which change
    by themselves."""
    picture = entry.picture.address.partition("?")[0] if entry.picture else ""
    shown = (entry.title, entry.author, entry.summary, markup.words(entry.html, MAX_TEXT), picture)
    return hashlib.sha256("\0".join(shown).encode()).hexdigest()


def _is_changed(seen: SeenEntry, entry: Entry) -> bool:
    """Whether the post of `seen` must be updated. Rows older than this feature have no key."""
    is_ours = seen.post_id and not seen.is_also and not seen.hidden
    is_young = seen.seen_at > timezone.now() - CHANGES
    return bool(
        is_ours and is_young and seen.content_key and seen.content_key != content_key_of(entry)
    )
