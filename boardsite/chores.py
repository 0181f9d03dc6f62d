"""Commands that are run again and again, and whether they still are.

A command that is a ChoreCommand leaves a row (ChoreRun) each time that it ends, well or not; the
dashboard says which of serve.CHORES has not ended well for too long.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.management import get_commands
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boardsite.models import ChoreRun
from boardsite.private_words import is_private
from boardsite.serve import CHORES, has_work

logger = logging.getLogger(__name__)

TITLES = {
    "tidy": _("매일 정리"),
    "mail_notifications": _("알림 메일 보내기"),
    "settle_visits": _("접속자 집계"),
    "collect": _("글 수집"),
    "ping_hub": _("새 글을 WebSub 허브에 알리기"),
}
PATIENCE = 3
"""So many times its interval may pass before a chore counts as late, and at least LEAST."""
LEAST = timedelta(minutes=15)
YOUNG = timedelta(days=1)
"""How long a chore that has never run is no news."""


class ChoreCommand(BaseCommand):
    """A command of manage.py that is run by serve.CHORES or by a timer."""

    def execute(self, *args, **options):
        with noted(self.__module__.rpartition(".")[2]):
            return super().execute(*args, **options)


@contextmanager
def noted(name: str) -> Iterator[None]:
    """Takes note of how what is done inside ends. An exception goes on to whoever called."""
    begun = time.monotonic()
    try:
        yield
    except Exception as error:
        _note(name, failed_at=timezone.now(), error=words_of(error))
        raise
    _note(name, ended_at=timezone.now(), took=round(time.monotonic() - begun, 2))


def words_of(error: Exception) -> str:
    """The exception in one line of at most 500 characters, without what may be somebody's: a mail
    server's refusal names the address, a database's second line the values."""
    kind = type(error).__name__
    words = (str(error).strip().splitlines() or [""])[0]
    return kind if not words or is_private(words) else f"{kind}: {words}"[:500]


def _note(name: str, **fields) -> None:
    """A database that does not take the note must neither undo a chore nor hide why it failed."""
    try:
        ChoreRun.objects.update_or_create(name=name, defaults=fields)
    except DatabaseError:
        logger.exception("The run of %s could not be noted", name)


class Trouble(NamedTuple):
    """A chore that has failed the last time, or has not ended well `since` (None: never)."""

    name: str
    has_failed: bool
    since: datetime | None

    @property
    def title(self) -> str:
        return title_of(self.name)


def title_of(name: str) -> str:
    return str(TITLES.get(name, name))


def find_troubles() -> list[Trouble]:
    """The chores of this site that do not go well. One query, two on a young or troubled site."""
    now, commands = timezone.now(), get_commands()
    runs = ChoreRun.objects.in_bulk()
    troubles = []
    for name, every in CHORES.items():
        if name not in commands or not has_work(name):
            continue  # its app has been taken out, or there is nothing to do
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
    """From when on this site notes its chores: when the table for it was made."""
    applied = MigrationRecorder.Migration.objects.filter(app="boardsite", name="0003_chore_runs")
    return applied.values_list("applied", flat=True).first() or timezone.now()
