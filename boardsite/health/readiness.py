"""Whether the site can serve: all checks, within DEADLINE even if the database does not respond.

The checks with queries run in a thread with connections of its own. At most one such thread runs at
a time, and its result is used for VALID seconds, so a flood of requests costs few queries."""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from boardsite.health.checks import DATABASE_CHECKS, Check, State, check_disks
from boardsite.health.measures import Sample, read_measures
from boardsite.scheduling.chores import words_of

DEADLINE = 3.0
"""Seconds that a request waits for the checks. Those that are not finished count as failed."""
VALID = 2.0
ABANDONED = 60.0
"""Seconds after which a thread that hangs is left alone, and another one tries."""


@dataclass(slots=True)
class _Round:
    """One run of DATABASE_CHECKS."""

    begun: float = field(default_factory=time.monotonic)
    is_over: threading.Event = field(default_factory=threading.Event)
    found: dict[str, Check] = field(default_factory=dict)
    measured: list[Sample] = field(default_factory=list)

    def run(self) -> None:
        try:
            for name, (check, state_of_failure) in DATABASE_CHECKS.items():
                try:
                    self.found[name] = check()
                except (DatabaseError, OSError) as error:
                    self.found[name] = Check(name, state_of_failure, words_of(error))
                    if name == "read":
                        return  # the others would wait for the same database
            with suppress(DatabaseError):
                self.measured = read_measures()
        finally:
            connections.close_all()
            self.is_over.set()

    def is_usable(self) -> bool:
        age = time.monotonic() - self.begun
        return age < VALID if self.is_over.is_set() else age < ABANDONED


_lock = threading.Lock()
_latest: _Round | None = None


def read_checks(*, patience: float = 0) -> list[Check]:
    """All checks, at most VALID seconds old. `patience` is in seconds, for callers that can wait longer
    than DEADLINE."""
    return _checks_of(_finished_round(patience))


def read_numbers() -> tuple[list[Check], list[Sample]]:
    """All checks and the measures of all apps; without the latter if the database does not answer."""
    current = _finished_round()
    return _checks_of(current), current.measured


def _finished_round(patience: float = 0) -> _Round:
    current = _current_round()
    deadline = current.begun + max(DEADLINE, patience)
    current.is_over.wait(max(0.0, deadline - time.monotonic()))
    return current


def _checks_of(current: _Round) -> list[Check]:
    found = dict(current.found)
    checks = [check_disks()]
    reading = found.get("read")
    for name, (_check, state_of_failure) in DATABASE_CHECKS.items():
        if name in found:
            checks.append(found[name])
        elif reading is not None and reading.state is State.FAILED:
            checks.append(Check(name, State.WARNING, _("데이터베이스를 읽지 못해 알 수 없습니다.")))
        else:
            words = _("제때 답하지 않았습니다.")
            checks.append(Check(name, state_of_failure, words))
    return checks


def overall(checks: list[Check]) -> State:
    states = {check.state for check in checks}
    return next((state for state in (State.FAILED, State.WARNING) if state in states), State.OK)


def forget() -> None:
    """For tests: the next request begins a new round."""
    global _latest
    _latest = None


def _current_round() -> _Round:
    global _latest
    with _lock:
        if _latest is None or not _latest.is_usable():
            _latest = _Round()
            threading.Thread(target=_latest.run, name="readiness", daemon=True).start()
        return _latest
