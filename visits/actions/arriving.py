"""Rows of new visitors, each counted in its day."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.db import connections, transaction

from visits.arrivals import Arrival
from visits.models import DayCount, DayVisitor

AT_ONCE = 500


def add_arrivals(database: str, arrivals: Mapping[tuple[date, int], Arrival]) -> None:
    """Counts visitors who could not be counted when they came. Idempotent, AT_ONCE to a transaction.

    A transaction that has locked the count of a day inserts no further visitor, so there is no deadlock."""
    ordered = sorted(arrivals)
    for start in range(0, len(ordered), AT_ONCE):
        batch = ordered[start : start + AT_ONCE]
        with transaction.atomic(using=database):
            new = Counter(
                day for day, key in batch if _insert_visitor(database, day, key, arrivals[day, key])
            )
            for day, visitors in sorted(new.items()):
                _add_to_day(database, day, visitors)


def add_arrival(database: str, day: date, key: int, arrival: Arrival) -> bool:
    """Counts the visitor in `day` unless they have a row already. Returns whether they are new."""
    is_new = _insert_visitor(database, day, key, arrival)
    if is_new:
        _add_to_day(database, day, 1)
    return is_new


def _insert_visitor(database: str, day: date, key: int, arrival: Arrival) -> bool:
    """Whether there was no row yet. In SQL, because bulk_create(ignore_conflicts) does not return
    that."""
    row = DayVisitor(day=day, key=key, first_at=arrival.at, last_at=arrival.at, **arrival.fields())
    connection = connections[database]
    fields = [each for each in DayVisitor._meta.concrete_fields if not each.primary_key]
    columns = ", ".join(connection.ops.quote_name(each.column) for each in fields if each.column)
    table = connection.ops.quote_name(DayVisitor._meta.db_table)
    values = [each.get_db_prep_save(each.value_from_object(row), connection) for each in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"
            " ON CONFLICT DO NOTHING",
            values,
        )
        return cursor.rowcount == 1


def _add_to_day(database: str, day: date, visitors: int) -> None:
    connection = connections[database]
    table = connection.ops.quote_name(DayCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ("day", "visitors") VALUES (%s, %s) ON CONFLICT ("day")'
            f' DO UPDATE SET "visitors" = {table}."visitors" + excluded."visitors"',
            [connection.ops.adapt_datefield_value(day), visitors],
        )
