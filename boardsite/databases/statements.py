"""Rows written by plain SQL, for actions that people do all the time.

Django makes the SQL of each save and update again, which takes far longer than the database does. These
write the same rows. They call no signals, and the caller keeps them in a transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model


def insert(row: Model) -> None:
    """As row.save(force_insert=True); every field must hold a value, no expression."""
    connection = _connection(type(row))
    fields = [field for field in type(row)._meta.concrete_fields if not field.generated]
    if row.pk is None:
        fields = [field for field in fields if not field.primary_key]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields if field.column)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({marks})"
            f" RETURNING {row._meta.pk.column}",
            values,
        )
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def insert_many(rows: Iterable[Model]) -> None:
    """As insert, of many rows of one model whose keys are set; for imports."""
    rows = list(rows)
    if not rows:
        return
    model = type(rows[0])
    connection = _connection(model)
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    values_of = [_reader(field, connection) for field in fields]
    columns = [field.column for field in fields]
    insert_values(model, columns, ([value_of(row) for value_of in values_of] for row in rows))


PLAIN = (
    *(models.BigAutoField, models.IntegerField, models.BigIntegerField, models.BooleanField),
    *(models.PositiveIntegerField, models.PositiveSmallIntegerField, models.SmallIntegerField),
    *(models.ForeignKey, models.OneToOneField),
)
"""Fields whose numbers the database takes as they are."""


def _reader(field: Field, connection: BaseDatabaseWrapper) -> Callable[[Model], Any]:
    """What the database takes of a row for this field. Django's preparation of all fields takes longer than the
    database does."""
    if type(field) in PLAIN:
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)


def insert_values(
    model: type[Model],
    columns: Sequence[str | None],
    rows: Iterable[Sequence[Any]],
    *,
    ignores_conflicts: bool = False,
) -> None:
    """Inserts rows of values as the database takes them, in the order of `columns`. With
    `ignores_conflicts`, those that a unique constraint refuses are left out."""
    connection = _connection(model)
    listed = ", ".join(connection.ops.quote_name(column) for column in columns if column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not ignores_conflicts:
            with cursor.copy(f"COPY {model._meta.db_table} ({listed}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = f"({', '.join(['%s'] * len(columns))})"
            end = " ON CONFLICT DO NOTHING" if ignores_conflicts else ""
            statement = f"INSERT INTO {model._meta.db_table} ({listed}) VALUES "
            rows = list(rows)
            if connection.vendor == "postgresql" and rows:  # which would parse it for each row
                values = [value for row in rows for value in row]
                cursor.execute(statement + ", ".join([marks] * len(rows)) + end, values)
            else:
                cursor.executemany(statement + marks + end, rows)


def update(
    model: type[Model],
    where: Mapping[str, Any],
    *,
    to: Mapping[str, Any] | None = None,
    by: Mapping[str, int] | None = None,
    returning: str = "",
) -> int:
    """Sets columns of the rows whose columns hold what `where` says, and adds to others `by` how much;
    how many rows they were, or, with `returning`, what the one row then holds in that column.
    Columns are named as Django does ("member_id"); None finds NULL."""
    connection = _connection(model)
    sets: list[str] = []
    tests: list[str] = []
    values: list[Any] = []

    def add(parts: list[str], form: str, name: str, value: Any) -> None:
        parts.append(form.format(connection.ops.quote_name(name)))
        values.append(field_of(model, name).get_db_prep_save(value, connection))

    for name, value in (to or {}).items():
        add(sets, "{0} = %s", name, value)
    for name, value in (by or {}).items():
        add(sets, "{0} = {0} + %s", name, value)
    for name, value in where.items():
        if value is None:
            tests.append(f"{connection.ops.quote_name(name)} IS NULL")
        else:
            add(tests, "{0} = %s", name, value)
    statement = f"UPDATE {model._meta.db_table} SET {', '.join(sets)} WHERE {' AND '.join(tests)}"
    if returning:
        statement += f" RETURNING {connection.ops.quote_name(returning)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if returning else cursor.rowcount


def field_of(model: type[Model], name: str) -> Field:
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{name} is no column of {model}")
    return field


def next_id(model: type[Model]) -> int:
    """As next_ids, of one row."""
    return next_ids(model, 1)[0]


def next_ids(model: type[Model], count: int) -> list[int]:
    """The ids of the rows that are inserted next, where other rows must name them before; rising.

    SQLite has but one writer, who must have begun; on PostgreSQL nobody else gets the ids any more.
    """
    connection, sql = _connection(model), next_id_sql(model)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"SELECT {sql}")
            first = cursor.fetchone()[0]
            return list(range(first, first + count))
        cursor.execute(f"SELECT {sql} FROM generate_series(1, %s)", [count])
        return sorted(each for (each,) in cursor.fetchall())


def next_id_sql(model: type[Model]) -> str:
    """As next_id, as an expression for a statement that inserts another row."""
    table, pk = model._meta.db_table, model._meta.pk.column
    if _connection(model).vendor == "sqlite":
        return f"(SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = '{table}')"
    return f"nextval(pg_get_serial_sequence('{table}', '{pk}'))"


def _connection(model: type[Model]) -> BaseDatabaseWrapper:
    return connections[router.db_for_write(model)]
