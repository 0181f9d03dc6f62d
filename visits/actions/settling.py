"""Settles a day: judges which of its visitors are people (judging.py), and computes its sums
(adding_up.py).

The rows of DayVisitor are the source of truth. A verdict moves a visitor and one of the day's
counts in the same transaction; the sums follow in a second one. Runs may overlap with each other,
with arrivals and with the workers' writes. All of them lock visitors in the order of day and row
and the day's count after them, which prevents deadlocks."""

from datetime import date

from django.db import router
from django.utils import timezone

from visits.actions.adding_up import add_up
from visits.actions.judging import judge_visitors
from visits.models import DayCount


def settle_day(day: date) -> int:
    """Judges the visitors of `day` by the current rules and computes its sums. Returns how many
    verdicts changed. A day without visitors' rows keeps its sums."""
    database = router.db_for_write(DayCount)
    if not DayCount.objects.using(database).to_settle().filter(day=day).exists():
        return 0
    begun = timezone.now()
    changed = judge_visitors(database, day)
    add_up(database, day, begun)
    return changed


def unsettled_days() -> list[date]:
    """Today and the days that have not been settled since they ended, oldest first."""
    counts = DayCount.objects.using(router.db_for_write(DayCount)).to_settle().order_by("day")
    return [count.day for count in counts if not count.is_final]


def settle_again(days: int) -> int:
    """Settles the latest `days` of the kept days again. Returns how many visitors were moved."""
    kept = DayCount.objects.using(router.db_for_write(DayCount)).to_settle().order_by("-day")
    return sum(settle_day(day) for day in kept.values_list("day", flat=True)[:days])


def ask_to_settle_again() -> int:
    """Makes the next run of settle_visits settle all kept days again, because this takes too long
    for a request. Returns the number of days."""
    days = DayCount.objects.using(router.db_for_write(DayCount)).to_settle()
    return days.update(settled_at=None)
