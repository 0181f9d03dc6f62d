"""What is to be done with the articles that a source shows. Asks the rows and changes none."""

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
"""So long after an article was posted its changes are followed."""
WAITS = timedelta(days=3)
"""So long a page that cannot be read is tried again; then an article of a listing is passed over, one
of a feed is posted as the feed has it."""
MAX_TEXT = 20_000  # characters of a body that tell whether it has changed


class Verdict(models.TextChoices):
    POST = "post", _("올림")
    CHANGED = "changed", _("고침")
    KNOWN = "known", _("이미 있음")
    UNWANTED = "unwanted", _("낱말로 걸러짐")
    OLD = "old", _("첫 수집보다 오래됨")
    NO_ROOM = "no_room", _("한 시간 한도를 넘음")
    WAITS = "waits", _("기사 페이지를 기다림")


class Choice(NamedTuple):
    entry: Entry
    verdict: Verdict
    seen: SeenEntry | None
    """Its row, if the source has shown it before."""

    @property
    def has_waited(self) -> bool:
        """Whether its page has had all the time that pages have."""
        return self.seen is not None and self.seen.seen_at <= timezone.now() - WAITS


def choose(source: Source, entries: Iterable[Entry]) -> list[Choice]:
    """What each of `entries` (the newest first, as sources show them) is for, in the order of posting.

    Articles without a date follow those that have one. The first time ever only the newest
    `first_posts` are posted. Those that wait for their page come last: they must not take the hour's
    room from the others.
    """
    # Feeds begin with what is newest, which is to be posted last.
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
    """What becomes of an article that is to be posted, now that its page was asked for: `page` is
    what finding.read_page gave, None where that must be tried again."""
    if page is None and not choice.has_waited:
        return choice._replace(verdict=Verdict.WAITS)
    entry = page or choice.entry  # of a feed: its words must do
    # What a listing says was too little to judge by.
    is_unwanted = source.is_listing and not is_wanted(source, entry)
    return choice._replace(entry=entry, verdict=Verdict.UNWANTED if is_unwanted else Verdict.POST)


def taken_addresses(source: Source, shown: Mapping[str, str]) -> set[str]:
    """Those of the addresses in `shown`, with the content_key of what `source` shows there, that are
    posted already.

    Whose site it is has the first word: what a source of elsewhere has posted under an address of
    `source`'s own site counts only if it says the same. Else anybody could keep a paper's articles
    away by naming their addresses first.
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
    room, choices = room_of(source), []
    for each in new:
        # What a listing says is too little to judge by: there it is asked again of the page.
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


def room_of(source: Source) -> int:
    """How many posts more it may have within this hour. Nobody else posts of it: it is claimed."""
    now = timezone.now()  # rows of later: the clock was wrong then
    posted = source.entries.filter(seen_at__range=(now - HOUR, now), post__isnull=False)
    return source.hourly_limit - posted.filter(is_also=False).count()


def content_key_of(entry: Entry) -> str:
    """What the source itself shows of an article, without what changes by itself: dates, markup."""
    picture = entry.picture.address.partition("?")[0] if entry.picture else ""
    shown = (entry.title, entry.author, entry.summary, markup.words(entry.html, MAX_TEXT), picture)
    return hashlib.sha256("\0".join(shown).encode()).hexdigest()


def _is_changed(seen: SeenEntry, entry: Entry) -> bool:
    """Whether the post of `seen` is to follow. Rows from before changes were followed have no key."""
    is_ours = seen.post_id and not seen.is_also and not seen.hidden
    is_young = seen.seen_at > timezone.now() - CHANGES
    return bool(
        is_ours and is_young and seen.content_key and seen.content_key != content_key_of(entry)
    )
