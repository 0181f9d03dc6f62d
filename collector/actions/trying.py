"""시험 수집 (trial): a pass without writing, which shows the owner what would be posted.

A button creates the Trial row (`trials`), and a separate process (`collect --try`) fills it in.
"""

import logging
import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boardsite.dates import full_date
from boardsite.text import richtext
from boardsite.typing import StrOrPromise
from collector.actions.choosing import (
    Choice,
    Verdict,
    choose,
    content_key_of,
    settled,
    taken_addresses,
)
from collector.actions.finding import Page, Trouble, ask_source, read_page
from collector.actions.grouping import RecentStories, marks_of
from collector.actions.posting import body_of
from collector.actions.trials import ask_trial, end_trial
from collector.fetching.fetch import FetchFailed
from collector.fetching.fetcher import Fetcher
from collector.models import Source, Trial
from collector.reading.entries import Entry

logger = logging.getLogger(__name__)

SECONDS = 35.0
"""Seconds after which no further page is requested. The last request may still finish within
trials.PATIENCE."""
SHOWN = 10
"""Articles that are shown as they would be posted; for the rest only the verdict is shown."""
OTHERS = 100
NO_TIME = gettext_lazy("시험은 1분 안에 끝나야 해서 더 기다리지 않았습니다.")


def try_source(source: Source) -> None:
    """Fills in the Trial of `source`, and creates it if needed. Posts and marks nothing."""
    ask_trial(source)
    trial = Trial.objects.get(source=source)
    try:
        found = _Attempt(source).found()
    except Trouble as trouble:
        end_trial(trial, error=str(trouble))
    except Exception:
        logger.exception("Source %s could not be tried", source.pk)
        end_trial(trial, error=_("시험하다가 오류가 났습니다. 이유는 서버 기록에 있습니다."))
    else:
        end_trial(trial, found=found)


class _Attempt:
    """Computes the outcome of each article in the format of Trial.found."""

    def __init__(self, source: Source):
        self.source = source
        self.fetcher = Fetcher(sleep=self._sleep)
        self.stories = RecentStories(source)
        self._until = time.monotonic() + SECONDS

    def found(self) -> list[dict]:
        """The articles that would be posted, newest first, then the others. Raises Trouble."""
        found = ask_source(self.source, self.fetcher, is_fresh=True)
        choices = choose(self.source, found.entries if found else [])[::-1]
        posted = [each for each in choices if each.verdict == Verdict.POST]
        others = [each for each in choices if each.verdict != Verdict.POST]
        rows = [self._try(each) for each in posted[:SHOWN]]
        rows += [_row(each.entry, each.verdict.label) for each in posted[SHOWN:] + others]
        return rows[: SHOWN + OTHERS]

    def _try(self, choice: Choice) -> dict:
        """One article as a pass would post it, with its HTML cleaned; without HTML if it would not
        be posted."""
        page, key = self._read(choice.entry), content_key_of(choice.entry)
        entry, verdict, _seen = settled(self.source, choice, page.entry)
        if verdict == Verdict.WAITS:
            return _row(entry, _("기사 페이지를 읽지 못함: %s") % page.trouble)
        if verdict == Verdict.UNWANTED:
            return _row(entry, verdict.label)
        if taken_addresses(self.source, {entry.address: key}):
            return _row(entry, Verdict.KNOWN.label)
        story = self.stories.find(marks_of(entry), entry)
        if story:
            return _row(entry, _("다른 곳의 같은 소식: '%s'에 링크를 추가함") % story.title)
        try:
            html = richtext.clean(body_of(self.source, entry))
        except richtext.TooComplex:
            return _row(entry, _("너무 복잡해 올리지 않음"))
        words: StrOrPromise = verdict.label
        if page.trouble:
            words = _("올림. 기사 페이지는 읽지 못함: %s") % page.trouble
        return _row(entry, words, html)

    def _read(self, entry: Entry) -> Page:
        if self.source.asks_pages and time.monotonic() > self._until:
            return Page(None, str(NO_TIME))
        return read_page(self.source, entry, self.fetcher)

    def _sleep(self, seconds: float) -> None:
        """Raises FetchFailed if there is not enough time left."""
        if time.monotonic() + seconds > self._until:
            raise FetchFailed(str(NO_TIME))
        time.sleep(seconds)


def _row(entry: Entry, outcome: StrOrPromise, html: str = "") -> dict:
    return {
        "title": entry.title,
        "html": html,
        "address": entry.address,
        "author": entry.author,
        "published_at": full_date(entry.published_at),
        "outcome": str(outcome),
    }
