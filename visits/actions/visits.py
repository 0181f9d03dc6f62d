"""Counts each visitor once a day."""

from datetime import date

from django.db import router, transaction

from visits import tallies
from visits.actions.arriving import add_arrival
from visits.arrivals import Arrival
from visits.models import DayVisitor


def record_visit(*, key: int, day: date, arrival: Arrival) -> bool:
    """Counts this visitor on `day`, once. Returns whether they are new. Exact across processes."""
    if tallies.is_known(day, key):
        return False
    database = router.db_for_write(DayVisitor)
    with transaction.atomic(using=database):
        is_new = add_arrival(database, day, key, arrival)
        # After a rollback the visitor is not counted and must not be cached as counted.
        transaction.on_commit(lambda: tallies.remember(day, key), using=database)
    return is_new
