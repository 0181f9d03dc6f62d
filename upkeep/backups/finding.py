"""The backup that an operator names: a folder, an archive, or one that was sent elsewhere."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from upkeep.backups.archives import backup_of, unpack
from upkeep.backups.making import backup_folder
from upkeep.backups.manifest import BackupError
from upkeep.backups.places import RSYNC, find_place

UNPACKED = ".unpacked-"


class Opened(NamedTuple):
    """The folder of a backup. Its files may be moved out of it if `is_copy`."""

    folder: Path
    is_copy: bool


@contextmanager
def open_backup(name: str, scratch: Path, *, key: str = "") -> Iterator[Opened]:
    """Finds the backup `name`: the path of a folder or an archive, the name of one in BACKUP_DIR or
    at BACKUP_TO, or the address of an archive. Archives are unpacked below `scratch`, and removed
    after the block. Raises BackupError."""
    for folder in (Path(name), backup_folder() / name):
        if folder.is_dir():
            yield Opened(folder, is_copy=False)
            return
    try:
        with _place_below(scratch) as place:
            archive = _fetch(name, place)
            (folder := place / "backup").mkdir(mode=0o700)
            unpack(archive, key or settings.BACKUP_KEY, folder)
            archive.unlink()
            yield Opened(folder, is_copy=True)
    except OSError as error:
        raise BackupError(_("백업을 풀지 못했습니다: %s") % error) from error


@contextmanager
def _place_below(scratch: Path) -> Iterator[Path]:
    """A folder that is locked as long as it is used: so the next one finds and removes what a killed
    process has left, which may be as large as the site."""
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in scratch.glob(f"{UNPACKED}*"):
        with suppress(BlockingIOError), _locked(left):
            shutil.rmtree(left, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=UNPACKED, dir=scratch))
    try:
        with _locked(place):
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Raises BlockingIOError if another process has locked it."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(number)


def _fetch(name: str, folder: Path) -> Path:
    if Path(name).is_file():
        address, archive = str(Path(name).absolute().parent), Path(name).name
    elif "://" in name or (RSYNC.fullmatch(name) and "/" in name):
        address, _slash, archive = name.rpartition("/")
    elif settings.BACKUP_TO:
        address, archive = settings.BACKUP_TO, name
        for each in find_place(address).names():
            if name in (each, backup_of(each)):
                archive = each
    else:
        raise BackupError(_("그런 백업이 없습니다: %s") % name)
    if not backup_of(archive):
        raise BackupError(_("백업이 아닙니다: %s") % name)
    target = folder / archive
    try:
        find_place(address).fetch(archive, target)
    except BackupError:
        raise
    except Exception as error:  # boto3 has many kinds
        raise BackupError(_("백업을 가져오지 못했습니다: %s") % error) from error
    return target
