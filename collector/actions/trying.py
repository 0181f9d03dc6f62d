"""시험 수집: all of a pass but its writing, so that an owner sees what would be posted.

A Trial row is asked for by a button (`trials`), and filled by a process of its own (`collect --try`).
"""

import logging
import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boards.text import richtext
from boardsite.dates import full_date
from collector.actions.choosing import (
    Choice,
    Verdict,
    choose,
    content_key_of,
    settled,
    taken_addresses,
)
from collector.actions.finding import Page, Trouble, ask_source, read_page
from collector.actions.grouping import RecentStories, number_of
from collector.actions.posting import body_of
from collector.actions.trials import ask_trial, end_trial
from collector.fetching.asking import Asker
from collector.fetching.fetch import FetchFailed
from collector.models import Source, Trial
from collector.reading.entries import Entry

logger = logging.getLogger(__name__)

SECONDS = 35.0
"""After so long no further page is asked for: what is asked last may take its time within
trials.PATIENCE."""
SHOWN = 10
"""Articles that are shown as they would be posted; of the others it is only said what they are for."""
OTHERS = 100
NO_TIME = gettext_lazy("시험은 1분 안에 끝나야 해서 더 기다리지 않았습니다.")


def try_source(source: Source) -> None:
    """Fills the Trial of `source`, which is asked for if nobody has. Posts and marks nothing."""
    ask_trial(source)
    trial = Trial.objects.get(source=source)
    try:
        found = _Attempt(source).found()
    except Trouble as trouble:
        end_trial(trial, error=str(trouble))
    except Exception:
        logger.exception("Source %s could not be tried", source.pk)
        end_trial(trial, error=_("시험하다가 오류가 났습니다. 까닭은 서버 기록에 있습니다."))
    else:
        end_trial(trial, found=found)


class _Attempt:
    """What would become of each article, as Trial.found has it."""

    def __init__(self, source: Source):
        self.source = source
        self.asker = Asker(sleep=self._sleep)
        self.stories = RecentStories(source)
        self._until = time.monotonic() + SECONDS

    def found(self) -> list[dict]:
        """The newest first of what would be posted, then the others. Raises Trouble."""
        found = ask_source(self.source, self.asker, is_fresh=True)
        choices = choose(self.source, found.entries)[::-1]
        posted = [each for each in choices if each.verdict == Verdict.POST]
        others = [each for each in choices if each.verdict != Verdict.POST]
        rows = [self._try(each) for each in posted[:SHOWN]]
        rows += [_row(each.entry, each.verdict.label) for each in posted[SHOWN:] + others]
        return rows[: SHOWN + OTHERS]

    def _try(self, choice: Choice) -> dict:
        """As a pass posts it, with its HTML cleaned; without HTML where it would not be posted."""
        page, key = self._read(choice.entry), content_key_of(choice.entry)
        entry, verdict, _seen = settled(self.source, choice, page.entry)
        if verdict == Verdict.WAITS:
            return _row(entry, _("기사 페이지를 읽지 못함: %s") % page.trouble)
        if verdict == Verdict.UNWANTED:
            return _row(entry, verdict.label)
        if taken_addresses(self.source, {entry.address: key}):
            return _row(entry, Verdict.KNOWN.label)
        story = self.stories.find(number_of(entry), entry)
        if story:
            words = _("다른 곳의 같은 소식: '%s'에 링크를 더함")
            return _row(entry, words % story.title)
        try:
            html = richtext.clean(body_of(self.source, entry))
        except richtext.TooComplex:
            return _row(entry, _("너무 복잡해 올리지 않음"))
        words = verdict.label
        if page.trouble:
            words = _("올림. 기사 페이지는 읽지 못함: %s") % page.trouble
        return _row(entry, words, html)

    def _read(self, entry: Entry) -> Page:
        if self.source.asks_pages and time.monotonic() > self._until:
            return Page(None, NO_TIME)
        return read_page(self.source, entry, self.asker)

    def _sleep(self, seconds: float) -> None:
        """Raises FetchFailed where there is no time for it."""
        if time.monotonic() + seconds > self._until:
            raise FetchFailed(str(NO_TIME))
        time.sleep(seconds)


def _row(entry: Entry, outcome: str, html: str = "") -> dict:
    return {
        "title": entry.title,
        "html": html,
        "address": entry.address,
        "author": entry.author,
        "published_at": full_date(entry.published_at),
        "outcome": str(outcome),
    }
