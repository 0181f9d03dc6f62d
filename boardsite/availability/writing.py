"""Whether the site may be written to now, and if not, why and since when (0083).

A write that fails because the disk or the database takes none (`note_failure`) makes this process
read-only: forms are refused at once, instead of each waiting for the same failure. A thread tries to
write every few seconds and ends it. The owner's switch makes all processes read-only."""

import itertools
import logging
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from boardsite.availability.faults import is_unreachable, is_unwritable
from boardsite.models import SiteIdentity, SiteSettings
from boardsite.scheduling.chores import words_of

logger = logging.getLogger(__name__)

PAUSE = 3.0
"""Seconds between two attempts to write."""
PATIENCE = 1.0
"""Seconds that an attempt waits for SQLite's write lock."""
ALARM_AFTER = 3
"""Failed attempts, after which the owners are told. What is over sooner needs nobody."""
ROOM = 1024 * 1024
"""Bytes that a disk must take, so that a form with a long text fits."""


class Reason(StrEnum):
    """Why nothing can be written."""

    OWNER = "owner"  # their switch, SiteSettings.is_read_only
    STORAGE = "storage"  # the disk or the database is full or takes no writes
    PRIMARY = "primary"  # there is no connection to the primary database
    BUSY = "busy"  # one write came too late; others are still tried


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """The site is read-only. `since` is None where nobody noted it. `detail` is for operators."""

    reason: Reason
    since: datetime | None
    detail: str = ""


_lock = threading.Lock()
_outage: ReadOnly | None = None


def read_only() -> ReadOnly | None:
    """None while the site may be written to. Needs no query of its own: every page reads the
    settings."""
    if _outage is not None:
        return _outage
    site = SiteSettings.known()
    return ReadOnly(Reason.OWNER, site.read_only_since) if site.is_read_only else None


def current_outage() -> ReadOnly | None:
    """As this process knows it, without the owner's switch and without a database."""
    return _outage


def note_failure(error: BaseException) -> ReadOnly | None:
    """Makes this process read-only if the error means that nothing can be written now. Returns the
    state, or None for any other error."""
    global _outage
    if is_unreachable(error):
        reason = Reason.PRIMARY
    elif is_unwritable(error):
        reason = Reason.STORAGE
    else:
        return None
    with _lock:
        if _outage is not None:
            return _outage
        _outage = state = ReadOnly(reason, timezone.now(), words_of(error))
    # In full the first time, then at most once a minute (boardsite.faults).
    logger.error("Nothing can be written; the site is read-only", exc_info=error)
    threading.Thread(target=_wait_until_over, args=[state], name="writing", daemon=True).start()
    return state


def forget() -> None:
    """For tests: this process may write. A thread that still waits ends with its next attempt."""
    global _outage
    _outage = None


def _wait_until_over(state: ReadOnly) -> None:
    # Not before it is needed: it imports an HTTP client.
    from boardsite.alarming.outages import end_outage, send_outage

    global _outage
    for attempt in itertools.count(1):
        if _can_write() or _outage is not state:
            break
        if attempt == ALARM_AFTER:
            _alarm(lambda: send_outage(state.detail, can_read=state.reason is Reason.STORAGE))
        time.sleep(PAUSE)
    with _lock:
        if _outage is not state:
            return
        _outage = None
    logger.warning("The site can be written to again")
    if attempt > ALARM_AFTER:
        _alarm(end_outage)


def _can_write() -> bool:
    try:
        try_to_write()
    except (DatabaseError, OSError):
        return False
    except Exception:
        logger.exception("The attempt to write has failed")
        return False
    finally:
        connections.close_all()  # this thread's own: the next attempt opens what is there then
    return True


def _alarm(send: Callable[[], None]) -> None:
    from boardsite.alarming.channels import NotSent

    try:
        send()
    except (NotSent, DatabaseError) as error:
        logger.error("The alarm was not sent: %s", words_of(error))  # the chore tries it again


def try_to_write(*, patience: float = PATIENCE) -> None:
    """Raises OSError or DatabaseError if the disk or the database cannot be written, after `patience`
    seconds if another process only holds a lock. Changes nothing."""
    for folder in _folders():
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(ROOM))
    database: Any = connection  # one of ours: django.db knows nothing of limit_waits
    # Refused by a read-only database even though no row matches.
    table = connection.ops.quote_name(SiteIdentity._meta.db_table)
    with (
        database.limit_waits(int(1000 * patience)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET generation = generation WHERE 1 = 0")


def _folders() -> set[Path]:
    """Those of the site's data and of an SQLite database."""
    found = {Path(settings.DATA_DIR)}
    name = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and name.is_file():
        found.add(name.resolve().parent)
    return found
