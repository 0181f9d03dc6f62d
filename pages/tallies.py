"""Impressions of banners of this process that are not written yet.

A visitor counts once a day for each banner: their browser keeps the beacon until midnight, and this
process remembers whom it has counted. So nothing is written while a page is requested, and a second
worker counts a visitor twice only if their browser fetches a picture again that it has.
"""

import threading
from collections import Counter
from datetime import date

from boardsite.scheduling.tally import Tally
from pages.actions.banners import count_impressions

MAX_SEEN = 100_000  # pairs of banner and visitor that are remembered
MOST_OF_ADDRESS = 50  # visitors behind one address who count for one banner in a day

impressions: Tally[tuple[int, date]] = Tally("Impressions of banners", count_impressions)

_lock = threading.Lock()
_day: date | None = None
_seen: set[tuple[int, int]] = set()
_of_address: Counter[tuple[int, str]] = Counter()


def note_impression(*, banner: int, day: date, visitor: int, address: str) -> None:
    """`visitor` and `address` are keys of boardsite.visitors.identity."""
    global _day
    with _lock:
        if day != _day or len(_seen) >= MAX_SEEN:
            _day = day
            _seen.clear()
            _of_address.clear()
        if (banner, visitor) in _seen or _of_address[banner, address] >= MOST_OF_ADDRESS:
            return
        _seen.add((banner, visitor))
        _of_address[banner, address] += 1
    impressions.count((banner, day))


def forget() -> None:
    """Resets the state to that of a new process."""
    global _day
    with _lock:
        _day = None
        _seen.clear()
        _of_address.clear()
    impressions.forget()
