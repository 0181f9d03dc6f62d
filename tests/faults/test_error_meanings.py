"""What an error of the database or the disk means (boardsite.availability.faults)."""

import errno
import sqlite3
import subprocess
import sys

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.utils import InterfaceError

from boardsite.availability.faults import is_timeout, is_unreachable, is_unwritable
from tests.services import free_port
from tests.sources import ROOT

W, R, T = "unwritable", "unreachable", "timeout"


def sqlite(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("as SQLite says")
    error.sqlite_errorname = name
    return error


def postgres(code: str) -> psycopg.Error:
    return psycopg.errors.lookup(code)("as PostgreSQL says")


def wrapped(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """As Django raises it."""
    error = kind(*cause.args)
    error.__cause__ = cause
    return error


MEANINGS = [
    (sqlite("SQLITE_FULL"), {W}),
    (sqlite("SQLITE_READONLY"), {W}),
    (sqlite("SQLITE_READONLY_DBMOVED"), {W}),
    (sqlite("SQLITE_IOERR_WRITE"), {W}),
    (sqlite("SQLITE_BUSY"), {W, T}),
    (sqlite("SQLITE_BUSY_SNAPSHOT"), {W, T}),
    (sqlite("SQLITE_CANTOPEN"), {W, R}),
    (sqlite("SQLITE_INTERRUPT"), {T}),
    (sqlite("SQLITE_ERROR"), set()),
    (sqlite("SQLITE_CONSTRAINT_UNIQUE"), set()),
    (sqlite("SQLITE_CORRUPT"), set()),
    (OSError(errno.ENOSPC, "No space left on device"), {W}),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), {W}),
    (OSError(errno.EROFS, "Read-only file system"), {W}),
    (OSError(errno.ENOENT, "No such file"), set()),
    (ConnectionRefusedError(errno.ECONNREFUSED, "another service"), set()),
    (postgres("53100"), {W}),
    (postgres("25006"), {W}),
    (postgres("57P01"), {W, R}),
    (postgres("57P03"), {W, R}),
    (postgres("53300"), {R}),
    (postgres("08006"), {R}),
    (postgres("57014"), {T}),
    (postgres("55P03"), {T}),
    (postgres("25P03"), {T}),
    (postgres("23505"), set()),
    (postgres("42P01"), set()),
    (psycopg.OperationalError("connection failed: Connection refused"), {R}),
    (psycopg.errors.ConnectionTimeout("connection timeout expired"), {R}),
    (psycopg.InterfaceError("the connection is closed"), {R}),
    (psycopg.ProgrammingError("the query has 0 placeholders"), set()),
    (DatabaseError("of Django itself"), set()),
    (ValueError("of nobody"), set()),
]


def test_means():
    wrong = [
        (error, getattr(error, "sqlite_errorname", ""), meaning(error), meaning(wrapped(error)))
        for error, expected in MEANINGS
        if {*map(frozenset, (meaning(error), meaning(wrapped(error))))} != {frozenset(expected)}
    ]
    assert wrong == []


def meaning(error: BaseException) -> set[str]:
    named = {W: is_unwritable, R: is_unreachable, T: is_timeout}
    return {name for name, holds in named.items() if holds(error)}


def test_a_cause_counts_but_not_what_was_handled_before():
    with pytest.raises(IntegrityError) as caused:
        raise IntegrityError("written down") from sqlite("SQLITE_FULL")
    assert meaning(caused.value) == {W}
    with pytest.raises(ValueError, match="another mistake") as later:
        fail_while_handling(sqlite("SQLITE_FULL"))
    assert meaning(later.value) == set()


def fail_while_handling(error: Exception) -> None:
    try:
        raise error
    except sqlite3.OperationalError:
        raise ValueError("another mistake")  # noqa: B904 (this is what is tested)


def test_causes_in_a_circle_end():
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert meaning(one) == set()


def test_the_errors_of_sqlite_itself(tmp_path):
    """The names are those that the driver really sets."""
    path = tmp_path / "it.sqlite3"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("CREATE TABLE one (number)")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        sqlite3.connect(path, timeout=0).execute("INSERT INTO one VALUES (1)")
    assert meaning(locked.value) == {W, T}
    with pytest.raises(sqlite3.OperationalError) as read_only:
        sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute("INSERT INTO one VALUES (1)")
    assert meaning(read_only.value) == {W}
    holder.execute("ROLLBACK")
    holder.execute("PRAGMA max_page_count=2")
    with pytest.raises(sqlite3.OperationalError) as full:
        holder.execute("INSERT INTO one VALUES (zeroblob(100000))")
    assert meaning(full.value) == {W}
    with pytest.raises(sqlite3.OperationalError) as missing:
        sqlite3.connect(tmp_path / "nowhere" / "it.sqlite3")
    assert meaning(missing.value) == {W, R}


def test_a_refused_connection():
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(f"host=127.0.0.1 port={free_port()} connect_timeout=2")
    assert meaning(refused.value) == {R}
    assert meaning(wrapped(refused.value, InterfaceError)) == {R}


def test_it_loads_neither_django_nor_psycopg():
    program = (
        "import sys, boardsite.availability.faults;"
        " sys.exit(bool({'django', 'psycopg'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
