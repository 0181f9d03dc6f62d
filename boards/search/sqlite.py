"""An index in SQLite: an FTS5 table without content and positions, a quarter of the texts' size.

FTS5 walks its lists backwards, so that the newest rows of any word take 0.1 ms for a million rows.
Deleting by row id alone (`contentless_delete`) needs SQLite 3.43; here rows are removed by FTS5's
'delete' command, which needs the same pieces as the insertion. Source:
https://www.sqlite.org/fts5.html#the_delete_command
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from boards.search.documents import MASKED, Document, Question
from boards.search.patience import PATIENCE, TooSlow

CACHE = 65_536  # KiB of pages while much is written
STEPS = 10_000  # instructions of SQLite's virtual machine between two checks of the time; less than a millisecond


def create_table(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    # The tokenizer `ascii` splits only at spaces here, because pieces are letters, digits and
    # non-ASCII.
    schema_editor.execute(
        f"CREATE VIRTUAL TABLE {table}"
        " USING fts5(pieces, content='', detail=none, tokenize='ascii')"
    )


def insert(table: str, document: Document) -> None:
    """Raises IntegrityError if the document exists; FTS5 itself would silently merge the two."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table}(rowid, pieces) SELECT %s, %s"
            f" WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE rowid = %s)",
            [document.id, " ".join(document.pieces), document.id],
        )
        if not cursor.rowcount:
            raise IntegrityError(f"{table} already holds {document.id}")


def insert_many(table: str, documents: list[Document]) -> None:
    rows = [(document.id, " ".join(document.pieces)) for document in documents]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table}(rowid, pieces) VALUES (%s, %s)", rows)


@contextmanager
def writing_much(tables: list[str]) -> Iterator[None]:
    """FTS5 needs nothing itself. But each transaction of an import changes more pages, of these and all other
    indexes, than the cache of a connection holds: SQLite would write pages several times and read them again."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = -{CACHE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {usual}")


def delete(table: str, document: Document) -> None:
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if _holds(cursor, table, document.id):
            cursor.execute(
                f"INSERT INTO {table}({table}, rowid, pieces) VALUES ('delete', %s, %s)",
                [document.id, " ".join(document.pieces)],
            )


def replace(table: str, old: Document, new: Document) -> None:
    with transaction.atomic(savepoint=False):
        delete(table, old)
        insert(table, new)


def clear(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table}({table}) VALUES ('delete-all')")


def begin_rebuild(table: str) -> int:
    """Empties the table, because rows from another tokenizer cannot be removed one by one (see
    above)."""
    clear(table)
    return 0


def renew(table: str, documents: list[Document], held: set[int]) -> int:
    """Rows that exist were written after the table was emptied, so they are up to date."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        rows = [
            (document.id, " ".join(document.pieces))
            for document in documents
            if document.id not in held and not _holds(cursor, table, document.id)
        ]
        cursor.executemany(f"INSERT INTO {table}(rowid, pieces) VALUES (%s, %s)", rows)
    return len(rows)


def newest(table: str, question: Question, limit: int, offset: int = 0) -> list[int]:
    """Raises TooSlow."""
    with asking() as cursor:
        cursor.execute(
            f"SELECT rowid FROM {table} WHERE {table} MATCH %s"
            " ORDER BY rowid DESC LIMIT %s OFFSET %s",
            [_expression(question), limit, offset],
        )
        return [pk for (pk,) in cursor.fetchall()]


@contextmanager
def asking() -> Iterator:
    """A cursor whose statements end after PATIENCE seconds. Raises TooSlow."""
    until = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        database = connection.connection
        database.set_progress_handler(lambda: time.monotonic() > until, STEPS)
        try:
            yield cursor
        except OperationalError as error:
            if getattr(error.__cause__, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                raise TooSlow from error
            raise
        finally:
            database.set_progress_handler(None, 0)


def _holds(cursor, table: str, pk: int) -> bool:
    cursor.execute(f"SELECT 1 FROM {table} WHERE rowid = %s", [pk])
    return cursor.fetchone() is not None


def _expression(question: Question) -> str:
    """A MATCH expression. Pieces consist of letters and digits, so quotes around them suffice."""
    found = " AND ".join(map(_any, question.clauses))
    hidden = [_all(pieces) for pieces in question.excluded]
    if question.opened_by is not None:
        opened = f" NOT {_any(sorted(question.opened_by))}" if question.opened_by else ""
        hidden.append(f'("{MASKED}"{opened})')
    return f"({found}) NOT ({' OR '.join(hidden)})" if hidden else found


def _any(pieces: list[str]) -> str:
    return "(" + " OR ".join(f'"{piece}"' for piece in pieces) + ")"


def _all(pieces: list[str]) -> str:
    return "(" + " AND ".join(f'"{piece}"' for piece in pieces) + ")"
