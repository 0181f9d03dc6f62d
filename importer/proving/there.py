"""The old site's rows, and what their columns mean by gnuboard5's own rules."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice

from importer.reading.site import OldSite
from importer.reading.staging import Found, quoted, text_of

SEOUL = timezone(timedelta(hours=9))  # without summer time since 1988
BATCH = 200  # rows at a time: bodies may be long
LONGEST_NUMBER = 9  # digits; MySQL's int is not much longer
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
# What tells how late the copy was made: the newest time in these columns.
_TIMES = (
    ("point", "po_datetime"),
    ("member", "mb_datetime"),
    ("member", "mb_today_login"),
    ("memo", "me_send_datetime"),
    ("scrap", "ms_datetime"),
    ("board_new", "bn_datetime"),
)


class There:
    """The old site, as far as the checks need it."""

    def __init__(self, old: OldSite):
        self.old = old
        self.prefix = old.prefix
        self.boards = {row["bo_table"]: row for row in old.rows("board")}
        self.config = next(old.rows("config"), {})
        self.ended_at = self._newest()

    def rows(self, table: str, **words: object) -> Iterator[list[Found]]:
        """All rows of a table in batches."""
        rows = self.old.rows(table, **words)
        while batch := list(islice(rows, BATCH)):
            yield batch

    def select(
        self,
        table: str,
        where: str,
        values: Iterable[object],
        *,
        order: str = "rowid",
        most: int = 0,
    ) -> list[Found]:
        """Some rows, at most `most`. An index must serve `where`, which is SQL of ours, unless it finds these
        soon. A column that a table lacks is empty."""
        order = f"{order} LIMIT {most}" if most else order
        return list(self.old.rows(table, where=where, values=list(values), order=order))

    def has(self, table: str, *columns: str) -> bool:
        return self.old.has(table, *columns)

    def total(self, table: str) -> int:
        return self.old.count(table)

    def index(self, table: str, *columns: str) -> None:
        self.old.staging.index(self.prefix + table, *columns)

    def is_there(self, table: str, column: str, keys: Iterable[int]) -> set[int]:
        """Those of `keys` that the column holds; keys are text in the copy of a dump."""
        keys = list(keys)
        marks = ", ".join("?" * 2 * len(keys))
        found = self.old.staging.connection.execute(
            f"SELECT {quoted(column)} FROM {quoted(self.prefix + table)}"
            f" WHERE {quoted(column)} IN ({marks})",
            [*keys, *map(str, keys)],
        )
        return {int(value) for (value,) in found}

    def highest(self, board: str) -> int:
        """The highest number that a board has given to a post or comment, also to deleted ones."""
        table = self.prefix + f"write_{board}"
        if not self.old.has(f"write_{board}"):
            return 0
        found = self.old.staging.connection.execute(
            f"SELECT max(CAST(wr_id AS INTEGER)) FROM {quoted(table)}"
            f" WHERE length(wr_id) <= {LONGEST_NUMBER}"
        ).fetchone()[0]
        return max(found or 0, min(self.old.staging.last_id(table), 10**LONGEST_NUMBER - 1))

    def _newest(self) -> datetime:
        newest = ""
        for table, column in _TIMES:
            if self.old.has(table, column):
                found = self.old.staging.connection.execute(
                    f"SELECT max({column}) FROM {quoted(self.prefix + table)}"
                ).fetchone()[0]
                newest = max(newest, text_of(found))
        return moment(newest) or datetime(2000, 1, 1, tzinfo=UTC)


class Scratch:
    """Expected rows by key, on disk: for tables whose rows have no key of their own here."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect("")  # SQLite's name for a file that deletes itself
        self.connection.execute(
            "CREATE TABLE expected (key TEXT PRIMARY KEY, value TEXT, place TEXT, seen INT)"
            " WITHOUT ROWID"
        )

    def expect(self, key: str, value: str, where: str) -> bool:
        """False if the key is expected already."""
        added = self.connection.execute(
            "INSERT OR IGNORE INTO expected VALUES (?, ?, ?, 0)", [key, value, where]
        )
        return added.rowcount == 1

    def take(self, key: str) -> tuple[str, str] | None:
        """The expected value and its place; None if there should be no such row."""
        found = self.connection.execute("SELECT value, place FROM expected WHERE key = ?", [key])
        row = found.fetchone()
        if row is not None:
            self.connection.execute("UPDATE expected SET seen = 1 WHERE key = ?", [key])
        return row

    def missed(self) -> Iterator[tuple[str, str, str]]:
        yield from self.connection.execute("SELECT key, value, place FROM expected WHERE seen = 0")


def integer(row: Found, column: str, default: int = 0) -> int:
    """An integer column as MySQL reads a text: digits at its beginning."""
    found = re.match(r"\s*([+-]?\d{1,18})", row.get(column, ""))
    return int(found[1]) if found else default


def key_number(text: str) -> int:
    """A key as a number; 0 for what is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else 0


def moment(text: str) -> datetime | None:
    """A time without a zone is Seoul's; None for zero dates and nonsense."""
    found = _TIME.match(text)
    if found is None:
        return None
    try:
        return datetime(*map(int, found.groups()), tzinfo=SEOUL)  # type: ignore[arg-type,misc] # six numbers
    except ValueError:
        return None


def day(text: str) -> datetime | None:
    """The beginning of a day (YYYYMMDD); None for none."""
    found = _DAY.match(text)
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=SEOUL)
    except ValueError:
        return None


def parts(text: str, separators: str = ",") -> list[str]:
    """A list in one column, without empty and repeated parts."""
    found = (part.strip() for part in re.split(f"[{re.escape(separators)}]", text))
    return list(dict.fromkeys(filter(None, found)))
