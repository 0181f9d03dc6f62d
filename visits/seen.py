"""Tallies of visitors and robots between two writes. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from visits.arrivals import Arrival

HASTY = 0.5
"""Seconds: nobody reads a page in less."""
PAUSE = timedelta(minutes=30)
"""A page after such a pause counts as a return: one more visit."""


@dataclass(slots=True)
class Pace:
    """How fast a visitor turns pages, as one process sees it."""

    at: float = 0.0
    minute: int = 0
    in_minute: int = 0

    def turn(self, now: float) -> bool:
        """Counts a page at `now` (seconds of a monotonic clock). Returns whether nobody can have
        read the one before."""
        is_hasty = now - self.at < HASTY
        minute = int(now // 60)
        self.in_minute = self.in_minute + 1 if minute == self.minute else 1
        self.at, self.minute = now, minute
        return is_hasty


@dataclass(slots=True)
class VisitorTally:
    """What a visitor did since the last write. The times are those of pages: a beacon that one
    worker writes before another writes the page must not end the pause before that page."""

    first_at: datetime | None = None
    last_at: datetime | None = None
    returns: int = 0  # pauses since `first_at`
    path: str = ""
    member: int | None = None
    pages: Counter[int] = field(default_factory=Counter)  # hour → page views
    busiest: int = 0  # most pages in a minute
    hasty: int = 0  # pages turned in less than HASTY
    leaf_offered: bool = False
    leaf_fetched: bool = False

    def add_page(self, at: datetime, *, path: str, member: int | None, leaf_offered: bool) -> None:
        self.returns += self.last_at is not None and at - self.last_at > PAUSE
        self.first_at = min(self.first_at or at, at)
        self.last_at = max(self.last_at or at, at)
        self.path, self.member = path, member
        self.pages[at.hour] += 1
        self.leaf_offered |= leaf_offered


@dataclass
class Tallies:
    """The data to write. Arrivals are visitors who could not be counted at once. Robots are by day,
    hour, name and address (verified, never stored)."""

    arrivals: dict[tuple[date, int], Arrival] = field(default_factory=dict)
    visitors: dict[tuple[date, int], VisitorTally] = field(default_factory=dict)
    robots: Counter[tuple[date, int, str, str]] = field(default_factory=Counter)
    robot_paths: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.arrivals or self.visitors or self.robots)

    def visitor(self, day: date, key: int) -> VisitorTally:
        return self.visitors.setdefault((day, key), VisitorTally())
