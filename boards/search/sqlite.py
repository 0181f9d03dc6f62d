"""An index in SQLite: an FTS5 table without content and positions, a quarter of the texts' size.

FTS5 walks its lists backwards, so the newest rows of any word cost 0.1 ms among a million. Deleting
by row number alone (`contentless_delete`) needs SQLite 3.43; here rows leave by FTS5's 'delete'
command, which must be told the very pieces they came with.
Source: https://www.sqlite.org/fts5.html#the_delete_command
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from boards.search.documents import Document, Question
from boards.search.patience import PATIENCE, TooSlow

STEPS = 10_000  # of SQLite's machine between two looks at the clock; well under a millisecond


def create_table(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    # The tokenizer `ascii` splits at blanks only here: pieces are letters, digits and non-ASCII.
    schema_editor.execute(
        f"CREATE VIRTUAL TABLE {table}"
        " USING fts5(pieces, content='', detail=none, tokenize='ascii')"
    )


def insert(table: str, document: Document) -> None:
    """Raises IntegrityError when the document is there: FTS5 itself would silently mix the two."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table}(rowid, pieces) SELECT %s, %s"
            f" WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE rowid = %s)",
            [document.id, " ".join(document.pieces), document.id],
        )
        if not cursor.rowcount:
            raise IntegrityError(f"{table} already holds {document.id}")


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


def begin_anew(table: str) -> int:
    """Emptied: rows made by another tokenizer cannot be taken out one by one (see above)."""
    clear(table)
    return 0


def renew(table: str, documents: list[Document], held: set[int]) -> int:
    """What is there has been written since the table was emptied, and is right."""
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
    """A MATCH expression. Pieces hold letters and digits only, so quotes around them suffice."""
    found = " AND ".join(map(_any, question.clauses))
    return f"({found}) NOT {_any(question.excluded)}" if question.excluded else found


def _any(pieces: list[str]) -> str:
    return "(" + " OR ".join(f'"{piece}"' for piece in pieces) + ")"
