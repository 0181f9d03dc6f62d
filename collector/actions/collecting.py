"""A pass over one source: asking it, and posting what is new. Safe to kill at any moment, and to run
twice at once."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from collector.actions.choosing import Choice, Verdict, choose, content_key_of, is_wanted
from collector.actions.grouping import RecentStories
from collector.actions.posting import (
    CLAIM,
    TakenDown,
    follows,
    hold,
    let_wait,
    pass_over,
    post_entry,
    update_post,
)
from collector.actions.withdrawing import check_gone
from collector.fetching.asking import Asker
from collector.fetching.fetch import Fetched, FetchFailed
from collector.models import SeenEntry, Source, key_of
from collector.reading.articles import NotAnArticle, completed, read_article
from collector.reading.entries import MAX_TITLE, Entry
from collector.reading.feeds import NotAFeed, read_feed
from collector.reading.listings import Link, NotAListing, read_listing

logger = logging.getLogger(__name__)

CHANGES = 20
"""Posts that are changed in one pass; the next one goes on."""
LATER = (429, 503)
"""What a site answers that wants to be asked later."""


class Trouble(Exception):
    """Why nothing was collected, as a Korean sentence. `wait`: until when the source asks to be left
    alone; `is_gone`: it will not come back."""

    def __init__(self, words: str, *, wait: timedelta | None = None, is_gone: bool = False):
        super().__init__(words)
        self.wait, self.is_gone = wait, is_gone


class Found(NamedTuple):
    """What a source shows now, the newest first."""

    entries: list[Entry]
    etag: str
    last_modified: str


class Page(NamedTuple):
    """An article with what its own page adds; None where it must wait for the page. `trouble` is a
    Korean sentence, "" if the page was read or need not be."""

    entry: Entry | None
    trouble: str


def claim(source: Source) -> bool:
    """Whether `source` is ours for CLAIM: another collector may have it, or have been quicker."""
    now = timezone.now()
    free = Source.objects.filter(pk=source.pk, claimed_until__lte=now)
    return free.update(claimed_until=now + CLAIM) == 1


def collect_source(source: Source, asker: Asker | None = None) -> int:
    """Post what is new there; returns how many posts. Needs a `claim`, and ends it.

    Notes the outcome in the row. Trouble with the source is noted and raised as Trouble.
    """
    try:
        posted, trouble = _collect(source, asker or Asker())
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
        error=trouble[:300],
        etag=source.etag,
        last_modified=source.last_modified,
    )
    return posted


def _collect(source: Source, asker: Asker) -> tuple[int, str]:
    """How many were posted, and what was wrong with articles' pages."""
    posted, trouble = 0, ""
    try:
        found = ask_source(source, asker)
        if found is not None:
            run = _Pass(source, asker)
            run.go(choose(source, found.entries))
            posted, trouble = run.posted, run.trouble()
            # What must wait comes again only if the whole feed does.
            source.etag = found.etag[:300] if run.is_all else ""
            source.last_modified = found.last_modified[:100] if run.is_all else ""
        hold(source)
        check_gone(source, asker)
    except TakenDown:
        source.etag = source.last_modified = ""
    return posted, trouble


# -- Asking ----------------------------------------------------------------------------------------
def ask_source(source: Source, asker: Asker, *, is_fresh: bool = False) -> Found | None:
    """What the feed or the listing page shows; None where nothing has changed since the last pass,
    which is not asked for if `is_fresh`. Raises Trouble."""
    known = {} if is_fresh else {"etag": source.etag, "last_modified": source.last_modified}
    try:
        fetched = asker.ask(source.address, **known)
    except FetchFailed as failed:
        wait = timedelta(seconds=failed.wait) if failed.wait else None
        raise Trouble(str(failed), wait=wait) from failed
    if fetched.status == 304 and not is_fresh:
        return None
    _check_status(source, fetched)
    try:
        return Found(_entries(source, fetched), fetched.etag, fetched.last_modified)
    except (NotAFeed, NotAListing) as failed:
        raise Trouble(str(failed)) from failed


def _check_status(source: Source, fetched: Fetched) -> None:
    is_feed = source.kind == Source.Kind.FEED
    if fetched.status == 410:
        words = (
            _("원래 사이트가 이 피드를 없앴습니다(410).")
            if is_feed
            else _("원래 사이트가 이 목록 페이지를 없앴습니다(410).")
        )
        raise Trouble(words, is_gone=True)
    if fetched.status != 200:
        wait = timedelta(seconds=fetched.retry_after) if fetched.retry_after else None
        words = (
            _("피드를 받지 못했습니다(HTTP %d).")
            if is_feed
            else _("목록 페이지를 받지 못했습니다(HTTP %d).")
        )
        raise Trouble(words % fetched.status, wait=wait)


