"""One pass over one source: fetches it and posts new articles. A pass may be killed at any moment,
and two may run at once."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from collector.actions.choosing import Choice, Verdict, choose, content_key_of, settled
from collector.actions.finding import Page, Trouble, ask_source, read_page
from collector.actions.grouping import RecentStories
from collector.actions.posting import (
    CLAIM,
    TakenDown,
    extend_claim,
    follows,
    mark_skipped,
    mark_waiting,
    post_entry,
    update_post,
)
from collector.actions.withdrawing import look_again
from collector.fetching.fetcher import Fetcher
from collector.models import SeenEntry, Source
from collector.reading.entries import Entry, packed

logger = logging.getLogger(__name__)

CHANGES = 20
"""How many posts one pass updates at most. The next pass continues."""


def claim(source: Source) -> bool:
    """Claims `source` for CLAIM; False if another collector has it."""
    now = timezone.now()
    free = Source.objects.free_at(now).filter(pk=source.pk)
    return free.update(claimed_until=now + CLAIM) == 1


def collect_source(source: Source, fetcher: Fetcher | None = None) -> int:
    """Posts what is new in a source that the caller has claimed, and releases the claim.

    Returns the number of posts. Records the outcome in the row; raises Trouble when the source has
    a problem.
    """
    try:
        posted, trouble = _collect(source, fetcher or Fetcher())
    except Trouble as failure:
        _note_failure(source, failure)
        raise
    except Exception as error:
        # A bug of ours must not stop the collector for the other sources.
        logger.exception("Source %s could not be collected", source.pk)
        fault = Trouble(_("수집하다가 오류가 났습니다. 이유는 서버 기록에 있습니다."))
        _note_failure(source, fault)
        raise fault from error
    _note(
        source,
        wait=timedelta(minutes=source.interval),
        failures=0,
        error=trouble[:300],
        etag=source.etag,
        last_modified=source.last_modified,
    )
    return posted


def _collect(source: Source, fetcher: Fetcher) -> tuple[int, str]:
    """Returns the number of posts, and a message about pages that could not be read."""
    posted, trouble = 0, ""
    try:
        found = ask_source(source, fetcher)
        if found is not None:
            run = _Pass(source, fetcher)
            run.go(choose(source, found.entries))
            posted, trouble = run.posted, run.trouble()
            # Without an ETag the next request returns the whole feed, with the articles that still
            # wait.
            source.etag = found.etag[:300] if run.is_all else ""
            source.last_modified = found.last_modified[:100] if run.is_all else ""
        extend_claim(source)
        look_again(source, fetcher)
    except TakenDown:
        source.etag = source.last_modified = ""
    return posted, trouble


class _Pass:
    """Carries out the choices of one pass."""

    def __init__(self, source: Source, fetcher: Fetcher):
        self.source, self.fetcher = source, fetcher
        self.stories = RecentStories(source)
        self.posted = 0
        self.is_all = True
        """False when something is left for the next pass."""
        self.troubles: list[str] = []
        self.has_fault = False

    def go(self, choices: list[Choice]) -> None:
        of = {verdict: [each for each in choices if each.verdict == verdict] for verdict in Verdict}
        # Do this first. If the process is killed after the first post of a new source, the next
        # pass would otherwise post the older articles.
        over = [*of[Verdict.OLD], *of[Verdict.KNOWN], *of[Verdict.UNWANTED]]
        mark_skipped(self.source, [each.entry for each in over if each.seen is None])
        _learn_keys(of[Verdict.KNOWN])
        for choice in of[Verdict.POST]:
            with self._isolated(choice):
                self._post(choice)
        for choice in of[Verdict.CHANGED][:CHANGES]:
            with self._isolated(choice):
                self._change(choice)
        if of[Verdict.NO_ROOM] or of[Verdict.CHANGED][CHANGES:]:
            self.is_all = False

    @contextmanager
    def _isolated(self, choice: Choice) -> Iterator[None]:
        """Keeps an error of ours in one article from stopping the others; the article is tried
        again last."""
        try:
            yield
        except (TakenDown, OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("An article of source %s failed", self.source.pk)
            self.has_fault, self.is_all = True, False
            if choice.seen is None:
                mark_waiting(self.source, choice.entry)

    def trouble(self) -> str:
        if self.has_fault:
            return _("글 하나를 처리하다가 오류가 났습니다. 이유는 서버 기록에 있습니다.")
        if not self.troubles:
            return ""
        words = _("기사 페이지 %(count)d개를 읽지 못했습니다: %(why)s")
        return words % {"count": len(self.troubles), "why": self.troubles[-1]}

    def _post(self, choice: Choice) -> None:
        shown = choice.entry
        page = self._read(shown)
        choice = settled(self.source, choice, page.entry)
        if choice.verdict == Verdict.WAITS:
            mark_waiting(self.source, shown)
        elif choice.verdict == Verdict.UNWANTED:
            mark_skipped(self.source, [shown])
        else:
            self.posted += post_entry(
                self.source, choice.entry, self.fetcher, self.stories, **_keys_of(shown, page)
            )

    def _change(self, choice: Choice) -> None:
        seen, entry = choice.seen, choice.entry
        if seen is None:
            raise ValueError(f"{entry.address} was never seen before")
        key = content_key_of(entry)
        if not follows(seen):
            SeenEntry.objects.filter(pk=seen.pk).update(content_key=key)
            return
        page = self._read(entry)
        if (
            page.entry and not page.trouble
        ):  # otherwise the feed's excerpt would replace the text of the page
            corrected = replace(page.entry, address=seen.address)
            update_post(self.source, seen, corrected, self.fetcher, **_keys_of(entry, page))

    def _read(self, entry: Entry) -> Page:
        extend_claim(self.source)
        page = read_page(self.source, entry, self.fetcher)
        if page.trouble:
            self.troubles.append(page.trouble)
        if page.entry is None:
            self.is_all = False
        return page


def _keys_of(entry: Entry, page: Page) -> dict:
    """The SeenEntry columns that identify the current state of an article. `entry` is what the
    source shows."""
    shown = packed(entry) if page.key else None
    return {"content_key": content_key_of(entry), "page_key": page.key, "shown": shown}


def _learn_keys(known: Iterable[Choice]) -> None:
    """Fills in the missing key of posts that are older than the following of changes."""
    learnt = []
    for entry, _verdict, seen in known:
        if seen and seen.post_id and not seen.content_key:
            seen.content_key = content_key_of(entry)
            learnt.append(seen)
    SeenEntry.objects.bulk_update(learnt, ["content_key"], batch_size=200)


def _note_failure(source: Source, trouble: Trouble) -> None:
    _note(
        source,
        wait=trouble.wait or source.wait_after(source.failures),
        failures=F("failures") + 1,
        error=str(trouble)[:300],
        is_on=F("is_on") if not trouble.is_gone else False,
    )


def _note(source: Source, *, wait: timedelta, **outcome: object) -> None:
    """Releases the claim. Records the outcome unless the staff have changed what the source points
    to."""
    now = timezone.now()
    row = Source.objects.filter(pk=source.pk)
    asked = {name: getattr(source, name) for name in ("kind", "address", "link_rule")}
    row.filter(**asked).update(ran_at=now, next_at=now + wait, **outcome)
    row.update(claimed_until=now)
