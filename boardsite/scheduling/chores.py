"""Periodic commands (chores), and whether they still run.

A ChoreCommand stores the outcome of each run in a row (ChoreRun). The dashboard reports a command
of timetable.CHORES that has not succeeded for too long."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boardsite.availability.faults import is_unreachable, is_unwritable
from boardsite.databases.schema import WrongSchema, read_schema
from boardsite.models import ChoreRun
from boardsite.server.timetable import CHORES, has_work
from boardsite.text.private_words import is_private

logger = logging.getLogger(__name__)

TITLES = {
    "tidy": _("매일 정리"),
    "mail_notifications": _("알림과 회원 메일 보내기"),
    "settle_visits": _("접속자 집계"),
    "collect": _("글 수집"),
    "send_alarms": _("살펴볼 것 알리기"),
    "ping_hub": _("새 글을 WebSub 허브에 알리기"),
    "weekly_check": _("매주 검사"),
    "nightly_backup": _("백업"),
}
PATIENCE = 3
"""A chore is late after so many of its intervals, but not before LEAST."""
LEAST = timedelta(minutes=15)
YOUNG = timedelta(days=1)
"""For this long it is not reported that a chore has never run."""


class ChoreCommand(BaseCommand):
    """A command of manage.py that timetable.CHORES or a timer runs. One that fails because nothing can
    be written now says so in one line; it runs again the next time."""

    def execute(self, *args, **options):
        try:
            read_schema().require_fit()
            with noted(self.__module__.rpartition(".")[2]):
                return super().execute(*args, **options)
        except WrongSchema as explanation:
            raise CommandError(explanation) from None
        except (DatabaseError, OSError) as error:
            if not (is_unwritable(error) or is_unreachable(error)):
                raise
            sentence = _("지금은 저장할 수 없어 다음에 다시 합니다: %s")
            raise CommandError(sentence % words_of(error)) from error


@contextmanager
def noted(name: str) -> Iterator[None]:
    """Stores the outcome of the block. An exception is raised again."""
    begun = time.monotonic()
    try:
        yield
    except Exception as error:
        _note(name, failed_at=timezone.now(), error=words_of(error))
        raise
    _note(name, ended_at=timezone.now(), took=round(time.monotonic() - begun, 2))


def words_of(error: BaseException) -> str:
    """The exception in one line of at most 500 characters, without personal data: a mail server's
    refusal names the address, the second line of a database error the values."""
    kind = type(error).__name__
    words = (str(error).strip().splitlines() or [""])[0]
    return kind if not words or is_private(words) else f"{kind}: {words}"[:500]


def _note(name: str, **fields) -> None:
    """A database that does not accept the row must neither undo a chore nor hide why it failed."""
    try:
        ChoreRun.objects.update_or_create(name=name, defaults=fields)
    except DatabaseError as error:
        if is_unwritable(error) or is_unreachable(error):
            logger.error("The run of %s could not be noted: %s", name, words_of(error))
        else:
            logger.exception("The run of %s could not be noted", name)


class Trouble(NamedTuple):
    """A chore whose latest run failed, or that has not succeeded `since` then (None: never)."""

    name: str
    has_failed: bool
    since: datetime | None

    @property
    def title(self) -> str:
        return title_of(self.name)


def title_of(name: str) -> str:
    return str(TITLES.get(name, name))


def find_troubles() -> list[Trouble]:
    """The chores of this site that have trouble. One query, or two on a new or troubled site."""
    now, commands = timezone.now(), get_commands()
    runs = ChoreRun.objects.in_bulk()
    troubles = []
    for name, every in CHORES.items():
        if name not in commands or not has_work(name):
            continue  # its app was removed, or it has nothing to do
        run = runs.get(name)
        since = run.ended_at if run else None
        if run is not None and run.failed_last:
            troubles.append(Trouble(name, True, since))
        elif since is None:
            if now - _noting_since() > YOUNG:
                troubles.append(Trouble(name, False, None))
        elif now - since > max(LEAST, timedelta(seconds=PATIENCE * every)):
            troubles.append(Trouble(name, False, since))
    return troubles


def _noting_since() -> datetime:
    """When this site began to record its chores: the creation of the table."""
    applied = MigrationRecorder.Migration.objects.filter(app="boardsite", name="0001_initial")
    return applied.values_list("applied", flat=True).first() or timezone.now()
