"""The update of the database to the code at hand, with a backup before it."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from boardsite import __version__
from boardsite.databases.schema import read_schema
from upkeep.backups.manifest import BackupError
from upkeep.backups.nightly import back_up_unnoted, note_backups
from upkeep.updating.migrating import migrate_to
from upkeep.updating.record import Update, read_update, write_update

LOCK = ".update-lock"
Tell = Callable[[str], None]


class UpdateError(Exception):
    """A Korean sentence: why an update or a rollback was not made, and what helps."""


@contextlib.contextmanager
def only_one_update() -> Iterator[None]:
    """Raises UpdateError if another update or rollback is running."""
    number = os.open(Path(settings.DATA_DIR) / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpdateError(_("다른 업데이트가 이미 돌고 있습니다.")) from None
        yield
    finally:
        os.close(number)


def update(tell: Tell, *, commit: str = "", has_backup: bool = True) -> None:
    """Makes a backup, unless not `has_backup`, and migrates. The site may run meanwhile. `commit` is
    that of the code from before. One that was interrupted goes on. Raises UpdateError."""
    with only_one_update():
        schema = read_schema()
        if schema.unknown:
            raise UpdateError(schema.words())
        if schema.waiting:
            record = _begin(tell, commit, has_backup=has_backup, version=schema.version)
            tell(_("데이터베이스를 업데이트합니다…"))
            _migrate(tell)
            write_update(replace(record, is_done=True))
            note_backups()
        else:
            migrate_to()  # triggers and permissions, which are no migrations
            if (earlier := read_update()) and not earlier.is_done:
                write_update(replace(earlier, is_done=True))
        tell(_("데이터베이스는 버전 %s의 것입니다.") % __version__)


def applied_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(".".join(each) for each in applied)


def _begin(tell: Tell, commit: str, *, has_backup: bool, version: str) -> Update:
    """The record of this update, or of the interrupted one that goes on."""
    applied, earlier = applied_migrations(), read_update()
    if earlier is not None and not earlier.is_done and earlier.migrations != applied:
        tell(_("중단된 업데이트를 이어서 합니다."))
        return earlier
    record = Update(version, applied, _back_up(tell) if has_backup else "", commit)
    write_update(record)
    return record


def _back_up(tell: Tell) -> str:
    tell(_("먼저 백업합니다…"))
    try:
        name = back_up_unnoted().name
    except BackupError as error:
        words = _(
            "백업하지 못해 업데이트하지 않았습니다: %(why)s 백업 없이 업데이트하려면: %(command)s"
        )
        numbers = {"why": error, "command": "manage.py update --no-backup"}
        raise UpdateError(words % numbers) from error
    tell(_("백업: %s") % name)
    return name


def _migrate(tell: Tell) -> None:
    try:
        times = migrate_to()
        read_schema().require_fit()
    except Exception as error:  # a migration may do anything
        name = " ".join(getattr(error, "__notes__", []))
        words = _(
            "업데이트가 도중에 멈췄습니다: %(why)s 원인을 없앤 뒤 다시 하거나, 되돌려 주세요: "
            "manage.py rollback"
        )
        raise UpdateError(words % {"why": f"{name} {error}".strip()}) from error
    for name, seconds in times:
        tell(_("%(name)s: %(seconds)s초") % {"name": name, "seconds": f"{seconds:,.1f}"})
