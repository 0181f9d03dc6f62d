"""The four numbers of 접속자집계."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db import router
from django.db.models import F, Max, Q, Sum

from boardsite.caching.ttl_cache import TTLCache
from boardsite.caching.versions import Query
from boardsite.visitors.identity import today
from visits import tallies
from visits.models import DayCount


class VisitCounts(NamedTuple):
    """Visitors: today, yesterday, the maximum, and the total. `imported` of the total were counted
    by an older site; the other numbers include such counts too. `is_highest_imported`: no day's own
    visitors reach the maximum."""

    today: int
    yesterday: int
    highest: int
    total: int
    imported: int
    is_highest_imported: bool = False


class _Past(NamedTuple):
    yesterday: int
    highest: int
    own_highest: int
    total: int
    imported: int


def visit_counts(result: tuple[int, int] | None = None) -> VisitCounts:
    """The current numbers. One query by key, and one more once a minute. `result` is the result of
    `day_query`."""
    day = today()
    own, imported = result or _of_today(day)
    own += tallies.uncounted(day)
    here, past = own + imported, past_counts(day)
    highest = max(past.highest, here)
    return VisitCounts(
        here,
        past.yesterday,
        highest,
        past.total + here,
        past.imported + imported,
        is_highest_imported=highest > max(past.own_highest, own),
    )


def day_query(day: date) -> Query:
    """Visitors and imported visitors. Every page needs them, so the query bypasses the ORM."""
    table = DayCount._meta.db_table
    return Query(f"SELECT visitors, imported FROM {table} WHERE day = %s", [day])


def _of_today(day: date) -> tuple[int, int]:
    return day_query(day).fetch(router.db_for_read(DayCount)) or (0, 0)


def _read_past(day: date) -> _Past:
    """The days before `day`."""
    past = DayCount.objects.filter(day__lt=day)
    both = F("visitors") + F("imported")
    numbers = past.aggregate(
        yesterday=Sum(both, filter=Q(day=day - timedelta(days=1)), default=0),
        highest=Max(both, default=0),
        own_highest=Max("visitors", default=0),
        total=Sum(both, default=0),
        imported=Sum("imported", default=0),
    )
    return _Past(**numbers)


past_counts = TTLCache(_read_past, seconds=60)
