"""One round: a pass (collecting.py) over each source that is due, several at once."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import Error, connections
from django.db.models import Min
from django.db.models.functions import Greatest
from django.utils import timezone

from collector.actions.collecting import claim, collect_source
from collector.actions.finding import Trouble
from collector.models import Source
from collector.models.sources import SourceQuerySet

logger = logging.getLogger(__name__)

GRACE = 4.0
"""Seconds that running passes get when a round is stopped; the server kills it after seven."""
LONGEST_SLEEP = timedelta(minutes=1)
SHORTEST_SLEEP = timedelta(seconds=5)


class Outcome(NamedTuple):
    """How the pass over one source ended; `trouble` is a Korean sentence or ""."""

    source: Source
    posted: int
    trouble: str


def collect_each(among: SourceQuerySet, *, jobs: int) -> Generator[Outcome, None, None]:
    """Collects from the sources in `among`, up to `jobs` at once, and yields each outcome.

    Sources that another collector has claimed are skipped. Sources of the same site run one after
    the other, and those that failed the last time run last, so that dead sites delay nobody. One
    job runs in the thread and on the connection of the caller; more jobs run in threads with their
    own connections.

    An unexpected error, such as a lost database connection, is raised when all others are done.
    Closing the iterator stops the round: running passes get GRACE to finish, then their claims are
    released.
    """
    run = _Round(among)
    yield from run.in_threads(jobs) if jobs > 1 else run.by_itself()


def time_to_next() -> timedelta:
    """Time until the next source is due, within SHORTEST_SLEEP and LONGEST_SLEEP."""
    sources = Source.objects.filter(is_on=True, taken_down_at=None)
    at = sources.aggregate(at=Min(Greatest("next_at", "claimed_until")))["at"]
    wait = at - timezone.now() if at else LONGEST_SLEEP
    return min(max(wait, SHORTEST_SLEEP), LONGEST_SLEEP)


class _Round:
    def __init__(self, among: SourceQuerySet):
        self.among = among
        # The row itself is read when it is taken: the source may be switched off by then.
        rows = among.values_list("pk", "address", "failures")
        self.waiting = [(pk, _site(address)) for pk, address, _ in sorted(rows, key=_has_failed)]
        self.busy: set[str] = set()  # sites
        self.held: dict[int, Source] = {}  # claimed and not released
        self.is_over = False
        self.lock = threading.Lock()

    def by_itself(self) -> Iterator[Outcome]:
        try:
            yield from _outcomes(self._ended())
        finally:
            self._give_back()

    def in_threads(self, jobs: int) -> Iterator[Outcome]:
        done: queue.SimpleQueue = queue.SimpleQueue()
        workers = [
            threading.Thread(
                target=self._work, args=(done.put,), daemon=True, name=f"collector-{n}"
            )
            for n in range(min(jobs, len(self.waiting)))
        ]
        for worker in workers:
            worker.start()
        try:
            yield from _outcomes(_until_all_say_none(done, len(workers)))
        finally:
            self.is_over = True
            deadline = time.monotonic() + GRACE
            for worker in workers:
                worker.join(max(0.0, deadline - time.monotonic()))
            self._give_back()

    def _work(self, report: Callable) -> None:
        """Body of a thread: reports each outcome, and None at the end."""
        try:
            for end in self._ended():
                report(end)
        finally:
            connections.close_all()
            report(None)

    def _ended(self) -> Iterator[Outcome | Exception]:
        while task := self._take():
            number, site = task
            try:
                outcome = self._collect(number)
            except Exception as error:
                # It stays claimed for a while, so that it is not retried at once.
                self.held.pop(number, None)
                yield error
            else:
                self.held.pop(number, None)
                if outcome:
                    yield outcome
            finally:
                with self.lock:
                    self.busy.discard(site)

    def _take(self) -> tuple[int, str] | None:
        """The next source whose site is not in use. A thread that gets None may end: the threads
        that use the remaining sites will take the remaining sources."""
        with self.lock:
            for index, (number, site) in enumerate(self.waiting):
                if not self.is_over and site not in self.busy:
                    del self.waiting[index]
                    self.busy.add(site)
                    return number, site
        return None

    def _collect(self, number: int) -> Outcome | None:
        source = self.among.filter(pk=number).first()
        if source is None or not claim(source):
            return None
        self.held[number] = source
        try:
            return Outcome(source, collect_source(source), "")
        except Trouble as trouble:
            return Outcome(source, 0, str(trouble))

    def _give_back(self) -> None:
        if self.held:
            held = Source.objects.filter(pk__in=list(self.held))
            with suppress(Error):  # the claim then expires by itself
                held.update(claimed_until=timezone.now())


def _until_all_say_none(done: queue.SimpleQueue, workers: int) -> Iterator[Outcome | Exception]:
    while workers:
        end = done.get()
        if end is None:
            workers -= 1
        else:
            yield end


def _outcomes(ends: Iterator[Outcome | Exception]) -> Iterator[Outcome]:
    """Yields the outcomes; raises the first error at the end."""
    first = None
    for end in ends:
        if isinstance(end, Outcome):
            yield end
        elif first is None:
            first = end
        else:
            logger.error("A source could not be collected: %s", end)
    if first:
        raise first


def _has_failed(row: tuple) -> bool:
    return row[2] > 0


def _site(address: str) -> str:
    return urlsplit(address).hostname or ""
