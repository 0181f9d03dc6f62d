"""The four numbers of 접속자집계."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db import router
from django.db.models import F, Max, Q, Sum

from boardsite.remembered import Remembered
from boardsite.versions import Question
from boardsite.visitors import today
from visits.models import DayCount


class VisitCounts(NamedTuple):
    """Visitors: today, yesterday, on the best day so far, and the days' sum; `imported` of the sum
    were counted by an older site, which stand in the other numbers too. `is_highest_imported`: no
    day's own visitors come up to the best day."""

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


def visit_counts(told: tuple[int, int] | None = None) -> VisitCounts:
    """The numbers as of now. One query by key, once a minute one more. `told`: what `day_question`
    was just answered."""
    day = today()
    own, imported = told or _of_today(day)
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


def day_question(day: date) -> Question:
    """Visitors and imported; asked for on every page, so without the ORM's preparations."""
    table = DayCount._meta.db_table
    return Question(f"SELECT visitors, imported FROM {table} WHERE day = %s", [day])


def _of_today(day: date) -> tuple[int, int]:
    return day_question(day).answer(router.db_for_read(DayCount)) or (0, 0)


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


past_counts = Remembered(_read_past, seconds=60)
