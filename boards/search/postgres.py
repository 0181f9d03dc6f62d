"""An index in PostgreSQL: a side table of tsvectors with a GIN index.

The vectors are made of our own pieces and never go through a text search parser, whose idea of
a letter hangs on the database's locale. `fastupdate` is off: its pending list would slow down every
search and now and then make one writer wait for a quarter of a second.

Searches ask the newest two eras (of 32,768 ids) first and the whole table only when these do not
suffice, hence for rare words. Left alone, the planner walks the primary key backwards or reads the
whole table, as it takes the vectors to cost nothing: seconds among a million, not milliseconds.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from boards.search.documents import Document

ERA = "ㄱ"
ERA_BITS = 15


def create_table(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    schema_editor.execute(
        f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, pieces tsvector NOT NULL)"
    )
    schema_editor.execute(
        f"CREATE INDEX {table}_pieces ON {table} USING gin (pieces) WITH (fastupdate = off)"
    )


def insert(table: str, document: Document) -> None:
    """Raises IntegrityError when the document is there."""
    _write(f"INSERT INTO {table} (pieces, rowid) VALUES (array_to_tsvector(%s), %s)", [document])


def insert_missing(table: str, documents: Iterable[Document]) -> int:
    """Put in those that are not there yet; how many they were."""
    return _write(
        f"INSERT INTO {table} (pieces, rowid) VALUES (array_to_tsvector(%s), %s)"
        " ON CONFLICT DO NOTHING",
        documents,
    )


def delete(table: str, document: Document) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [document.id])


def replace(table: str, old: Document, new: Document) -> None:
    _write(
        f"INSERT INTO {table} (pieces, rowid) VALUES (array_to_tsvector(%s), %s)"
        " ON CONFLICT (rowid) DO UPDATE SET pieces = excluded.pieces",
        [new],
    )


def clear(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


def newest(table: str, clauses: list[list[str]], limit: int, offset: int) -> list[int]:
    with _index_scans() as cursor:
        for narrowing in _narrowings(cursor, table):
            cursor.execute(
                "WITH found AS MATERIALIZED"
                f" (SELECT rowid FROM {table} WHERE pieces @@ %s::tsquery)"
                " SELECT rowid FROM found ORDER BY rowid DESC LIMIT %s OFFSET %s",
                [_expression(clauses + narrowing), limit, offset],
            )
            ids = [row[0] for row in cursor]
            if len(ids) == limit:
                break
        return ids


def count(table: str, clauses: list[list[str]], limit: int) -> int:
    with _index_scans() as cursor:
        for narrowing in _narrowings(cursor, table):
            cursor.execute(
                "SELECT count(*) FROM"
                f" (SELECT 1 FROM {table} WHERE pieces @@ %s::tsquery LIMIT %s) AS found",
                [_expression(clauses + narrowing), limit],
            )
            (counted,) = cursor.fetchone()
            if counted == limit:
                break
        return counted


def _write(statement: str, documents: Iterable[Document]) -> int:
    rows = [
        ([*document.pieces, f"{ERA}{document.id >> ERA_BITS}"], document.id)
        for document in documents
    ]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        return cursor.rowcount


@contextmanager
def _index_scans() -> Iterator:
    """A cursor in a transaction in which the planner uses the index."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        yield cursor
        # The caller's transaction, if there is one, goes on as it was.
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT")


def _narrowings(cursor, table: str) -> list[list[list[str]]]:
    """Clauses to add, one after the other: the newest two eras, then none."""
    cursor.execute(f"SELECT max(rowid) FROM {table}")
    era = (cursor.fetchone()[0] or 0) >> ERA_BITS
    everything: list[list[str]] = []
    return [[[f"{ERA}{era}", f"{ERA}{era - 1}"]], everything] if era > 1 else [everything]


def _expression(clauses: list[list[str]]) -> str:
    """A tsquery. Pieces hold letters and digits only, so quotes around them suffice."""
    return " & ".join(
        "(" + " | ".join(f"'{piece}'" for piece in pieces) + ")" for pieces in clauses
    )
