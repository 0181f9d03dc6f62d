"""What this process has seen and not yet written: a request costs an entry in a dictionary.

It is handed to actions.tallies.write_tallies every settings.VISITS_WRITE_SECONDS, and before a worker
ends (boardsite.background). A worker that is killed loses the page views of these seconds, never a
visitor: he was written when he came.
"""

import logging
import threading
import time
from datetime import date, datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError

from boardsite import background
from visits.actions.tallies import write_tallies
from visits.seen import Pace, Tallies

logger = logging.getLogger(__name__)

MAX_KNOWN = 20_000
"""Visitors that a process remembers (some 6 MB); above that it starts to learn them anew."""
MAX_ROBOT_PLACES = 2_000
"""Pairs of robot and address between two writings; above that the addresses are left out."""
MAX_UNWRITTEN = 30
"""Writings that wait while the database is away; above that the oldest are lost."""


_lock = threading.Lock()
_day: date | None = None  # the day of `_known`
_known: dict[int, Pace] = {}  # visitors whose row is in the database: they cost no write
_pending = Tallies()
_unwritten: list[Tallies] = []  # taken, oldest first; belongs to who holds `_writing`
_writing = threading.Lock()


def is_known(day: date, key: int) -> bool:
    """Whether this process knows the visitor to be counted on `day`."""
    return day == _day and key in _known


def remember(day: date, key: int) -> None:
    """To be called when the visitor's row is there to stay, not before."""
    global _day, _known
    with _lock:
        if day != _day or len(_known) >= MAX_KNOWN:
            _day, _known = day, {}
        _known.setdefault(key, Pace())


def note_page(
    day: date, key: int, at: datetime, *, path: str, member: int | None, leaf_offered: bool
) -> None:
    """The visitor has been shown the page at `path`, which had the day's leaf on it or not."""
    now = time.monotonic()
    with _lock:
        tally = _pending.visitor(day, key)
        tally.add_page(at, path=path, member=member, leaf_offered=leaf_offered)
        pace = _known.get(key) if day == _day else None
        if pace is not None:
            tally.hasty += pace.turn(now)
            tally.busiest = max(tally.busiest, pace.in_minute)
    _keep_writing()


def note_leaf(day: date, key: int) -> None:
    """The visitor's browser has fetched the day's leaf, as browsers do and most robots do not."""
    with _lock:
        _pending.visitor(day, key).leaf_fetched = True
    _keep_writing()


def note_robot(at: datetime, *, name: str, address: str, path: str) -> None:
    """A robot that calls itself `name` has asked for `path`."""
    with _lock:
        if len(_pending.robots) >= MAX_ROBOT_PLACES:
            address = ""
        _pending.robots[at.date(), at.hour, name, address] += 1
        _pending.robot_paths[name] = at, path
    _keep_writing()


def take() -> Tallies:
    """All that is pending; from now on it is the caller's to write."""
    global _pending
    with _lock:
        taken, _pending = _pending, Tallies()
    return taken


def write_now() -> None:
    """Write what is pending, and wait for a writing that is under way in another thread.

    While the database is away, locked or has chosen us to end a deadlock, it is kept for the next
    time. Any other error would come again: it is logged, and what it concerns is lost.
    """
    with _writing:
        if _pending:
            _unwritten.append(take())
        if not _unwritten:
            return
        try:
            while _unwritten:
                write_tallies(_unwritten[0])
                del _unwritten[0]
        except (InterfaceError, OperationalError):
            logger.exception("Page views could not be written yet")
            del _unwritten[:-MAX_UNWRITTEN]
        except Exception:
            logger.exception("Page views could not be written")
            del _unwritten[0]


def forget() -> None:
    """As a process that has just started."""
    global _day, _known
    take()
    _unwritten.clear()
    _day, _known = None, {}


def _keep_writing() -> None:
    if settings.VISITS_WRITE_SECONDS:
        background.repeat(write_now, every=settings.VISITS_WRITE_SECONDS)
