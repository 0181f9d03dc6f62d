"""The replica: a copy of the database that follows it, from which anonymous visitors' pages are read.

A cacheable request (boardsite.visitors.identity.is_cacheable) may read it. Members, visitors who have
just written, actions and commands use the primary, so that everybody reads their own writes. All
writes go to the primary, also those of anonymous visitors (views, visits), and so do the reads in
their transactions. docs/decisions/0036.

Without DATABASE_REPLICA_URL there is none, and everything is read from the primary.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal

from django.db import InterfaceError, OperationalError, connections

from boardsite.databases.outages import Outage

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
    """For a cacheable request: reads go to the replica, if it answers when they begin."""
    choice = Choice()
    token = _choice.set(choice)
    try:
        yield choice
    finally:
        _choice.reset(token)


@contextmanager
def not_reading() -> Iterator[None]:
    """For what is remembered also for members: the primary is asked."""
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


def give_up(why: object) -> bool:
    """The first query of this request has failed: if it went to the replica, all go to the primary
    from now on. Returns whether it did."""
    choice = _choice.get()
    if choice is None or choice.alias != REPLICA:
        return False
    outage.begin(why)
    connections[REPLICA].close()
    choice.alias = PRIMARY
    return True


def has_failed() -> bool:
    """Whether the replica has failed in this request, which must then be repeated on the primary: it
    is gone, or had to cancel a query to follow the primary."""
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
    with connection.prepared_cursor() as cursor:
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
