"""What the workers count of their requests, in memory that all of them share.

Each worker has a row of its own, which a worker that replaces it takes over. So the sums never go
down while the server runs, and any worker can answer for all. Used by boardsite.server and by the
log, so it imports nothing of Django."""

import mmap
import threading
from bisect import bisect_left
from collections.abc import Sequence

STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper limits in seconds of the histogram of requests; the last bucket has none."""
FAULTS, DATABASE_FAULTS, SECONDS, WAITING, RUNNING = (
    "faults",
    "database",
    "sum",
    "waiting",
    "running",
)
SLOTS: tuple[str | float, ...] = (
    *STATUSES,
    *BUCKETS,
    float("inf"),
    SECONDS,
    FAULTS,
    DATABASE_FAULTS,
    WAITING,
    RUNNING,
)
PLACES = {name: number for number, name in enumerate(SLOTS)}
FIRST_BUCKET = PLACES[BUCKETS[0]]


class Counters:
    """A row of numbers for each worker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # between the threads of a worker
        self.share(1)

    def share(self, workers: int) -> None:
        """Makes room for the workers, before they are forked."""
        self.workers, self.row = workers, 0
        self._numbers = memoryview(mmap.mmap(-1, 8 * len(SLOTS) * workers)).cast("d")

    def take_row(self, number: int) -> None:
        """To be called in each worker. Nothing waits or runs in one that has just begun."""
        self._lock = threading.Lock()  # another thread may have held it at the fork
        self.row = number * len(SLOTS)
        self.set(waiting=0, running=0)

    def add(self, name: str) -> None:
        with self._lock:
            self._numbers[self.row + PLACES[name]] += 1

    def set(self, *, waiting: int, running: int) -> None:
        self._numbers[self.row + PLACES[WAITING]] = waiting
        self._numbers[self.row + PLACES[RUNNING]] = running

    def add_request(self, status: int, seconds: float) -> None:
        bucket = FIRST_BUCKET + bisect_left(BUCKETS, seconds)
        kind = min(max(status // 100, 1), 5) - 1
        with self._lock:
            self._numbers[self.row + kind] += 1
            self._numbers[self.row + bucket] += 1
            self._numbers[self.row + PLACES[SECONDS]] += seconds

    def sums(self) -> dict[str | float, float]:
        """Each slot, summed over all workers."""
        every = len(SLOTS)
        return {name: sum(self._numbers[place::every]) for name, place in PLACES.items()}


counters = Counters()


def cumulated(sums: dict[str | float, float]) -> Sequence[tuple[str, float]]:
    """The buckets as Prometheus wants them: each contains the ones before it."""
    found, total = [], 0.0
    for limit in (*BUCKETS, float("inf")):
        total += sums[limit]
        found.append((f"{limit:g}" if limit != float("inf") else "+Inf", total))
    return found
