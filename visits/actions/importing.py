"""Imports the visitor counts of an older site, and removes them again."""

from collections.abc import Mapping
from datetime import date

from django.db import router, transaction

from visits.models import DayCount
from visits.queries import past_counts

AT_ONCE = 1_000  # rows per statement


def import_day_counts(counts: Mapping[date, int]) -> None:
    """Sets the older site's count for each of these days; other days stay as they are.

    The site's own counts are not changed, so the day of the move has both."""
    database = router.db_for_write(DayCount)
    days = DayCount.objects.using(database)
    with transaction.atomic(using=database):
        days.bulk_create(
            [DayCount(day=day, imported=counts[day]) for day in sorted(counts) if counts[day]],
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["imported"],
        )
        empty = sorted(day for day in counts if not counts[day])
        for start in range(0, len(empty), AT_ONCE):
            days.filter(day__in=empty[start : start + AT_ONCE]).update(imported=0)
        transaction.on_commit(past_counts.forget, using=database)


def forget_imported_counts() -> int:
    """Removes all imported counts. Returns the number of days that had one."""
    database = router.db_for_write(DayCount)
    days = DayCount.objects.using(database)
    with transaction.atomic(using=database):
        forgotten = days.filter(imported__gt=0).update(imported=0)
        # Days without any other data, from before this site.
        days.filter(visitors=0, suspicious=0, page_views=0, settled_at=None).delete()
        transaction.on_commit(past_counts.forget, using=database)
    return forgotten
