"""Which row cannot be moved. SQLite stores what PostgreSQL refuses: NUL characters, bytes that are no
text, texts that are too long, numbers out of range."""

import re
import sqlite3
from typing import Any

import psycopg

from upkeep.moving.sides import Side, Sqlite
from upkeep.moving.values import Type

COPIED = re.compile(r"^COPY \S+, line (\d+)(?:, column (\w+))?", re.MULTILINE)
"""How PostgreSQL says where it was when it refused a row."""


def find_odd_row(
    error: Exception, source: Side, table: str, columns: dict[str, Type], count: int
) -> str:
    """The table, key and column of the row at which the copy has failed after `count` rows; "" if the
    error is about no row."""
    number, column = _place_of(error, count)
    if not number or not isinstance(source, Sqlite):
        return ""
    try:
        row = source.find_row(table, list(columns), number)
        keys = source.keys(table)
    except sqlite3.Error:  # the file itself is damaged
        return ""
    if not row:
        return ""
    column = column or next((name for name in columns if _is_odd(row[name], columns[name])), "")
    return " ".join([table, *(f"{key}={row[key]}" for key in keys), column]).rstrip()


def _place_of(error: Exception, count: int) -> tuple[int, str]:
    """The number of the row, or 0, and the column if the error names it."""
    if not isinstance(error, psycopg.Error):
        return count + 1, ""  # it could not be read
    if found := COPIED.search(error.diag.context or ""):
        return int(found[1]), found[2] or ""
    return (count if isinstance(error, psycopg.DataError) else 0), ""  # refused by psycopg


def _is_odd(value: Any, kind: Type) -> bool:
    if value is None:
        return False
    try:
        text = kind.from_sqlite(value)
        if kind.compared:
            kind.compared(text)
        return b"\0" in text.encode()
    except Exception:  # converters raise what their value makes them
        return True
