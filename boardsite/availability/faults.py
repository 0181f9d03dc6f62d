"""What an error of the database or the disk means: cannot it be written, not be reached, or was it
too slow? Pure.

SQLite names its errors (`sqlite_errorname`, https://www.sqlite.org/rescode.html), PostgreSQL has codes
(`sqlstate`, https://www.postgresql.org/docs/current/errcodes-appendix.html), and Django's errors have
the driver's as their cause. One error may mean several things: a lock that did not come in time is a
timeout, and what waited for it could not be written."""

import errno
from collections.abc import Iterator

UNWRITABLE_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
UNWRITABLE_SQLITE = {
    "SQLITE_FULL",
    "SQLITE_READONLY",
    "SQLITE_IOERR",
    "SQLITE_BUSY",  # "database is locked", after the timeout
    "SQLITE_CANTOPEN",  # for example the -shm, in a folder that is read-only
}
UNREACHABLE_SQLITE = {"SQLITE_CANTOPEN"}
TIMEOUTS_SQLITE = {"SQLITE_BUSY", "SQLITE_INTERRUPT"}

SHUTDOWNS = {
    "57P01",  # admin_shutdown
    "57P02",  # crash_shutdown
    "57P03",  # cannot_connect_now: it starts, stops or recovers
}
UNWRITABLE_SQLSTATES = SHUTDOWNS | {
    "25006",  # read_only_sql_transaction: a standby, or default_transaction_read_only
    "53100",  # disk_full
    "58030",  # io_error
}
UNREACHABLE_SQLSTATES = SHUTDOWNS | {"53300"}  # too_many_connections
NO_CONNECTION = "08"  # the class of connection exceptions
TIMEOUT_SQLSTATES = {
    "57014",  # query_canceled: statement_timeout
    "55P03",  # lock_not_available: lock_timeout
    "25P03",  # idle_in_transaction_session_timeout
}
WITHOUT_CODE = {"OperationalError", "InterfaceError"}
"""psycopg's errors that come without a code when there is no connection, or no longer one."""


def is_unwritable(error: BaseException) -> bool:
    """Whether nothing can be written for now: the disk is full or read-only, or so is the database,
    or another process holds SQLite's write lock, or the server is shutting down."""
    for each in _chain(error):
        if isinstance(each, OSError) and each.errno in UNWRITABLE_ERRNOS:
            return True
        if _sqlite_code(each) in UNWRITABLE_SQLITE or _sqlstate(each) in UNWRITABLE_SQLSTATES:
            return True
    return False


def is_unreachable(error: BaseException) -> bool:
    """Whether there is no connection to the database, or it is lost: nothing can be read either."""
    for each in _chain(error):
        if _sqlite_code(each) in UNREACHABLE_SQLITE:
            return True
        state = _sqlstate(each)
        if state in UNREACHABLE_SQLSTATES or state.startswith(NO_CONNECTION):
            return True
        if _is_of_psycopg(each) and not state:
            if WITHOUT_CODE & {kind.__name__ for kind in type(each).__mro__}:
                return True
    return False


def is_timeout(error: BaseException) -> bool:
    """Whether the database ended a statement, a wait for a lock or an idle transaction because it took
    too long. A connection that was not made in time `is_unreachable`."""
    return any(
        _sqlite_code(each) in TIMEOUTS_SQLITE or _sqlstate(each) in TIMEOUT_SQLSTATES
        for each in _chain(error)
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__


def _sqlite_code(error: BaseException) -> str:
    """The primary code: SQLITE_IOERR for SQLITE_IOERR_WRITE."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return "_".join(name.split("_")[:2])


def _is_of_psycopg(error: BaseException) -> bool:
    """psycopg is not imported for it: a site on SQLite does not load it."""
    modules = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return "psycopg" in modules


def _sqlstate(error: BaseException) -> str:
    return getattr(error, "sqlstate", None) or ""
