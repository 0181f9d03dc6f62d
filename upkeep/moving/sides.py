"""The two databases of a move: what is read from the one and written to the other.

Both sides speak rows of PostgreSQL's text (values.py). They never hold more than some rows."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from upkeep.moving.values import TYPES, Row, Type, converted

BATCH = 2000  # rows of one INSERT into SQLite
UNFINISHED = "upkeep_unfinished_move"
SEARCH = ("boards_post_search", "boards_comment_search")
Columns = Mapping[str, Sequence[str]]  # by table, in alphabetical order
Types = Mapping[tuple[str, str], str]


class Postgres:
    """`connection` commits each statement, except where a transaction is begun."""

    def __init__(self, connection: psycopg.Connection):
        self.connection = connection
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET DateStyle = 'ISO'")
        connection.execute("SET extra_float_digits = 1")

    def tables(self) -> set[str]:
        found = self.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        )
        return {name for (name,) in found}

    def types(self) -> Types:
        """The type of each stored column, without those that PostgreSQL computes itself."""
        found = self.connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND is_generated = 'NEVER'"
        )
        return {(table, column): kind for table, column, kind in found}

    def lock(self) -> None:
        """Nobody else may write until the connection is closed; reading goes on."""
        self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        for table in sorted(self.tables()):
            self.connection.execute(
                sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(table))
            )

    def read(self, table: str, columns: Sequence[str], types: Sequence[Type]) -> Iterator[Row]:
        query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
            _listed(columns), sql.Identifier(table)
        )
        with self.connection.cursor() as cursor, cursor.copy(query) as copy:
            yield from copy.rows()

    def write(
        self, table: str, columns: Sequence[str], types: Sequence[Type], rows: Iterable[Row]
    ) -> None:
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _listed(columns))
        with self.connection.cursor() as cursor, cursor.copy(query) as copy:
            for row in rows:
                copy.write_row(row)

    def empty(self) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, sorted(self.tables() - {UNFINISHED})))
        self.connection.execute(sql.SQL("TRUNCATE {}").format(names))

    def drop_all(self) -> None:
        """Everything that an unfinished move has made."""
        for table in self.tables():
            self.connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
        found = self.connection.execute(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'moves_version%'"
        ).fetchall()
        for (name,) in found:
            self.connection.execute(f"DROP FUNCTION {name} CASCADE")

    def take_apart(self) -> list[str]:
        """Drops foreign keys, triggers and indexes, and returns the statements that make keys and
        indexes again: it is faster to make them when all rows are there."""
        again = []
        for table, name, made in self.connection.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f'"
            " AND connamespace = current_schema()::regnamespace"
        ).fetchall():
            self.connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}")
        for name, made in self.connection.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i"
            " JOIN pg_class c ON c.oid = indexrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)"
        ).fetchall():
            self.connection.execute(f"DROP INDEX {name}")
            again.insert(0, made)  # before the foreign keys, which use them
        for table, name in self.connection.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger"
            " JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
        ).fetchall():
            self.connection.execute(f"DROP TRIGGER {name} ON {table}")
        return again

    def put_together(self, again: Sequence[str]) -> None:
        """Raises psycopg.IntegrityError where a row refers to one that does not exist."""
        self.connection.execute("SET maintenance_work_mem = '128MB'")
        for statement in again:
            self.connection.execute(statement)
        self.connection.execute("ANALYZE")

    def numbers(self) -> dict[str, int]:
        """The last id that each table has given out."""
        last = {}
        for table, sequence in self._sequences():
            found = self.connection.execute(
                f"SELECT last_value FROM {sequence} WHERE is_called"
            ).fetchone()
            if found:
                last[table] = found[0]
        return last

    def set_numbers(self, last: Mapping[str, int]) -> None:
        for table, sequence in self._sequences():
            if table in last:
                self.connection.execute("SELECT setval(%s, %s)", [sequence, last[table]])

    def _sequences(self) -> list[tuple[str, str]]:
        return self.connection.execute(
            "SELECT table_name, pg_get_serial_sequence(quote_ident(table_name), column_name)"
            " FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND is_identity = 'YES' ORDER BY 1"
        ).fetchall()


class Sqlite:
    """The file at `path`, with a connection of its own that converts nothing."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=60)

    def tables(self) -> set[str]:
        """Without those of SQLite itself, of Litestream, and those inside of a search index."""
        found = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name
            for (name,) in found
            if not name.startswith(("sqlite_", "_litestream_", *(f"{index}_" for index in SEARCH)))
        }

    def lock(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def read(self, table: str, columns: Sequence[str], types: Sequence[Type]) -> Iterator[Row]:
        rows = self.connection.execute(f'SELECT {_quoted(columns)} FROM "{table}"')
        yield from converted(rows, [each.from_sqlite for each in types])

    def find_row(self, table: str, columns: Sequence[str], number: int) -> dict[str, Any]:
        """The row that `read` gives as that number, counted from 1; {} if there is none. Bytes of texts
        that are no UTF-8 become surrogates."""
        usual = self.connection.text_factory
        self.connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
        try:
            # The same columns: another query might read them in the order of an index.
            row = self.connection.execute(
                f'SELECT {_quoted(columns)} FROM "{table}" LIMIT 1 OFFSET ?', [number - 1]
            ).fetchone()
        finally:
            self.connection.text_factory = usual
        return dict(zip(columns, row or (), strict=False))

    def keys(self, table: str) -> list[str]:
        """The columns of the primary key."""
        found = self.connection.execute(f'PRAGMA table_info("{table}")')
        return [name for _number, name, _type, _not_null, _default, key in found if key]

    def write(
        self, table: str, columns: Sequence[str], types: Sequence[Type], rows: Iterable[Row]
    ) -> None:
        marks = ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{table}" ({_quoted(columns)}) VALUES ({marks})'
        prepared = iter(converted(rows, [each.to_sqlite for each in types]))
        while batch := list(islice(prepared, BATCH)):
            self.connection.execute("BEGIN")
            self.connection.executemany(statement, batch)
            self.connection.execute("COMMIT")

    def empty(self) -> None:
        for table in self.tables() - {*SEARCH}:
            self.connection.execute(f'DELETE FROM "{table}"')

    def take_apart(self) -> list[str]:
        self.connection.execute("PRAGMA foreign_keys = OFF")
        self.connection.execute("PRAGMA synchronous = OFF")  # the file is of no use before its end
        made = self.connection.execute(
            "SELECT type, name, sql FROM sqlite_master"
            " WHERE type = 'trigger' OR (type = 'index' AND sql IS NOT NULL)"
        ).fetchall()
        for kind, name, _statement in made:
            self.connection.execute(f'DROP {kind} "{name}"')
        return [statement for kind, _name, statement in made if kind == "index"]

    def put_together(self, again: Sequence[str]) -> None:
        """Raises sqlite3.IntegrityError where a row refers to one that does not exist."""
        for statement in again:
            self.connection.execute(statement)
        if wrong := self.connection.execute("PRAGMA foreign_key_check").fetchmany(5):
            raise sqlite3.IntegrityError(f"rows refer to missing ones: {wrong}")
        self.connection.execute("ANALYZE")

    def numbers(self) -> dict[str, int]:
        found = self.connection.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0")
        return dict(found.fetchall())

    def set_numbers(self, last: Mapping[str, int]) -> None:
        self.connection.execute("DELETE FROM sqlite_sequence")
        self.connection.executemany(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", list(last.items())
        )


Side = Postgres | Sqlite


def types_of(types: Types, table: str) -> dict[str, Type]:
    """The columns of `table` with their types, in alphabetical order. Raises KeyError for a type
    that is in no table of this site."""
    return {column: TYPES[kind] for (of, column), kind in sorted(types.items()) if of == table}


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
