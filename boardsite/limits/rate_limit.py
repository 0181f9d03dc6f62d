"""Rate limits that hold exactly across all processes.

    hit_or_refuse(f"log_in:{address_key(request)}", limit=10, seconds=600)

A member's key contains their number. An anonymous visitor's key is
boardsite.visitors.identity.address_key, never the bare address. The key of an IPv6 address is
`/48~/56~/64`: it is also counted for the wider networks, whose limits are WIDER_ALLOWANCES times as
high. Windows are fixed: a new count starts at each multiple of `seconds`. Count outside of
transactions that may be rolled back, because the count would be rolled back too."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple, Self

from django.db import connections, models, router
from django.utils import timezone

from boardsite.databases.optional_writes import write_if_free
from boardsite.limits.too_many import TooMany
from boardsite.models import RateWindow
from boardsite.visitors.identity import WIDER, today

__all__ = [
    "Limit",
    "TooMany",
    "charge",
    "charge_reader",
    "forget_old_windows",
    "hit",
    "hit_all_or_refuse",
    "hit_or_refuse",
    "hit_or_refuse_reader",
    "hit_today",
    "hit_until",
    "is_first_today",
    "is_used_up",
    "refuse_if_used_up",
    "take_back",
]

MAX_KEY_LENGTH = 64
"""Characters of a key. The window's length is stored behind it in the same column of 80."""
MOST = 2**26
"""A limit that no key reaches. The column holds 32 times as much, which a /48 reaches last."""

WIDER_ALLOWANCES = (1, 4, 16)
"""Factors of the limit for a /64, its /56 and its /48."""


class Limit(NamedTuple):
    """At most `most` actions of `key`, one or more, in each window of `seconds`; above that, `refusal`
    is raised."""

    key: str
    most: int
    seconds: int
    refusal: type[TooMany] = TooMany

    @classmethod
    def of_today(cls, key: str, most: int, refusal: type[TooMany]) -> Self:
        """In a window that ends with the day in the site's time zone."""
        return cls(key, most, _today(), refusal)


def hit_or_refuse(key: str, *, limit: int, seconds: int, amount: int = 1) -> None:
    """Like `hit`, but raises TooMany where that returns False."""
    if not hit(key, limit, seconds, amount):
        raise TooMany(_window_end(seconds) - _now())


def hit_or_refuse_reader(key: str, *, limit: int, seconds: int, amount: int = 1) -> None:
    """Like `hit_or_refuse`, for requests that only read: they are answered also while nothing can be
    written, and each process then counts by itself."""
    allowed: list[bool] = []
    if not write_if_free(lambda: allowed.append(hit(key, limit, seconds, amount))):
        allowed.append(_spare.hit((key, _window_end(seconds)), limit, amount))
    if not allowed[-1]:
        raise TooMany(_window_end(seconds) - _now())


def charge_reader(key: str, amount: int, seconds: int) -> None:
    """Like `charge`, for requests that only read."""
    amount = min(amount, MOST // 2)
    if not write_if_free(lambda: hit(key, MOST, seconds, amount)):
        _spare.hit((key, _window_end(seconds)), MOST, amount)


class _Spare:
    """Counts in the memory of this process, at most MAX_KEYS."""

    MAX_KEYS = 20_000

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, int]] = Counter()
        self._lock = threading.Lock()

    def hit(self, key: tuple[str, int], limit: int, amount: int) -> bool:
        with self._lock:
            if len(self._counts) >= self.MAX_KEYS:
                self._counts.clear()
            if self._counts[key] + amount > limit:
                return False
            self._counts[key] += amount
            return True


_spare = _Spare()


def hit_all_or_refuse(limits: Sequence[Limit]) -> None:
    """Counts an action for each of `limits` by one statement. Raises the refusal of the first that is
    used up; the others have been counted then, until the caller's transaction is rolled back."""
    rows = [_rows(limit) for limit in limits]
    counted = _count({key: row for each in rows for key, row in each.items()}, 1)
    for limit, its_rows in zip(limits, rows, strict=True):
        if not its_rows.keys() <= counted:
            raise limit.refusal(_window_end(limit.seconds) - _now())


def refuse_if_used_up(key: str, *, limit: int, seconds: int) -> None:
    """Raises TooMany where `hit` would return False now. Counts nothing."""
    if is_used_up(key, limit, seconds):
        raise TooMany(_window_end(seconds) - _now())


