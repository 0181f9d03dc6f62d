"""Tables of satellites that are switched off or removed. Their foreign keys are still in force,
but Django, which knows no models for them, would not follow them when a row is deleted."""

from typing import NamedTuple

from django.db import connection
from django.db.models import Model

from boardsite.caching.ttl_cache import TTLCache


class _Reference(NamedTuple):
    """A column of an unused table that refers to a table's key. `key`: of the unused table."""

    table: str
    column: str
    key: str
    is_nullable: bool


def forget_references(model: type[Model], pk: int) -> None:
    """Clears the columns of unused tables that refer to the row `pk` of `model`, and deletes the
    rows where the column may not be empty, with what refers to those."""
    _forget(model._meta.db_table, [pk])


def _forget(table: str, pks: list[int]) -> None:
    for each in _references().get(table, ()):
        marks = ", ".join(["%s"] * len(pks))
        where = f'WHERE "{each.column}" IN ({marks})'
        with connection.cursor() as cursor:
            if each.is_nullable:
                cursor.execute(f'UPDATE "{each.table}" SET "{each.column}" = NULL {where}', pks)
                continue
            cursor.execute(f'SELECT "{each.key}" FROM "{each.table}" {where}', pks)
            below = [row[0] for row in cursor.fetchall()]
        if below:
            _forget(each.table, below)
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{each.table}" {where}', pks)


def _read_references() -> dict[str, list[_Reference]]:
    """By the table that they refer to."""
    found: dict[str, list[_Reference]] = {}
    inspect = connection.introspection
    with connection.cursor() as cursor:
        used = {*inspect.django_table_names(), "django_migrations"}
        for table in sorted({*inspect.table_names(cursor)} - used):
            constraints = inspect.get_constraints(cursor, table).values()
            keys = [each["columns"] or [] for each in constraints if each["primary_key"]]
            foreign = [
                (each["columns"][0], each["foreign_key"][0])
                for each in constraints
                if each["foreign_key"] and each["columns"]
            ]
            if len(keys) != 1 or len(keys[0]) != 1 or not foreign:
                continue
            nullable = {
                each.name: each.null_ok for each in inspect.get_table_description(cursor, table)
            }
            for column, target in foreign:
                found.setdefault(target, []).append(
                    _Reference(table, column, keys[0][0], bool(nullable[column]))
                )
    return found


# Apps do not come and go while a process runs.
_references = TTLCache(_read_references, seconds=3600)
