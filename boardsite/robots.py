"""How many pages robots get: so many a minute, so that they leave the site to people.

A robot is counted by its name (boardsite.agents) and the network that it comes from, and more
widely by its name alone, for there are crawlers with a thousand addresses. In the memory of each
worker, which asks nobody else: what is refused must cost nothing. With two workers a robot may so
get twice as much.
"""

import threading
from time import monotonic

from django.conf import settings

from boardsite.agents import robot_name
from boardsite.visitors import network

MINUTE = 60.0
WIDER = 10
"""So many times as much for a robot on all of its networks together."""
MAX_KNOWN = 4096
"""Buckets of each kind; some 200 bytes each. Names alone are fewer: they are of a list."""


class Buckets:
    """A minute's worth of pages for each key, all at once if it likes; then they come back one by
    one, evenly. A bucket that is full again is forgotten as others come; of more than `most`, those
    that have not come for longest."""

    def __init__(self, most: int = MAX_KNOWN):
        self.most = most
        self._full_at: dict[str, float] = {}  # key → when its bucket will be full again
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: str, a_minute: int, now: float) -> float:
        """Takes one page out of the bucket. Returns 0, or if it is empty the seconds until there is
        one again; then nothing is taken."""
        one = MINUTE / a_minute
        with self._lock:
            full_at = max(self._full_at.pop(key, now), now)
            wait = full_at - now - (MINUTE - one)
            is_empty = wait > one / 1000  # the sum of many parts of a minute is not quite exact
            self._full_at[key] = full_at if is_empty else full_at + one  # as the latest
            for _ in range(2):  # at most one has come, so that they never gather
                oldest = next(iter(self._full_at))
                if len(self._full_at) > self.most or self._full_at[oldest] <= now:
                    del self._full_at[oldest]
        return wait if is_empty else 0

    def forget(self) -> None:
        with self._lock:
            self._full_at.clear()


_by_network, _by_name = Buckets(), Buckets()


def take_page(agent: str, address: str) -> float:
    """Counts a page for the robot that calls itself `agent`. Returns 0, or the seconds after which
    it may ask again. About 4 µs, three times that for IPv6."""
    a_minute = settings.ROBOT_PAGES
    if a_minute < 1:
        return 0
    name, now = robot_name(agent), monotonic()
    return _by_network.take(f"{name} {network(address)}", a_minute, now) or _by_name.take(
        name, WIDER * a_minute, now
    )


def forget() -> None:
    """For tests: what one of them has asked for is not held against the next."""
    _by_network.forget()
    _by_name.forget()
