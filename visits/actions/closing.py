"""Deletes data once a day is over: keys, then the visitors' rows, and who was present."""

from datetime import date, timedelta
from typing import NamedTuple

from django.db import router, transaction
from django.utils import timezone

from boardsite.visitors.identity import today
from visits.actions.judging import BATCH
from visits.models import DayCount, DayVisitor, Presence, VisitorHour, VisitSettings
from visits.models.days import LATE

PRESENT = timedelta(hours=1)


class Closed(NamedTuple):
    """How many visitors of past days lost their key, and how many their row."""

    keys: int
    rows: int


def close_past_days() -> Closed:
    """Removes the keys of visitors of past days, deletes the rows of days that need not be kept and
    whose sums are made, and forgets who was present an hour ago."""
    database = router.db_for_write(DayVisitor)
    _forget_present(database)
    return Closed(forget_keys(), _delete_sketches(database))


def forget_keys() -> int:
    """Removes the keys of past days: otherwise somebody who learned a salt on its day could still
    identify the visitor of a row."""
    database = router.db_for_write(DayVisitor)
    past = DayVisitor.objects.using(database).filter(
        day__lt=timezone.localdate(timezone.now() - LATE, timezone.get_default_timezone()),
        key__isnull=False,
    )
    forgotten = 0
    while True:
        with transaction.atomic(using=database):
            rows = past.order_by("day", "pk").select_for_update(no_key=True)
            pks = list(rows.values_list("pk", flat=True)[:BATCH])
            past.model.objects.using(database).filter(pk__in=pks).update(key=None)
        forgotten += len(pks)
        if len(pks) < BATCH:
            return forgotten


def _delete_sketches(database: str) -> int:
    first_kept = today() - timedelta(days=VisitSettings.load().keep_days)
    old = DayCount.objects.using(database).with_sketches().filter(day__lt=first_kept)
    for count in old.filter(is_closed=False):
        if count.is_final:
            # Unless another process is judging the visitor again right now: then at the next run.
            same = DayCount.objects.using(database).filter(
                day=count.day, settled_at=count.settled_at
            )
            same.update(is_closed=True)
    deleted = 0
    for day in old.filter(is_closed=True).values_list("day", flat=True):
        while batch := _delete_batch(database, day):
            deleted += batch
    return deleted


def _delete_batch(database: str, day: date) -> int:
    """Uses two statements: QuerySet.delete() would first load each visitor."""
    with transaction.atomic(using=database):
        # One run at a time; two would wait for each other's rows.
        DayCount.objects.using(database).select_for_update().get(day=day)
        visitors = DayVisitor.objects.using(database)
        pks = list(visitors.filter(day=day).order_by().values_list("pk", flat=True)[:BATCH])
        VisitorHour.objects.using(database).filter(visitor__in=pks).delete()
        return visitors.filter(pk__in=pks)._raw_delete(database)


def _forget_present(database: str) -> None:
    present = Presence.objects.using(database).filter(seen_at__lt=timezone.now() - PRESENT)
    with transaction.atomic(using=database):
        # Does not wait for a worker that is writing about a returning visitor.
        rows = present.select_for_update(skip_locked=True)
        present.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
