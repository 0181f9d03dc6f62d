"""Counting each visitor once a day."""

from datetime import date

from django.db import connections, router, transaction

from visits.models import DayCount, VisitorKey

MAX_REMEMBERED = 50_000
"""Visitors that a process remembers (some 6 MB); above that it starts to learn them anew."""

# Of the latest day: the visitors whose row is known to be in the database. They cost no write.
_seen: dict[date, set[int]] = {}


def record_visit(*, key: int, day: date) -> bool:
    """Count this visitor on `day`, once; returns whether he is new. Exact among processes.

    The first visitor of a day sweeps out the keys of the days before.
    """
    if key in _seen.get(day, ()):
        return False
    database = router.db_for_write(VisitorKey)
    with transaction.atomic(using=database):
        is_new = _insert_key(database, day, key)
        is_first = is_new and _add_to_day(database, day) == 1
        # After a rollback he has not been counted, so he must not be remembered.
        transaction.on_commit(lambda: _remember(day, key), using=database)
    if is_first:
        forget_old_visitors(before=day)
    return is_new


def forget_old_visitors(*, before: date) -> int:
    """Delete the visitors' keys of the days before `before`; returns how many. Counts stay."""
    return VisitorKey.objects.filter(day__lt=before).delete()[0]


def _insert_key(database: str, day: date, key: int) -> bool:
    connection = connections[database]
    table = connection.ops.quote_name(VisitorKey._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ("day", "key") VALUES (%s, %s) ON CONFLICT DO NOTHING',
            [connection.ops.adapt_datefield_value(day), key],
        )
        return cursor.rowcount == 1


def _add_to_day(database: str, day: date) -> int:
    """One visitor more on `day`; returns how many there are now."""
    connection = connections[database]
    table = connection.ops.quote_name(DayCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ("day", "visitors") VALUES (%s, 1) ON CONFLICT ("day")'
            f' DO UPDATE SET "visitors" = {table}."visitors" + 1 RETURNING "visitors"',
            [connection.ops.adapt_datefield_value(day)],
        )
        return cursor.fetchone()[0]


def _remember(day: date, key: int) -> None:
    keys = _seen.get(day)
    if keys is None or len(keys) >= MAX_REMEMBERED:
        keys = set()
        _seen.clear()
        _seen[day] = keys
    keys.add(key)
