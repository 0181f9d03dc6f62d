"""An index in PostgreSQL: a side table of tsvectors with a GIN index.

The vectors are made of our own pieces and never go through a text search parser, whose idea of
a letter hangs on the database's locale. `fastupdate` is off: its pending list would slow down every
search and now and then make one writer wait for a quarter of a second.

Searches ask the newest era (of 32,768 ids) first, then so many more as should suffice by what
was found, and the whole table only for rare words. Left alone, the planner walks the primary key
backwards or reads the whole table, as it takes the vectors to cost nothing: seconds among a million,
not milliseconds.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, connections, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from boards.search.documents import Document, Question
from boards.search.patience import PATIENCE, TooSlow
from boardsite import replica

ERA = "ㄱ"
ERA_BITS = 15
FIRST_ERAS = 1
MOST_ERAS = 16  # named in one question: each costs a list to read
QUERY_CANCELED = "57014"  # an SQLSTATE


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


def begin_anew(table: str) -> int:
    """Searches go on finding what they find, until each row is renewed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(rowid) FROM {table}")
        return cursor.fetchone()[0] or 0


def renew(table: str, documents: list[Document], held: set[int]) -> int:
    """Rows that are right already are not written again."""
    strays = held - {document.id for document in documents}
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE rowid = ANY(%s)", [sorted(strays)])
    return len(strays) + _write(
        f"INSERT INTO {table} AS old (pieces, rowid) VALUES (array_to_tsvector(%s), %s)"
        " ON CONFLICT (rowid) DO UPDATE SET pieces = excluded.pieces"
        " WHERE old.pieces <> excluded.pieces",
        documents,
    )


def newest(table: str, question: Question, limit: int, offset: int = 0) -> list[int]:
    """Raises TooSlow."""
    wanted = offset + limit
    with asking() as cursor:
        cursor.execute(f"SELECT max(rowid) FROM {table}")
        last = (cursor.fetchone()[0] or 0) >> ERA_BITS
        eras = FIRST_ERAS
        while True:
            narrowing = [_newest_eras(last, eras)] if eras <= last else []
            cursor.execute(
                "WITH found AS MATERIALIZED"
                f" (SELECT rowid FROM {table} WHERE pieces @@ %s::tsquery)"
                " SELECT rowid FROM found ORDER BY rowid DESC LIMIT %s",
                [_expression(question, narrowing), wanted],
            )
            ids = [pk for (pk,) in cursor.fetchall()]
            if len(ids) == wanted or not narrowing:
                return ids[offset:]
            eras = max(4 * eras, 2 * eras * wanted // (len(ids) + 1))
            if eras > MOST_ERAS:
                eras = last + 1


def _write(statement: str, documents: Iterable[Document]) -> int:
    rows = [([*document.pieces, era_of(document.id)], document.id) for document in documents]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        return cursor.rowcount


@contextmanager
def asking() -> Iterator:
    """A cursor in a transaction in which the planner uses the index, and each statement ends after
    PATIENCE seconds. Raises TooSlow."""
    database = replica.database_to_read()
    is_within = connections[database].in_atomic_block
    try:
        with transaction.atomic(using=database), connections[database].cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL jit = off;"
                f" SET LOCAL statement_timeout = {PATIENCE * 1000:.0f}"
            )
            yield cursor
            if is_within:  # the caller's transaction goes on as it was
                cursor.execute(
                    "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT;"
                    " SET LOCAL statement_timeout TO DEFAULT"
                )
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == QUERY_CANCELED:
            raise TooSlow from error
        raise


def era_of(rowid: int) -> str:
    """The piece that stands in a row's vector besides those of its document."""
    return f"{ERA}{rowid >> ERA_BITS}"


def _newest_eras(last: int, count: int) -> list[str]:
    """A clause: one of the newest `count` eras."""
    return [f"{ERA}{era}" for era in range(last, last - count, -1)]


def _expression(question: Question, narrowing: list[list[str]]) -> str:
    """A tsquery. Pieces hold letters and digits only, so quotes around them suffice."""
    clauses = [_any(pieces) for pieces in question.clauses + narrowing]
    if question.excluded:
        clauses.append("!" + _any(question.excluded))
    return " & ".join(clauses)


def _any(pieces: list[str]) -> str:
    return "(" + " | ".join(f"'{piece}'" for piece in pieces) + ")"
