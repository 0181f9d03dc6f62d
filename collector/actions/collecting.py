"""A pass over one source: asking it, and posting what is new. Safe to kill at any moment, and to run
twice at once."""

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
    follows,
    hold,
    let_wait,
    pass_over,
    post_entry,
    update_post,
)
from collector.actions.withdrawing import check_gone
from collector.fetching.asking import Asker
from collector.models import SeenEntry, Source
from collector.reading.entries import Entry

logger = logging.getLogger(__name__)

CHANGES = 20
"""Posts that are changed in one pass; the next one goes on."""


def claim(source: Source) -> bool:
    """Whether `source` is ours for CLAIM: another collector may have it, or have been quicker."""
    now = timezone.now()
    free = Source.objects.free_at(now).filter(pk=source.pk)
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
    _note(
        source,
        wait=timedelta(minutes=source.interval),
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


class _Pass:
    """What becomes of the articles that were chosen."""

    def __init__(self, source: Source, asker: Asker):
        self.source, self.asker = source, asker
        self.stories = RecentStories(source)
        self.posted = 0
        self.is_all = True
        """Whether nothing is left for the next pass."""
        self.troubles: list[str] = []
        self.has_fault = False

    def go(self, choices: list[Choice]) -> None:
        of = {verdict: [each for each in choices if each.verdict == verdict] for verdict in Verdict}
        # First: whoever is killed after the first post of a new source must not make the next one
        # post what is older.
        over = [*of[Verdict.OLD], *of[Verdict.KNOWN], *of[Verdict.UNWANTED]]
        pass_over(self.source, [each.entry for each in over if each.seen is None])
        _learn_keys(of[Verdict.KNOWN])
        for choice in of[Verdict.POST]:
            with self._alone(choice):
                self._post(choice)
        for choice in of[Verdict.CHANGED][:CHANGES]:
            with self._alone(choice):
                self._change(choice.seen, choice.entry)
        if of[Verdict.NO_ROOM] or of[Verdict.CHANGED][CHANGES:]:
            self.is_all = False

    @contextmanager
    def _alone(self, choice: Choice) -> Iterator[None]:
        """A fault of ours with one article must not stop the others; it waits behind them."""
        try:
            yield
        except (TakenDown, OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("An article of source %s failed", self.source.pk)
            self.has_fault, self.is_all = True, False
            if choice.seen is None:
                let_wait(self.source, choice.entry)

    def trouble(self) -> str:
        if self.has_fault:
            return _("글 하나를 처리하다가 오류가 났습니다. 까닭은 서버 기록에 있습니다.")
        if not self.troubles:
            return ""
        words = _("기사 페이지 %(count)d개를 읽지 못했습니다: %(why)s")
        return words % {"count": len(self.troubles), "why": self.troubles[-1]}

    def _post(self, choice: Choice) -> None:
        shown = choice.entry
        choice = settled(self.source, choice, self._read(shown).entry)
        if choice.verdict == Verdict.WAITS:
            let_wait(self.source, shown)
        elif choice.verdict == Verdict.UNWANTED:
            pass_over(self.source, [shown])
        else:
            key = content_key_of(shown)
            self.posted += post_entry(
                self.source, choice.entry, self.asker, self.stories, content_key=key
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
    _note(
        source,
        wait=trouble.wait or source.wait_after(source.failures),
        failures=F("failures") + 1,
        error=str(trouble)[:300],
        is_on=F("is_on") if not trouble.is_gone else False,
    )


def _note(source: Source, *, wait: timedelta, **outcome) -> None:
    """Ends the claim. The outcome is not that of a row which somebody has made to mean another page
    meanwhile."""
    now = timezone.now()
    row = Source.objects.filter(pk=source.pk)
    asked = {name: getattr(source, name) for name in ("kind", "address", "link_rule")}
    row.filter(**asked).update(ran_at=now, next_at=now + wait, **outcome)
    row.update(claimed_until=now)
