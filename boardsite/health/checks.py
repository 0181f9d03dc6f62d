"""The checks of /readyz. Each returns a Check, or raises what is wrong; those with a database query
run in a thread of their own (boardsite.health.readiness)."""

from enum import StrEnum
from typing import NamedTuple

from django.db import connection, connections
from django.utils.translation import gettext as _

from boardsite.availability.writing import try_to_write
from boardsite.databases import replica
from boardsite.databases.schema import read_schema
from boardsite.reporting.alarms import LEAST_FREE, read_disks, words_about
from boardsite.scheduling.chores import find_troubles

LATE_SECONDS = 30
"""A replica that is further behind is a warning."""


class State(StrEnum):
    """`WARNING`: somebody should look, but the site serves. `FAILED`: it cannot serve."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Check(NamedTuple):
    """What one check has found. `detail` is a Korean sentence or ""."""

    name: str
    state: State = State.OK
    detail: str = ""


def check_reading() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Check("read")


def check_migrations() -> Check:
    """The code reads columns that the tables of another version do not have, so pages would fail."""
    words = read_schema().words()
    return Check("migrations", State.FAILED if words else State.OK, words)


def check_writing() -> Check:
    """A site that cannot write is still read."""
    try_to_write()
    return Check("write")


def check_chores() -> Check:
    troubles = [words_about(trouble) for trouble in find_troubles()]
    return Check("chores", State.WARNING if troubles else State.OK, " ".join(troubles))


def check_replica() -> Check:
    """How many seconds the replica is behind. One without news from a quiet primary is not late."""
    if not replica.exists():
        return Check("replica", State.OK, _("없습니다."))
    if connections[replica.REPLICA].vendor != "postgresql":
        return Check("replica")
    with connections[replica.REPLICA].cursor() as cursor:
        cursor.execute(
            "SELECT NOT pg_is_in_recovery() OR EXISTS (SELECT FROM pg_stat_wal_receiver),"
            " CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0"
            " ELSE EXTRACT(EPOCH FROM now() - pg_last_xact_replay_timestamp()) END"
        )
        is_fed, behind = cursor.fetchone()
    if not is_fed:
        return Check("replica", State.WARNING, _("원본에서 아무것도 받지 못합니다."))
    late = float(behind or 0)
    words = _("%s초 늦습니다.") % f"{late:,.0f}"
    return Check("replica", State.WARNING if late > LATE_SECONDS else State.OK, words)


def check_disks() -> Check:
    state, words = State.OK, []
    for free, total in sorted(read_disks()):
        state = State.WARNING if free < LEAST_FREE * total else state
        numbers = {"free": f"{free / 2**30:,.1f}", "part": int(100 * free / total)}
        words.append(_("남은 곳 %(free)s GB(%(part)s%%).") % numbers)
    return Check("disk", state, " ".join(words))


DATABASE_CHECKS = {  # check: what an exception or no response in time means
    "read": (check_reading, State.FAILED),
    "migrations": (check_migrations, State.FAILED),
    "write": (check_writing, State.WARNING),
    "chores": (check_chores, State.WARNING),
    "replica": (check_replica, State.WARNING),
}
