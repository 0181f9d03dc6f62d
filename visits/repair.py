"""Counts the visitors of each kept day again from their rows, and repairs wrong counts."""

from datetime import date

from django.db import router, transaction
from django.db.models import Count, Q

from boardsite.reporting.drifts import Drift
from visits.models import DayCount, DayVisitor, Verdict


def recount(*, repairs: bool = True) -> list[Drift]:
    """All wrong counts, which are repaired unless `repairs` is False. Correct on a live site too. A
    day without visitors' rows, because they were deleted or are older than these rows, is left
    alone."""
    database = router.db_for_write(DayVisitor)
    days = DayVisitor.objects.using(database).order_by("day").values_list("day", flat=True)
    return [drift for day in days.distinct() for drift in _recount_day(database, day, repairs)]


def _recount_day(database: str, day: date, repairs: bool) -> list[Drift]:
    with transaction.atomic(using=database):
        # Every operation that adds or moves a visitor locks this row.
        DayCount.objects.using(database).bulk_create([DayCount(day=day)], ignore_conflicts=True)
        stored = DayCount.objects.using(database).select_for_update(no_key=True).get(day=day)
        if stored.is_closed:
            return []
        true = (
            DayVisitor.objects.using(database)
            .filter(day=day)
            .aggregate(
                visitors=Count("pk", filter=Q(verdict=Verdict.PERSON)),
                suspicious=Count("pk", filter=Q(verdict=Verdict.SUSPICIOUS)),
            )
        )
        drifts = [
            Drift(f"{day} {column}", getattr(stored, column), number)
            for column, number in true.items()
            if getattr(stored, column) != number
        ]
        if repairs and drifts:
            # The next settling computes the other sums of the day again.
            DayCount.objects.using(database).filter(day=day).update(**true, settled_at=None)
        if not repairs:
            transaction.set_rollback(True, using=database)
    return drifts
