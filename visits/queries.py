"""The four numbers of 접속자집계."""

import time
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Max, Sum

from boardsite.visitors import today
from visits.models import DayCount

PAST_SECONDS = 60
"""How long a process keeps what it read about the past days, which seldom change."""


class VisitCounts(NamedTuple):
    """Visitors: today, yesterday, on the best day so far, and the days' sum."""

    today: int
    yesterday: int
    highest: int
    total: int


def visit_counts() -> VisitCounts:
    """The numbers as of now. One query by key, once a minute two more."""
    day = today()
    now = DayCount.objects.filter(day=day).values_list("visitors", flat=True).first() or 0
    yesterday, highest, total = _past(day, int(time.monotonic() // PAST_SECONDS))
    return VisitCounts(now, yesterday, max(highest, now), total + now)


@lru_cache(maxsize=1)
def _past(day: date, minute: int) -> tuple[int, int, int]:
    """Yesterday, highest and sum of the days before `day`; `minute` only limits the keeping."""
    past = DayCount.objects.filter(day__lt=day)
    numbers = past.aggregate(highest=Max("visitors"), total=Sum("visitors"))
    yesterday = past.filter(day=day - timedelta(days=1)).values_list("visitors", flat=True).first()
    return yesterday or 0, numbers["highest"] or 0, numbers["total"] or 0
