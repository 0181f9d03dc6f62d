"""Whether the database itself is undamaged, as its own tools see it."""

from collections.abc import Callable, Iterator
from importlib import import_module

from django.apps import apps
from django.db import DatabaseError, connection, transaction

SHOWN = 20  # messages of SQLite


def find_damage() -> Iterator[str]:
    """Messages of the database about damaged pages, indexes and references. They are English and
    technical. Reads the whole database, without blocking writers."""
    if connection.vendor == "sqlite":
        yield from _of_sqlite()
    else:
        yield from _of_postgresql()


def find_wrong_counts() -> Iterator[str]:
    """The drifts of every installed app that stores counts, without repairing them."""
    recounts: list[Callable] = []
    for app in ("boards", "visits"):
        if apps.is_installed(app):
            recounts.append(import_module(f"{app}.repair").recount)
    for recount in recounts:
        yield from (str(drift) for drift in recount(repairs=False))


def _of_sqlite() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA integrity_check({SHOWN})")
        messages = [message for (message,) in cursor.fetchall()]
        yield from (message for message in messages if message != "ok")
        cursor.execute("PRAGMA foreign_key_check")
        for table, rowid, target, _number in cursor.fetchmany(SHOWN):
            yield f"{table} {rowid}: {target}"


def _of_postgresql() -> Iterator[str]:
    """With the extension amcheck each B-tree is checked; without it nothing is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'")
        if cursor.fetchone() is None:
            return
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
            " JOIN pg_index i ON i.indexrelid = c.oid WHERE a.amname = 'btree' AND i.indisvalid"
            " AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
        )
        for (index,) in cursor.fetchall():
            try:
                with transaction.atomic():
                    cursor.execute("SELECT bt_index_check(%s::regclass)", [index])
            except DatabaseError as error:
                yield f"{index}: {error}".strip()
