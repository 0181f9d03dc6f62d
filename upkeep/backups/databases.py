"""A consistent copy of the database while others write."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from upkeep.backups import pg_programs

REPLACED = "replaced_"
"""Schemas of PostgreSQL that a restore has moved aside begin with this; no backup holds them."""


def database_size() -> int:
    """In bytes."""
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        files = (Path(f"{name}{ending}") for ending in ("", "-wal"))
        return sum(path.stat().st_size for path in files if path.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


@contextlib.contextmanager
def copying(target: Path) -> Iterator[dict[str, int]]:
    """Copies the database as it is at the start of the block into `target`, which is complete at
    the block's end. Gives the rows of each table; writers do not wait."""
    if connection.vendor == "sqlite":
        yield _copy_sqlite(target)
    else:
        with _dump_postgresql(target) as rows:
            yield rows


def _copy_sqlite(target: Path) -> dict[str, int]:
    """In one step: one of several would begin again after each commit of another process. In WAL
    mode a reader of any length blocks no writer."""
    with (
        contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        copy.execute("PRAGMA synchronous=OFF")  # it is made durable with the other files
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file
        return count_rows_of_file(copy)


def count_rows_of_file(database: sqlite3.Connection) -> dict[str, int]:
    """The rows of each table, without those that SQLite and its search index keep for themselves."""
    found = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    virtual = {name for name, sql in found.items() if sql.upper().startswith("CREATE VIRTUAL")}
    own = ("sqlite_", *(f"{name}_" for name in virtual))
    return {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for name in found
        if name not in virtual and not name.startswith(own)
    }


@contextlib.contextmanager
def _dump_postgresql(target: Path) -> Iterator[dict[str, int]]:
    """The rows are counted in the snapshot that is dumped."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            dump = pg_programs.start(
                "pg_dump",
                connection.settings_dict,
                *("--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s"),
                *(f"--exclude-schema={REPLACED}*", f"--snapshot={snapshot}", f"--file={target}"),
            )
            try:
                yield count_rows(cursor)
                pg_programs.finish(dump)
            finally:
                dump.kill()
                dump.wait()
    finally:
        own.close()


def rows_here() -> dict[str, int]:
    """The rows of each table of the site."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return count_rows_of_file(connection.connection)
        return count_rows(cursor)


def count_rows(cursor) -> dict[str, int]:
    """The rows of each table in PostgreSQL's current schema."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    rows = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{name}"')
        rows[name] = cursor.fetchone()[0]
    return rows
