"""Inserts rows directly into tables, as fast as each database allows."""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connection, models

from boards.search.postgres import era_of


class Table:
    """A model's table. Other columns get the defaults of the model."""

    def __init__(self, model: type[models.Model], *columns: str):
        """`columns` are the field names of each row; the primary key comes first."""
        fields = [
            field
            for field in model._meta.concrete_fields
            if field.name not in columns and not _is_left_to_database(field)
        ]
        given = [model._meta.get_field(name) for name in columns]
        self.name = model._meta.db_table
        self.columns = [field.column for field in given + fields]
        self._rest = tuple(
            field.get_db_prep_save(field.get_default(), connection) for field in fields
        )

    def write(self, rows: Iterable[Sequence]) -> None:
        _write(self.name, self.columns, ((*row, *self._rest) for row in rows))


def write_documents(table: str, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Inserts ids and tokens of new documents into a search index."""
    if connection.vendor == "postgresql":
        # The text form of a tsvector; tokens contain letters and digits only.
        vectors = (
            (pk, " ".join(f"'{piece}'" for piece in (*pieces, era_of(pk)))) for pk, pieces in rows
        )
        _write(table, ["rowid", "pieces"], vectors)
    else:
        _write(table, ["rowid", "pieces"], ((pk, " ".join(pieces)) for pk, pieces in rows))


@contextmanager
def in_bulk(*indexes: str):
    """Speeds up bulk inserts. On PostgreSQL the search `indexes` are built at the end."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in indexes:
                cursor.execute(f"DROP INDEX {table}_pieces")
            yield
            for table in indexes:
                cursor.execute(
                    f"CREATE INDEX {table}_pieces ON {table} USING gin (pieces)"
                    " WITH (fastupdate = off)"
                )
        else:
            cursor.execute("PRAGMA synchronous = OFF")
            yield
            cursor.execute("PRAGMA synchronous = NORMAL")


def settle(*tables: str) -> None:
    """Updates statistics, and the sequences of primary keys."""
    with connection.cursor() as cursor:
        for model in connection.introspection.installed_models(tables):
            for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(sql)
        cursor.execute("ANALYZE")


def _is_left_to_database(field: models.Field) -> bool:
    return field.generated or (not field.has_default() and field.has_db_default())


def _write(table: str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            # The driver's own cursor, because Django's would rewrite the statement for every row.
            marks = ", ".join("?" * len(columns))
            connection.connection.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})", rows
            )