def charge(key: str, amount: int, seconds: int) -> None:
    """Counts an `amount` that was not known before; call refuse_if_used_up first."""
    hit(key, MOST, seconds, min(amount, MOST // 2))


def hit(key: str, limit: int, seconds: int, amount: int = 1) -> bool:
    """Counts an action of `key` (or an `amount`). True while the window of `seconds` holds at most
    `limit`.

    One statement per key, so parallel requests cannot exceed the limit. Refused hits are not
    counted."""
    if limit < amount:
        return False
    # One after another, so that what a narrow network is refused does not count for the wider ones.
    return all(_count({key: row}, amount) for key, row in _rows(Limit(key, limit, seconds)).items())


def _rows(limit: Limit) -> dict[str, tuple[int, int]]:
    """The rows of a limit by their keys, also those of wider networks: the end of the window, and the
    limit there."""
    if len(limit.key) > MAX_KEY_LENGTH:
        raise ValueError(f"A key has at most {MAX_KEY_LENGTH} characters: {limit.key!r}")
    end = _window_end(limit.seconds)
    allowed = zip(_with_wider(limit.key), WIDER_ALLOWANCES, strict=False)
    return {f"{key}/{limit.seconds}": (end, limit.most * times) for key, times in allowed}


def _with_wider(key: str) -> list[str]:
    """The key, followed by the keys of the wider networks that it names."""
    keys = [key]
    while WIDER in keys[-1]:
        keys.append(keys[-1].rpartition(WIDER)[0])
    return keys


def _count(rows: Mapping[str, tuple[int, int]], amount: int) -> set[str]:
    """Adds `amount` to the rows whose limits (_rows) allow it; returns their keys."""
    connection = connections[router.db_for_write(RateWindow)]
    table, key_, window_, count_ = map(
        connection.ops.quote_name, (RateWindow._meta.db_table, "key", "window", "count")
    )
    added = [value for key, (end, _most) in rows.items() for value in (key, end, amount)]
    limits = [value for key, (_end, most) in rows.items() for value in (key, most)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({key_}, {window_}, {count_})"
            f" VALUES {', '.join(['(%s, %s, %s)'] * len(rows))}"
            f" ON CONFLICT ({key_}, {window_})"
            f" DO UPDATE SET {count_} = {table}.{count_} + excluded.{count_}"
            f" WHERE {table}.{count_} + excluded.{count_} <="
            f" CASE excluded.{key_} {'WHEN %s THEN %s ' * len(rows)}END RETURNING {key_}",
            [*added, *limits],
        )
        return {key for (key,) in cursor.fetchall()}


def take_back(key: str, seconds: int) -> None:
    """Takes back one action that `hit` has counted, because the limit does not apply to it after
    all.

    Counting first and taking back afterwards is exact with parallel requests too."""
    windows = RateWindow.objects.using(router.db_for_write(RateWindow))
    keys = [f"{each}/{seconds}" for each in _with_wider(key)]
    window = windows.filter(key__in=keys, window=_window_end(seconds), count__gt=0)
    window.update(count=models.F("count") - 1)


def is_used_up(key: str, limit: int, seconds: int) -> bool:
    """Whether `hit` would return False now. Counts nothing."""
    windows = RateWindow.objects.using(router.db_for_write(RateWindow))
    used_up = models.Q()
    for each, allowance in zip(_with_wider(key), WIDER_ALLOWANCES, strict=False):
        used_up |= models.Q(key=f"{each}/{seconds}", count__gte=limit * allowance)
    return windows.filter(used_up, window=_window_end(seconds)).exists()


def hit_until(key: str, limit: int, moment: int) -> bool:
    """Like `hit`, in a window that ends at `moment` (seconds since 1970, in the future)."""
    return hit(key, limit, moment)  # now < moment, so the first multiple of it is itself


def is_first_today(key: str) -> bool:
    """Counts an action of `key`. True the first time in each day of the site's time zone."""
    return hit_today(key, 1)


def hit_today(key: str, limit: int) -> bool:
    """Like `hit`, in a window that is a day of the site's time zone."""
    return hit(key, limit, _today())


def _today() -> int:
    """The `seconds` of a window that ends with the day in the site's time zone; it begins in 1970.

    A window of 86,400 seconds would end at midnight UTC, which is 9 in the morning in Seoul."""
    zone = timezone.get_default_timezone()
    return int(datetime.combine(today() + timedelta(days=1), time(), zone).timestamp())


def forget_old_windows() -> int:
    """Deletes the windows that are over, and returns their number."""
    return RateWindow.objects.filter(window__lte=_now()).delete()[0]


def _window_end(seconds: int) -> int:
    """When the current window ends, in seconds since 1970. The column `window` holds this number."""
    return (_now() // seconds + 1) * seconds


def _now() -> int:
    return int(timezone.now().timestamp())
