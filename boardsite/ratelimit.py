"""How often somebody may do something, counted exactly by all processes together.

    hit_or_refuse(f"log_in:{address_key(request)}", limit=10, seconds=600)

A member's key holds his number, a guest's boardsite.visitors.address_key, never the bare address.
Windows are fixed: the count starts anew at each multiple of `seconds`. Count outside of a
transaction that may be rolled back, or the hit is forgotten with it.
"""

from datetime import datetime, time, timedelta

from django.db import connections, router
from django.utils import timezone
from django.utils.translation import gettext as _

from boardsite.models import RateWindow
from boardsite.visitors import today

MAX_KEY_LENGTH = 64
"""Characters of a key; its window's length is kept behind it in the same column of 80."""


class TooMany(Exception):
    """The limit is reached: answer 429. `retry_after` is in seconds, `message` is Korean."""

    def __init__(self, retry_after: int):
        self.retry_after = max(1, retry_after)
        self.message = _("요청이 너무 잦습니다. %(wait)s 뒤에 다시 시도해 주세요.") % {
            "wait": _wait(self.retry_after)
        }
        super().__init__(self.message)


def hit_or_refuse(key: str, *, limit: int, seconds: int) -> None:
    """Count one deed of `key`; raises TooMany above `limit` deeds in the window."""
    if not hit(key, limit, seconds):
        raise TooMany(_window_end(seconds) - _now())


def hit(key: str, limit: int, seconds: int) -> bool:
    """Count one deed of `key`: True for the first `limit` in a window of `seconds`, then False.

    One statement, so parallel requests cannot slip through. Refused hits are not counted.
    """
    if len(key) > MAX_KEY_LENGTH:
        raise ValueError(f"A key has at most {MAX_KEY_LENGTH} characters: {key!r}")
    if limit < 1:
        return False
    connection = connections[router.db_for_write(RateWindow)]
    table, key_, window_, count_ = map(
        connection.ops.quote_name, (RateWindow._meta.db_table, "key", "window", "count")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({key_}, {window_}, {count_}) VALUES (%s, %s, 1)"
            f" ON CONFLICT ({key_}, {window_}) DO UPDATE SET {count_} = {table}.{count_} + 1"
            f" WHERE {table}.{count_} < %s RETURNING {count_}",
            [f"{key}/{seconds}", _window_end(seconds), limit],
        )
        return cursor.fetchone() is not None


def is_used_up(key: str, limit: int, seconds: int) -> bool:
    """Whether `hit` would be refused now; counts nothing."""
    windows = RateWindow.objects.using(router.db_for_write(RateWindow))
    window = windows.filter(key=f"{key}/{seconds}", window=_window_end(seconds))
    return window.filter(count__gte=limit).exists()


def hit_until(key: str, limit: int, moment: int) -> bool:
    """As `hit`, in a window that ends at `moment` (seconds since 1970, yet to come)."""
    return hit(key, limit, moment)  # the first multiple of it after now is it itself


def is_first_today(key: str) -> bool:
    """Count one deed of `key`: True once in each day of the site's time zone."""
    return hit_today(key, 1)


def hit_today(key: str, limit: int) -> bool:
    """As `hit`, in a window that is a day of the site's time zone.

    A window of 86,400 seconds would end at midnight of UTC, in the midst of a morning in Seoul. One
    as long as the time from 1970 to the end of today ends with today.
    """
    tomorrow = datetime.combine(
        today() + timedelta(days=1), time(), timezone.get_default_timezone()
    )
    return hit(key, limit, int(tomorrow.timestamp()))


def forget_old_windows() -> int:
    """Delete the windows that are over; returns how many."""
    return RateWindow.objects.filter(window__lte=_now()).delete()[0]


def _window_end(seconds: int) -> int:
    """When the present window ends, in seconds since 1970; this is what `window` holds."""
    return (_now() // seconds + 1) * seconds


def _now() -> int:
    return int(timezone.now().timestamp())


def _wait(seconds: int) -> str:
    if seconds < 60:
        return _("%(count)d초") % {"count": seconds}
    return _("%(count)d분") % {"count": -(-seconds // 60)}
