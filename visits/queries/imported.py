"""The imported counts of an older site."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max, Min, Sum

from visits.models import DayCount


class ImportedCounts(NamedTuple):
    """The number of days, `first` and `last` day (None where there is none), and the number of
    visitors."""

    days: int
    visitors: int
    first: date | None
    last: date | None


def imported_counts() -> ImportedCounts:
    numbers = DayCount.objects.filter(imported__gt=0).aggregate(
        days=Count("day"), visitors=Sum("imported", default=0), first=Min("day"), last=Max("day")
    )
    return ImportedCounts(**numbers)