def _entries(source: Source, fetched: Fetched) -> list[Entry]:
    about = {"content_type": fetched.content_type, "address": fetched.address}
    if source.kind == Source.Kind.FEED:
        return read_feed(fetched.body, **about).entries
    return [_of_link(link) for link in read_listing(fetched.body, rule=source.link_rule, **about)]


def _of_link(link: Link) -> Entry:
    title = (link.title or link.address)[:MAX_TITLE]
    return Entry(link.address, link.address, title, "", "", "", None, None)


def read_page(source: Source, entry: Entry, asker: Asker) -> Page:
    """`entry` with what its own page adds, if pages of `source` are read: a listing's always are.

    Where the page cannot be read, a feed's article stays as it is, and a listing's must wait; so
    must both where the site wants to be asked later.
    """
    is_listed = source.kind == Source.Kind.LISTING
    if not (is_listed or source.reads_pages) or not entry.address:
        return Page(entry, "")
    try:
        fetched = asker.ask(entry.address)
        if fetched.status != 200:
            words = _("기사 페이지를 받지 못했습니다(HTTP %d).") % fetched.status
            return Page(None if is_listed or fetched.status in LATER else entry, words)
        page = read_article(
            fetched.body,
            content_type=fetched.content_type,
            address=fetched.address,
            body_rule=source.body_rule,
            cut_rules=[line.strip() for line in source.cut_rules.splitlines() if line.strip()],
        )
    except FetchFailed as failed:
        return Page(None if is_listed or failed.wait else entry, str(failed))
    except NotAnArticle as failed:
        return Page(None if is_listed else entry, str(failed))
    entry = completed(entry, page)
    return Page(replace(entry, address=_address_of(source, entry, page)), "")


def _address_of(source: Source, entry: Entry, page: Entry) -> str:
    """The page's canonical address, but where it names one address for all of its articles."""
    parts = urlsplit(page.address)
    if not parts.query and parts.path in ("", "/"):
        return entry.address
    others = source.entries.filter(address_key=key_of(page.address)).exclude(title=entry.title)
    return entry.address if others.exists() else page.address


# -- Posting ---------------------------------------------------------------------------------------
class _Pass:
    """What becomes of the articles that were chosen."""

    def __init__(self, source: Source, asker: Asker):
        self.source, self.asker = source, asker
        self.stories = RecentStories(source)
        self.posted = 0
        self.is_all = True
        """Whether nothing is left for the next pass."""
        self.troubles: list[str] = []

    def go(self, choices: list[Choice]) -> None:
        of = {verdict: [each for each in choices if each.verdict == verdict] for verdict in Verdict}
        # First: whoever is killed after the first post of a new source must not make the next one
        # post what is older.
        over = [*of[Verdict.OLD], *of[Verdict.KNOWN], *of[Verdict.UNWANTED]]
        pass_over(self.source, [each.entry for each in over if each.seen is None])
        _learn_keys(of[Verdict.KNOWN])
        for choice in of[Verdict.POST]:
            self._post(choice)
        for choice in of[Verdict.CHANGED][:CHANGES]:
            self._change(choice.seen, choice.entry)
        if of[Verdict.NO_ROOM] or of[Verdict.CHANGED][CHANGES:]:
            self.is_all = False

    def trouble(self) -> str:
        if not self.troubles:
            return ""
        words = _("기사 페이지 %(count)d개를 읽지 못했습니다: %(why)s")
        return words % {"count": len(self.troubles), "why": self.troubles[-1]}

    def _post(self, choice: Choice) -> None:
        entry = choice.entry
        page = self._read(entry).entry
        if page is None and choice.has_waited:
            page = entry  # of a feed: its words must do
        if page is None:
            let_wait(self.source, entry)
        elif self.source.kind == Source.Kind.LISTING and not is_wanted(self.source, page):
            pass_over(self.source, [entry])
        else:
            self.posted += post_entry(
                self.source, page, self.asker, self.stories, content_key=content_key_of(entry)
            )

    def _change(self, seen: SeenEntry, entry: Entry) -> None:
        key = content_key_of(entry)
        if not follows(seen):
            SeenEntry.objects.filter(pk=seen.pk).update(content_key=key)
            return
        page, trouble = self._read(entry)
        if not trouble:  # else the feed's few words would take the place of the page's
            page = replace(page, address=seen.address)
            update_post(self.source, seen, page, self.asker, content_key=key)

    def _read(self, entry: Entry) -> Page:
        hold(self.source)
        page = read_page(self.source, entry, self.asker)
        if page.trouble:
            self.troubles.append(page.trouble)
        if page.entry is None:
            self.is_all = False
        return page


def _learn_keys(known: Iterable[Choice]) -> None:
    """Of posts from before changes were followed: what they show now is what they follow from."""
    new = [each for each in known if each.seen and each.seen.post_id and not each.seen.content_key]
    for each in new:
        each.seen.content_key = content_key_of(each.entry)
    SeenEntry.objects.bulk_update([each.seen for each in new], ["content_key"], batch_size=200)


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
