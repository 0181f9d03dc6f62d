"""This process's tallies that are not written yet: a request costs an entry in a dictionary.

actions.tallies.write_tallies writes them every settings.VISITS_WRITE_SECONDS, and before a worker
ends (boardsite.scheduling.background). A killed worker loses the page views of these seconds, but
no visitor, who is written on arrival, unless nothing could be written then."""

import logging
import threading
import time
from datetime import date, datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError

from boardsite.scheduling import background
from visits.actions.tallies import write_tallies
from visits.arrivals import Arrival
from visits.seen import Pace, Tallies

logger = logging.getLogger(__name__)

MAX_KNOWN = 20_000
"""Visitors that a process caches (some 6 MB); above that it starts again with an empty cache."""
MAX_ROBOT_PLACES = 2_000
"""Pairs of robot and address between two writes; above that the addresses are dropped."""
MAX_WAITING = 50_000
"""Visitors whose pages wait while the database is unavailable; further ones are not counted."""

_lock = threading.Lock()
_day: date | None = None  # the day of `_known`
_known: dict[int, Pace] = {}  # visitors whose row exists: they need no write
_pending = Tallies()
_unwritten: list[Tallies] = []  # at most one, taken and not written; guarded by `_writing`
_writing = threading.Lock()


def is_known(day: date, key: int) -> bool:
    """Whether this process knows that the visitor is counted on `day`."""
    return day == _day and key in _known


def remember(day: date, key: int) -> None:
    """To be called after the commit of the visitor's row."""
    global _day, _known
    with _lock:
        if day != _day or len(_known) >= MAX_KNOWN:
            _day, _known = day, {}
        _known.setdefault(key, Pace())


def note_arrival(day: date, key: int, arrival: Arrival) -> None:
    """A visitor has come while nothing could be written: they are counted with the next tallies."""
    with _lock:
        if len(_pending.arrivals) >= MAX_WAITING:
            return
        _pending.arrivals.setdefault((day, key), arrival)
    remember(day, key)
    _keep_writing()


def uncounted(day: date) -> int:
    """How many visitors of `day` this process has still to count."""
    if not _pending.arrivals and not _unwritten:
        return 0
    with _lock:
        waiting = [_pending, *_unwritten]
        return sum(on == day for seen in waiting for on, _key in seen.arrivals)


def note_page(
    day: date, key: int, at: datetime, *, path: str, member: int | None, leaf_offered: bool
) -> None:
    """The visitor was shown the page at `path`, with or without the day's beacon."""
    now = time.monotonic()
    with _lock:
        if len(_pending.visitors) >= MAX_WAITING and (day, key) not in _pending.visitors:
            return
        tally = _pending.visitor(day, key)
        tally.add_page(at, path=path, member=member, leaf_offered=leaf_offered)
        pace = _known.get(key) if day == _day else None
        if pace is not None:
            tally.hasty += pace.turn(now)
            tally.busiest = max(tally.busiest, pace.in_minute)
    _keep_writing()


def note_beacon(day: date, key: int) -> None:
    """The visitor's browser has fetched the day's beacon, as browsers do and most robots do not."""
    with _lock:
        _pending.visitor(day, key).leaf_fetched = True
    _keep_writing()


def note_robot(at: datetime, *, name: str, address: str, path: str) -> None:
    """A robot that calls itself `name` has requested `path`."""
    with _lock:
        if len(_pending.robots) >= MAX_ROBOT_PLACES:
            address = ""
        _pending.robots[at.date(), at.hour, name, address] += 1
        _pending.robot_paths[name] = at, path
    _keep_writing()


def take() -> Tallies:
    """Takes all pending tallies; the caller must write them."""
    global _pending
    with _lock:
        taken, _pending = _pending, Tallies()
    return taken


def write_now() -> None:
    """Writes the pending tallies, and waits for a write in another thread.

    While the database is unavailable, locked or has aborted this transaction because of a deadlock,
    they stay for the next time, and later ones are added up in memory. Any other error would repeat:
    it is logged, and its data are lost.
    """
    with _writing:
        try:
            while _unwritten or _pending:
                if not _unwritten:
                    _unwritten.append(take())
                write_tallies(_unwritten[0])
                del _unwritten[0]
        except (InterfaceError, OperationalError):
            logger.exception("Page views could not be written yet")
        except Exception:
            logger.exception("Page views could not be written")
            del _unwritten[0]


def forget() -> None:
    """Resets the state to that of a new process."""
    global _day, _known
    take()
    _unwritten.clear()
    _day, _known = None, {}


def _keep_writing() -> None:
    if settings.VISITS_WRITE_SECONDS:
        background.repeat(write_now, every=settings.VISITS_WRITE_SECONDS)
