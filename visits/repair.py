"""Counts the visitors of each kept day anew from their rows, and mends what differs."""

from datetime import date

from django.db import router, transaction
from django.db.models import Count, Q

from boardsite.drifts import Drift
from visits.models import DayCount, DayVisitor, Verdict


def recount(*, mend: bool = True) -> list[Drift]:
    """All untrue counts, mended unless told otherwise. True on a live site too. A day without
    visitors' rows, because they were deleted or are older than these rows, is left alone."""
    database = router.db_for_write(DayVisitor)
    days = DayVisitor.objects.using(database).order_by("day").values_list("day", flat=True)
    return [drift for day in days.distinct() for drift in _recount_day(database, day, mend)]


def _recount_day(database: str, day: date, mend: bool) -> list[Drift]:
    with transaction.atomic(using=database):
        # Whoever adds a visitor or moves one has this row to himself until he is done.
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
        if mend and drifts:
            # The other sums of the day are made anew by the next settlement.
            DayCount.objects.using(database).filter(day=day).update(**true, settled_at=None)
        if not mend:
            transaction.set_rollback(True, using=database)
    return drifts
