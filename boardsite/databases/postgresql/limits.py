"""How long a process that answers requests waits for PostgreSQL (0082).

The server ends statements, waits for locks and idle transactions. A server that has stopped ends
nothing, so this side also counts: without a response in time the connection is closed, and the
database is left alone for SECONDS_AWAY. Then queries fail at once, except for those of one request
in this time, so that nobody else waits. Commands (migrate, import, backup) have no limits."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from psycopg import Connection, OperationalError

from boardsite.databases.outages import Outage

SECONDS_AWAY = 3.0
MARGIN = 2.0
"""Seconds that a response may come after the server should have ended its statement."""

outage = Outage("The database", seconds=SECONDS_AWAY)
_is_on = False


class NoResponse(OperationalError):
    """The server has not responded in time, or did not shortly before."""


class Limit(NamedTuple):
    """`is_proof`: no response within so many seconds shows that the server is away, because the
    statement finds its rows by a key."""

    seconds: float
    is_proof: bool


class Waiting(Protocol):
    """Who waits: the wrapper of a connection."""

    def response_limit(self) -> Limit: ...
    def note_answer(self) -> None: ...
    def note_silence(self, limit: Limit) -> None: ...


OF_REPLICA = Limit(5.0, is_proof=True)
"""A statement that takes longer there is repeated on the primary."""


def begin() -> None:
    """To be called in a process that answers requests."""
    global _is_on
    _is_on = True


def are_on() -> bool:
    return _is_on


def for_a_key() -> Limit:
    """For statements that find their rows by a key: they take some milliseconds."""
    return Limit(settings.DATABASE_RESPONSE_SECONDS, is_proof=True)


def for_any_statement() -> Limit:
    return Limit(settings.DATABASE_STATEMENT_SECONDS + MARGIN, is_proof=True)


def session_settings() -> dict[str, str]:
    """What each connection is told, in milliseconds."""
    return {
        "statement_timeout": f"{1000 * settings.DATABASE_STATEMENT_SECONDS:.0f}",
        "lock_timeout": f"{1000 * settings.DATABASE_LOCK_SECONDS:.0f}",
        "idle_in_transaction_session_timeout": f"{1000 * settings.DATABASE_IDLE_SECONDS:.0f}",
    }


_OFF = nullcontext()


def by_key(connection: Connection) -> AbstractContextManager:
    """Statements in the `with` block have the limit `for_a_key`."""
    return _ByKey(connection) if _is_on else _OFF


class _ByKey:
    """A context manager; one by contextlib would take longer than all the rest."""

    __slots__ = ("connection",)

    def __init__(self, connection: Connection):
        self.connection = connection

    def __enter__(self) -> None:
        self.connection.is_asked_by_key = True

    def __exit__(self, *error: object) -> None:
        self.connection.is_asked_by_key = False


def bound(connection: Connection, waiting: Waiting) -> None:
    """From now on the connection waits for each response as long as `waiting` says.

    Every statement goes through `Connection.wait`, which psycopg documents."""
    wait = partial(_wait, connection, connection.wait, waiting)
    connection.wait = wait  # type: ignore[method-assign]


def _wait(
    connection: Connection,
    usual: Callable[..., Any],
    waiting: Waiting,
    generator: Generator,
    *args: Any,
    **options: Any,
) -> Any:
    if options.get("timeout") is not None:
        return usual(generator, *args, **options)
    is_by_key = getattr(connection, "is_asked_by_key", False)
    limit = for_a_key() if is_by_key else waiting.response_limit()
    try:
        answer = usual(generator, *args, **options, timeout=limit.seconds)
    except OperationalError as error:
        if type(error).__name__ != "_WaitTimeout":  # its own name for it
            raise
        connection.close()
        waiting.note_silence(limit)
        raise NoResponse(f"no response within {limit.seconds:g} seconds") from None
    waiting.note_answer()
    return answer
