"""Limits the pages that robots get per minute, so that the site has time for people.

Robots are counted by name (boardsite.visitors.user_agents) and network, and with a higher limit by
name alone, because some crawlers have a thousand addresses. The counts are in the memory of each
worker, because a refusal must cost nothing. So with two workers a robot may get twice as many
pages."""

import threading
from time import monotonic

from django.conf import settings

from boardsite.visitors.addresses import network
from boardsite.visitors.user_agents import robot_name

MINUTE = 60.0
WIDER = 10
"""Factor of the limit for a robot on all of its networks together."""
MAX_KNOWN = 4096
"""The most buckets of each kind, some 200 bytes each. There are fewer names, because they come from
a list."""


class Buckets:
    """Token buckets: each key has a minute's worth of pages, which it may use at once and which
    come back evenly. Full buckets are forgotten as others come; beyond `most`, the least recently
    used ones."""

    def __init__(self, most: int = MAX_KNOWN):
        self.most = most
        self._full_at: dict[str, float] = {}  # key → when its bucket will be full again
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: str, a_minute: int, now: float) -> float:
        """Takes one page out of the bucket and returns 0. If the bucket is empty, takes nothing and
        returns the seconds until the next page."""
        one = MINUTE / a_minute
        with self._lock:
            full_at = max(self._full_at.pop(key, now), now)
            wait = full_at - now - (MINUTE - one)
            is_empty = wait > one / 1000  # the sum of many parts of a minute is inexact
            self._full_at[key] = full_at if is_empty else full_at + one  # moves it to the end
            for _ in range(2):  # each call adds at most one, so two are enough
                oldest = next(iter(self._full_at))
                if len(self._full_at) > self.most or self._full_at[oldest] <= now:
                    del self._full_at[oldest]
        return wait if is_empty else 0

    def forget(self) -> None:
        with self._lock:
            self._full_at.clear()


_by_network, _by_name = Buckets(), Buckets()


def take_page(agent: str, address: str) -> float:
    """Counts a page for the robot with this `agent`. Returns 0, or the seconds until it may ask
    again. Takes about 4 µs, and three times as long for IPv6."""
    a_minute = settings.ROBOT_PAGES
    if a_minute < 1:
        return 0
    name, now = robot_name(agent), monotonic()
    return _by_network.take(f"{name} {network(address)}", a_minute, now) or _by_name.take(
        name, WIDER * a_minute, now
    )


def forget() -> None:
    """For tests: empties all buckets."""
    _by_network.forget()
    _by_name.forget()
