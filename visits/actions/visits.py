"""Counting each visitor once a day."""

from datetime import date

from django.db import connections, router, transaction

from visits import tallies
from visits.arrivals import Arrival
from visits.models import DayCount, DayVisitor


def record_visit(*, key: int, day: date, arrival: Arrival) -> bool:
    """Count this visitor on `day`, once; returns whether he is new. Exact among processes."""
    if tallies.is_known(day, key):
        return False
    database = router.db_for_write(DayVisitor)
    with transaction.atomic(using=database):
        is_new = _insert_visitor(database, day, key, arrival)
        if is_new:
            _add_to_day(database, day)
        # After a rollback he has not been counted, so he must not be remembered.
        transaction.on_commit(lambda: tallies.remember(day, key), using=database)
    return is_new


def _insert_visitor(database: str, day: date, key: int, arrival: Arrival) -> bool:
    """Whether there was no row yet. In SQL: bulk_create(ignore_conflicts) does not tell."""
    row = DayVisitor(day=day, key=key, first_at=arrival.at, last_at=arrival.at, **arrival.fields())
    connection = connections[database]
    fields = [each for each in DayVisitor._meta.concrete_fields if not each.primary_key]
    columns = ", ".join(connection.ops.quote_name(each.column) for each in fields)
    table = connection.ops.quote_name(DayVisitor._meta.db_table)
    values = [each.get_db_prep_save(each.value_from_object(row), connection) for each in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"
            " ON CONFLICT DO NOTHING",
            values,
        )
        return cursor.rowcount == 1


def _add_to_day(database: str, day: date) -> None:
    """One person more on `day`."""
    connection = connections[database]
    table = connection.ops.quote_name(DayCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ("day", "visitors") VALUES (%s, 1) ON CONFLICT ("day")'
            f' DO UPDATE SET "visitors" = {table}."visitors" + 1',
            [connection.ops.adapt_datefield_value(day)],
        )
