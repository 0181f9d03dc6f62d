"""What a night's backup consists of, and the rows that tell the admin of it."""

import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from upkeep.backups.archives import archive_name, backup_of
from upkeep.backups.checking import check_backup
from upkeep.backups.making import (
    backup_folder,
    find_backups,
    is_name,
    make_backup,
    moment_of,
    new_name,
    only_one,
    remove_backup,
)
from upkeep.backups.manifest import BackupError, Manifest, read_manifest
from upkeep.backups.places import find_place
from upkeep.backups.retention import find_outdated
from upkeep.models import Backup
from upkeep.updating.record import read_update

HOUR = 3  # of the night, in the site's time zone
SHOWN = 20  # differences that a row holds


def back_up(to: str = "") -> Manifest:
    """Makes a backup in BACKUP_DIR and deletes those that are outdated. With `to` it is also stored
    at that address (places.find_place) as an archive. Raises BackupError."""
    folder = backup_folder()
    place = find_place(to) if to else None
    with only_one(folder):
        manifest = _make(folder)
        if place is not None:
            _send(place, folder / manifest.name, manifest)
        _delete_outdated(folder)
    return manifest


def back_up_unnoted() -> Manifest:
    """Makes a backup without its row, for an update: the table may be that of an older version.
    Deletes none. Raises BackupError."""
    folder = backup_folder()
    with only_one(folder):
        try:
            link_to = _newest_good(folder)
        except DatabaseError:
            link_to = None
        if (folder / new_name()).exists():
            time.sleep(1)  # an update was killed in this second; names are seconds
        return make_backup(folder, link_to=link_to)


def note_backups() -> None:
    """Creates the missing rows."""
    folder = backup_folder()
    for name in find_backups(folder):
        _row_of(folder, name)


def back_up_nightly() -> None:
    """Makes this night's backup, checks it and sends it to BACKUP_TO. What a killed or failed run has
    not done, the next one does. Raises BackupError if something fails, or if the check finds
    differences."""
    folder, troubles = backup_folder(), []
    with only_one(folder):
        if _is_due(folder):
            _make(folder)
        row = _row_of(folder, _newest(folder))
        # Where one step fails, the others are done: a backup that could not be checked is better
        # than none elsewhere, and those that are outdated must not fill the disk.
        for step in (_check_once, _send_once):
            try:
                step(folder, row)
            except BackupError as error:
                troubles.append(str(error))
        _delete_outdated(folder)
    if row.difference_count:
        troubles.append(_("백업에 차이가 있습니다: %s") % row.problem.splitlines()[0])
    if troubles:
        raise BackupError(" ".join(troubles))


def check_and_note(name: str) -> list[str]:
    """Checks the backup `name` of BACKUP_DIR now. Returns what is wrong."""
    folder = backup_folder()
    with only_one(folder):
        row = _row_of(folder, name)
        _check(folder, row)
    return row.problem.splitlines()


def _is_due(folder: Path) -> bool:
    """Whether no backup is as young as this night."""
    now = timezone.localtime()
    night = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if night > now:
        night -= timedelta(days=1)
    newest = _newest(folder)
    return not newest or moment_of(newest) < night


def _newest(folder: Path) -> str:
    """The newest backup, or "". Those of a clock that was wrong by more than a day do not count: until
    their day comes, no other one would be made."""
    return max(_not_ahead(find_backups(folder)), default="")


def _not_ahead(names: Iterable[str]) -> Iterator[str]:
    latest = timezone.localtime() + timedelta(days=1)
    return (name for name in names if moment_of(name) < latest)


def _make(folder: Path) -> Manifest:
    manifest = make_backup(folder, link_to=_newest_good(folder))
    _row_of(folder, manifest.name)
    return manifest


def _newest_good(folder: Path) -> Path | None:
    """The backup whose files the next one shares. None if its check has found differences: then
    everything is copied again. Those before it do not matter: they may stay for a year."""
    newest = _newest(folder)
    if not newest or Backup.objects.filter(name=newest, difference_count__gt=0).exists():
        return None
    return folder / newest


def _row_of(folder: Path, name: str) -> Backup:
    """The row of a backup, which a restored database does not know of."""
    if (row := Backup.objects.filter(name=name).first()) is not None:
        return row
    try:
        manifest = read_manifest(folder / name)
        about = {
            "made_at": manifest.made_at,
            "row_count": manifest.row_count,
            "file_count": len(manifest.files),
            "size": manifest.size,
        }
    except BackupError:  # its check says so
        about = {"made_at": moment_of(name), "row_count": 0, "file_count": 0, "size": 0}
    return Backup.objects.create(name=name, **about)


def _check_once(folder: Path, row: Backup) -> None:
    if row.checked_at is None:
        _check(folder, row)


def _check(folder: Path, row: Backup) -> None:
    found = check_backup(folder / row.name, folder)
    row.checked_at = timezone.now()
    row.difference_count = len(found)
    row.problem = "\n".join(found[:SHOWN])
    row.save(update_fields=["checked_at", "difference_count", "problem"])


def _send_once(folder: Path, row: Backup) -> None:
    if not settings.BACKUP_TO or row.sent_to:
        return
    manifest = read_manifest(folder / row.name)
    place = find_place(settings.BACKUP_TO)
    _send(place, folder / row.name, manifest)
    row.sent_to = settings.BACKUP_TO[:200]
    row.save(update_fields=["sent_to"])
    try:
        for name in _outdated(map(backup_of, place.names())):
            place.remove(archive_name(name, settings.BACKUP_KEY))
    except BackupError:
        raise
    except Exception as error:  # boto3 has many kinds
        raise BackupError(_("오래된 백업을 지우지 못했습니다: %s") % error) from error


def _send(place, folder: Path, manifest: Manifest) -> None:
    key = settings.BACKUP_KEY
    try:
        place.send(folder, manifest, archive_name(manifest.name, key), key)
    except BackupError:
        raise
    except Exception as error:  # boto3 has many kinds
        raise BackupError(_("백업을 보내지 못했습니다: %s") % error) from error


def _delete_outdated(folder: Path) -> None:
    for name in _outdated(find_backups(folder)):
        remove_backup(folder, name)
    Backup.objects.exclude(name__in=find_backups(folder)).delete()


def _outdated(names: Iterable[str]) -> list[str]:
    """What may be deleted: never the last backup that is known to be good, however many follow it,
    and never that of the latest update, to which a rollback may return."""
    dated = [(name, moment_of(name)) for name in names if is_name(name)]
    verified = Backup.objects.filter(difference_count=0).exclude(checked_at=None)
    last = max(_not_ahead(verified.values_list("name", flat=True)), default="")
    latest = read_update()
    stays = {last, latest.backup if latest else ""}
    return [name for name in find_outdated(dated) if name not in stays]
