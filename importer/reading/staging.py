"""A copy of the old site's tables in one SQLite file, which the import then asks.

A dump can only be read from its beginning to its end, and a server must not be held up for hours. So all
tables are copied once, in one snapshot, and everything else (the order of threads, joins, resuming after
a crash, the comparison at the end) is a query on the copy. It takes as much room as the dump.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from importer.reading.dump import Dump
from importer.reading.schema import may_be_known
from importer.reading.server import Address, read_server
from importer.reading.statements import DumpError, LastId, Refused, Rows, Statement, Table, Value
from importer.reading.unpacking import open_dump

FORMAT = "1"
FETCHED = 1_000  # rows at a time

OURS = re.compile(r"(_|sqlite_)", re.IGNORECASE)  # how names of tables of this file begin


Found = dict[str, str]
"""A row by column. NULL is "", and so is a column that an older version lacks; text that is broken in its
encoding has U+FFFD in it."""


class OldRow(dict[str, str]):
    """One of them; `table` is where it was found."""

    table = ""

    def __missing__(self, column: str) -> str:
        return ""


@dataclass(frozen=True)
class TableInfo:
    """A staged table."""

    name: str
    columns: tuple[str, ...]
    count: int


class Staging:
    """The file. Use as a context manager."""

    def __init__(self, path: Path):
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=OFF")
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS _state (name TEXT PRIMARY KEY, value TEXT)"
        )
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS _refused (stored TEXT, row INTEGER, reason TEXT)"
        )
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS _others (stored TEXT PRIMARY KEY, rows INTEGER)"
        )
        self._columns: dict[str, tuple[str, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    # -- Writing -----------------------------------------------------------------------------------
    def fill(self, statements: Iterable[Statement]) -> None:
        """Copies all tables. An interrupted copy is begun again, because `is_complete` is written last."""
        self.connection.execute("BEGIN")
        for each in statements:
            if OURS.match(each.table):
                continue
            if not may_be_known(each.table):
                self._count(each)
            elif isinstance(each, Table):
                self._create(each.table, each.columns)
                self._note(f"last {each.table.lower()}", str(each.last_id))
            elif isinstance(each, LastId):
                self._note(f"last {each.table.lower()}", str(each.last_id))
            elif isinstance(each, Refused):
                self.refuse(each.table, each.row, each.reason)
            else:
                self._insert(each)
        self._note("format", FORMAT)
        self.connection.execute("COMMIT")

    def _create(self, name: str, columns: Sequence[str]) -> None:
        self.connection.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
        listed = ", ".join(map(quoted, columns))
        self.connection.execute(f"CREATE TABLE {quoted(name)} ({listed})")
        self._columns[name.lower()] = tuple(columns)

    def _insert(self, rows: Rows) -> None:
        if rows.table.lower() not in self._columns:
            self._create(rows.table, rows.columns)
        listed = ", ".join(map(quoted, rows.columns))
        marks = ", ".join("?" * len(rows.columns))
        try:
            self.connection.executemany(
                f"INSERT INTO {quoted(rows.table)} ({listed}) VALUES ({marks})", rows.rows
            )
        except sqlite3.OperationalError as error:
            if "column" not in str(error):  # such as: the disk is full
                raise
            raise DumpError(
                f"'{rows.table}' 표에 없는 칸이 행에 있습니다({error}). 덤프가 깨진 것 같습니다."
            ) from error

    def _count(self, each: Statement) -> None:
        """Rows of plug-ins are only counted."""
        count = len(each.rows) if isinstance(each, Rows) else 0
        self.connection.execute(
            "INSERT INTO _others VALUES (?, ?) ON CONFLICT DO UPDATE SET rows = rows + ?",
            [each.table, count, count],
        )

    def refuse(self, table: str, row: int, reason: str) -> None:
        """Notes a row that cannot be imported."""
        self.connection.execute("INSERT INTO _refused VALUES (?, ?, ?)", [table, row, reason])

    def _note(self, name: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO _state VALUES (?, ?)", [name, value])

    def index(self, table: str, *columns: str) -> None:
        """For queries by these columns; nothing if there is no such table or column."""
        if set(columns) <= set(self.columns(table)):
            name, listed = quoted(f"{table}_{'_'.join(columns)}"), ", ".join(map(quoted, columns))
            self.connection.execute(
                f"CREATE INDEX IF NOT EXISTS {name} ON {quoted(table)} ({listed})"
            )

    # -- Reading -----------------------------------------------------------------------------------
    @property
    def is_complete(self) -> bool:
        found = self.connection.execute("SELECT value FROM _state WHERE name = 'format'").fetchone()
        return found == (FORMAT,)

    def names(self) -> list[str]:
        found = self.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        )
        return [name for (name,) in found if not OURS.match(name)]

    def others(self) -> dict[str, int]:
        """How many rows the tables have that are not gnuboard5's."""
        return dict(self.query("SELECT stored, rows FROM _others ORDER BY stored"))

    def refused(self) -> list[tuple[str, int, str]]:
        """The rows that could not be read: table, number of the row, reason."""
        return self.query("SELECT stored, row, reason FROM _refused ORDER BY rowid LIMIT 10000")

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a table; none if there is no such table."""
        info = self.connection.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
        return tuple(row[1] for row in info)

    def table(self, name: str) -> TableInfo | None:
        """With its number of rows, for which the whole table is read."""
        columns = self.columns(name)
        if not columns:
            return None
        count = self.connection.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0]
        return TableInfo(name, columns, count)

    def last_id(self, table: str) -> int:
        """The highest key that the table has given, also to rows that have been deleted."""
        found = self.query("SELECT value FROM _state WHERE name = ?", [f"last {table.lower()}"])
        return int(found[0][0]) if found else 0

    def rows(
        self, table: str, *, where: str = "1", values: Sequence[object] = (), order: str = "rowid"
    ) -> Iterator[Found]:
        """The rows of a table, with names of columns in lower case; none if it does not exist. `where`
        and `order` are SQL of ours."""
        if not self.columns(table):
            return
        cursor = self.connection.execute(
            f"SELECT * FROM {quoted(table)} WHERE {where} ORDER BY {order}", values
        )
        names = [column[0].lower() for column in cursor.description]
        while found := cursor.fetchmany(FETCHED):
            for values_found in found:
                texts = [each if type(each) is str else text_of(each) for each in values_found]
                row = OldRow(zip(names, texts, strict=True))
                row.table = table
                yield row

    def one(self, table: str, **values: object) -> Found | None:
        where = " AND ".join(f"{quoted(name)} = ?" for name in values) or "1"
        return next(self.rows(table, where=where, values=list(values.values())), None)

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()


Tell = Callable[[int], None]


def stage_dump(
    dump: Path, path: Path, tell: Tell = lambda read: None, *, encoding: str = ""
) -> None:
    """Copies a dump into the file at `path`, replacing what is there. `tell` gets the number of bytes read;
    `encoding` is only needed where it is another than the tables declare. Raises DumpError."""
    path.unlink(missing_ok=True)
    with open_dump(dump) as file, Staging(path) as staging:
        staging.fill(Dump(file, tell, encoding).statements())


def stage_server(
    address: Address, path: Path, tell: Tell = lambda read: None, *, encoding: str = ""
) -> None:
    """The same for the database of a server. Raises DumpError."""
    path.unlink(missing_ok=True)
    with Staging(path) as staging:
        staging.fill(read_server(address, tell, encoding))


def text_of(value: Value) -> str:
    if value is None:
        return ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def quoted(name: str) -> str:
    """A name as SQL. NUL cannot be in one."""
    return '"' + re.sub("\0", "", name).replace('"', '""') + '"'
