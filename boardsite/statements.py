"""Rows written by plain SQL, for deeds that people do all the time.

Django makes the SQL of each save and update anew, which takes far longer than the database does. These
write the same rows. They call no signals, and the caller keeps them in a transaction.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model


def insert(row: Model) -> None:
    """As row.save(force_insert=True); every field must hold a value, no expression."""
    connection = _connection(type(row))
    fields = type(row)._meta.concrete_fields
    if row.pk is None:
        fields = [field for field in fields if not field.primary_key]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({marks})"
            f" RETURNING {row._meta.pk.column}",
            values,
        )
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def update(
    model: type[Model],
    where: Mapping[str, Any],
    *,
    to: Mapping[str, Any] | None = None,
    by: Mapping[str, int] | None = None,
) -> int:
    """Sets columns of the rows whose columns hold what `where` says, and adds to others `by` how much;
    how many rows they were. Columns are named as Django does ("member_id"); None is never equal."""
    connection = _connection(model)
    sets, tests, values = [], [], []

    def add(parts: list[str], form: str, name: str, value: Any) -> None:
        parts.append(form.format(connection.ops.quote_name(name)))
        values.append(model._meta.get_field(name).get_db_prep_save(value, connection))

    for name, value in (to or {}).items():
        add(sets, "{0} = %s", name, value)
    for name, value in (by or {}).items():
        add(sets, "{0} = {0} + %s", name, value)
    for name, value in where.items():
        if isinstance(value, bool):  # as the conditions of indexes say it: SQLite compares letters
            tests.append(("" if value else "NOT ") + connection.ops.quote_name(name))
        else:
            add(tests, "{0} = %s", name, value)
    table, sets, tests = model._meta.db_table, ", ".join(sets), " AND ".join(tests)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {sets} WHERE {tests}", values)
        return cursor.rowcount


def next_id(model: type[Model]) -> int:
    """The id of the row that is inserted next, where other rows must name it before.

    SQLite has but one writer, who must have begun; on PostgreSQL nobody else gets the id any more.
    """
    connection = _connection(model)
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq + 1 FROM sqlite_sequence WHERE name = %s", [table])
            return (cursor.fetchone() or [1])[0]
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [table, pk])
        return cursor.fetchone()[0]


def _connection(model: type[Model]) -> BaseDatabaseWrapper:
    return connections[router.db_for_write(model)]
