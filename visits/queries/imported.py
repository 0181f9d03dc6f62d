"""What an older site has counted."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Max, Min, Sum

from visits.models import DayCount


class ImportedCounts(NamedTuple):
    """On so many days, from `first` to `last` (None where there is none), so many visitors."""

    days: int
    visitors: int
    first: date | None
    last: date | None


def imported_counts() -> ImportedCounts:
    numbers = DayCount.objects.filter(imported__gt=0).aggregate(
        days=Count("day"), visitors=Sum("imported", default=0), first=Min("day"), last=Max("day")
    )
    return ImportedCounts(**numbers)
