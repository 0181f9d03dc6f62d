"""An index in PostgreSQL: a table of tsvectors with a GIN index.

The vectors consist of our own pieces and never pass a text search parser, whose notion of a letter
depends on the database's locale. `fastupdate` is off: its pending list would slow down every
search, and flushing it delays a writer by a quarter of a second now and then.

Searches start with the newest era (32,768 ids) and then read as many more as the number of matches
suggests. They read the whole table only for rare words. Without eras, the planner underestimates
the cost of the vectors and walks the primary key backwards or reads the whole table: seconds for a
million rows instead of milliseconds.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, connections, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from boards.search.documents import MASKED, Document, Question
from boards.search.patience import PATIENCE, TooSlow
from boardsite.databases import replica

ERA = "ㄱ"
ERA_BITS = 15
FIRST_ERAS = 1
MOST_ERAS = 16  # per query; each costs a list to read
QUERY_CANCELED = "57014"  # an SQLSTATE


def create_table(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    schema_editor.execute(
        f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, pieces tsvector NOT NULL)"
    )
    schema_editor.execute(
        f"CREATE INDEX {table}_pieces ON {table} USING gin (pieces) WITH (fastupdate = off)"
    )


def insert(table: str, document: Document) -> None:
    """Raises IntegrityError if the document exists."""
    _write(f"INSERT INTO {table} (pieces, rowid) VALUES (array_to_tsvector(%s), %s)", [document])


def insert_many(table: str, documents: list[Document]) -> None:
    """By COPY, which takes a tsvector as text. Pieces consist of letters and digits, so quotes around them
    suffice."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} (pieces, rowid) FROM STDIN") as copy,
    ):
        for document in documents:
            pieces = "' '".join([*document.pieces, era_of(document.id)])
            copy.write_row((f"'{pieces}'", document.id))


PENDING = 262_144  # KiB of new rows that may wait for being sorted
PAUSE = 1.0  # seconds


@contextmanager
def writing_much(tables: list[str]) -> Iterator[None]:
    """New rows wait in a list, and a second connection sorts them into the index meanwhile: on another processor,
    and many at once.

    A crash of the server may lose the last transactions, which then are imported again: they are lost in their
    order, none by half, and the settings of the index at the end are committed only when all are on disk."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        for table in tables:
            cursor.execute(
                f"ALTER INDEX {table}_pieces SET (fastupdate = on, gin_pending_list_limit = {PENDING})"
            )
    is_over = threading.Event()
    sorting = threading.Thread(target=_sort_pending, args=(tables, is_over), daemon=True)
    if not connection.in_atomic_block:  # which would lock the indexes until its end
        sorting.start()
    try:
        yield
    finally:
        is_over.set()
        if sorting.is_alive():
            sorting.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
            for table in tables:
                cursor.execute(f"ALTER INDEX {table}_pieces SET (fastupdate = off)")
                cursor.execute(f"ALTER INDEX {table}_pieces RESET (gin_pending_list_limit)")
                cursor.execute(CLEAN, [f"{table}_pieces"])


CLEAN = "SELECT gin_clean_pending_list(%s::regclass)"


def _sort_pending(tables: list[str], is_over: threading.Event) -> None:
    """Without it, the transaction that exceeds PENDING sorts the rows."""
    try:
        while not is_over.wait(PAUSE):
            with connection.cursor() as cursor:  # a connection of this thread
                for table in tables:
                    cursor.execute(CLEAN, [f"{table}_pieces"])
    finally:
        connection.close()


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


def begin_rebuild(table: str) -> int:
    """Rows stay searchable until they are renewed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(rowid) FROM {table}")
        return cursor.fetchone()[0] or 0


def renew(table: str, documents: list[Document], held: set[int]) -> int:
    """Writes only the rows that differ."""
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
    """A cursor in a transaction whose planner uses the index and whose statements end after
    PATIENCE seconds.

    Raises TooSlow.
    """
    database = replica.database_to_read()
    is_within = connections[database].in_atomic_block
    try:
        with transaction.atomic(using=database), connections[database].cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL jit = off;"
                f" SET LOCAL statement_timeout = {PATIENCE * 1000:.0f}"
            )
            yield cursor
            if is_within:  # restores the settings of the caller's transaction
                cursor.execute(
                    "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT;"
                    " SET LOCAL statement_timeout TO DEFAULT"
                )
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == QUERY_CANCELED:
            raise TooSlow from error
        raise


def era_of(rowid: int) -> str:
    """The piece that a row's vector contains in addition to those of its document."""
    return f"{ERA}{rowid >> ERA_BITS}"


def _newest_eras(last: int, count: int) -> list[str]:
    """A clause that matches the newest `count` eras."""
    return [f"{ERA}{era}" for era in range(last, last - count, -1)]


def _expression(question: Question, narrowing: list[list[str]]) -> str:
    """A tsquery. Pieces consist of letters and digits, so quotes around them suffice."""
    clauses = [_any(pieces) for pieces in question.clauses + narrowing]
    clauses += ["!" + _all(pieces) for pieces in question.excluded]
    if question.opened_by is not None:
        opened = f" & !{_any(sorted(question.opened_by))}" if question.opened_by else ""
        clauses.append(f"!('{MASKED}'{opened})")
    return " & ".join(clauses)


def _any(pieces: list[str]) -> str:
    return "(" + " | ".join(f"'{piece}'" for piece in pieces) + ")"


def _all(pieces: list[str]) -> str:
    return "(" + " & ".join(f"'{piece}'" for piece in pieces) + ")"
