"""Writes that reading a page would like to do and does not need: a click counted, a notification marked
as read. They wait for no other writer, and are left out while nothing can be written (0082)."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import DatabaseError, connections, transaction

from boardsite.availability.faults import is_timeout
from boardsite.availability.writing import current_outage, note_failure
from boardsite.databases.outages import Outage
from boardsite.databases.replica import PRIMARY

WAIT_MS = 1000
"""For which such a write waits for a lock, in milliseconds."""
SECONDS = 5
"""For which nothing optional is written after a write has failed."""

outage = Outage("Writing to the database", seconds=SECONDS)


def write_if_free(write: Callable[[], object]) -> bool:
    """Runs `write`, unless the database cannot be written now. Returns whether it ran to its end.

    `write` begins its own transactions. It must be repeatable, or such that nobody misses it. Other
    errors are raised."""
    if current_outage() is not None or not outage.may_ask():
        return False
    connection: Any = connections[PRIMARY]
    try:
        # A failure must not break the caller's transaction, where there is one.
        savepoint = transaction.atomic() if connection.in_atomic_block else nullcontext()
        with connection.limit_waits(WAIT_MS), connection.limit_responses(), savepoint:
            write()
    except DatabaseError as error:
        # A lock that did not come in time says nothing about other writes.
        if not is_timeout(error) and note_failure(error) is None:
            raise
        outage.begin(error)
        return False
    outage.end()
    return True
