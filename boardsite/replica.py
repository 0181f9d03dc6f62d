"""The replica: a copy of the database that follows it, from which strangers' pages are read.

A request may read it if it is a stranger's (boardsite.visitors.is_stranger); members, whoever has
written, every deed and every command ask the primary, so everybody reads what he has written. All
writes go to the primary, a stranger's too (views, visits), and so does what is read within their
transactions. docs/decisions/0036.

Without DATABASE_REPLICA_URL there is none, and all is read from the primary.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal

from django.db import InterfaceError, OperationalError, connections

from boardsite.outages import Outage

PRIMARY, REPLICA = "default", "replica"
SECONDS = 10  # that a replica is left alone after it did not answer, or was behind
LOOK_SECONDS = 5  # between two looks at how far it is

outage = Outage("The replica of the database", seconds=SECONDS)


class Behind(Exception):
    """The replica answers, but with what was."""


@dataclass
class Choice:
    """Which database a request reads; made when it first reads, and then kept: a page, and the
    version that it is remembered for, come from the same one."""

    alias: str | None = None


@dataclass
class Look:
    """When the replica was last looked at, and what it had received by then, in bytes of WAL."""

    at: float = 0.0
    received: Decimal | None = None


_choice: ContextVar[Choice | None] = ContextVar("choice", default=None)
_look = Look()


def exists() -> bool:
    return REPLICA in connections.databases


@contextmanager
def reading() -> Iterator[Choice]:
    """For a stranger's request: reads go to the replica, if it answers when they begin."""
    choice = Choice()
    token = _choice.set(choice)
    try:
        yield choice
    finally:
        _choice.reset(token)


@contextmanager
def not_reading() -> Iterator[None]:
    """For what is remembered for others than strangers too: the primary is asked."""
    token = _choice.set(None)
    try:
        yield
    finally:
        _choice.reset(token)


def database_to_read() -> str:
    """The alias of the database that is to be read now."""
    choice = _choice.get()
    if choice is None or connections[PRIMARY].in_atomic_block:
        return PRIMARY
    if choice.alias is None:
        choice.alias = REPLICA if _answers() else PRIMARY
    return choice.alias


def has_failed() -> bool:
    """Whether the replica has failed somebody in this request, so that he is to be answered again
    from the primary: it is gone, or had to break off a question to follow the primary."""
    connection = connections[REPLICA]
    if not connection.errors_occurred:
        return False
    if not connection.is_usable():
        outage.begin("it went away in the midst of a page")
        connection.close()
    return True


def _answers() -> bool:
    if not outage.may_ask():
        return False
    connection = connections[REPLICA]
    try:
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        if outage.is_on or time.monotonic() - _look.at >= LOOK_SECONDS:
            _require_up_to_date(connection)
    except (OperationalError, InterfaceError, Behind) as trouble:
        outage.begin(trouble)
        return False
    outage.end()
    return True


def _require_up_to_date(connection) -> None:
    """Raises Behind for one that is cut off from the primary, or has not yet taken in what it had
    received at the look before: it would show what has been deleted since."""
    before, _look.at, _look.received = _look.received, time.monotonic(), None
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery(), EXISTS (SELECT FROM pg_stat_wal_receiver),"
            " pg_last_wal_receive_lsn() - '0/0'::pg_lsn, pg_last_wal_replay_lsn() - '0/0'::pg_lsn"
        )
        follows, is_fed, received, replayed = cursor.fetchone()
    if not follows:  # the primary itself, under another name
        return
    if not is_fed:
        raise Behind("it hears nothing from the primary")
    _look.received = received
    if before is not None and replayed is not None and replayed < before:
        raise Behind(f"it is more than {LOOK_SECONDS} seconds behind")
