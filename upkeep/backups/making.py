"""Makes a backup: a folder that appears under its name only when it is complete.

Files that have not changed since an earlier backup are hard links to its copies, so that another
day costs the space of what is new. Nothing is linked to the originals."""

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from boardsite import __version__
from upkeep.backups.contents import Source, env_text, find_files
from upkeep.backups.databases import copying, database_size
from upkeep.backups.loading import drop_database, scratch_name
from upkeep.backups.manifest import (
    DATABASES,
    ENV,
    MANIFEST,
    BackupError,
    Manifest,
    StoredFile,
    hash_file,
    read_manifest,
    sync,
    sync_folders,
    write_manifest,
)

NAME = re.compile(r"\d{4}-\d\d-\d\d_\d{6}", re.ASCII)
UNFINISHED, SCRATCH = ".unfinished-", ".checking-"
RESERVE = 64 * 2**20  # bytes that stay free
PIECE = 1024 * 1024  # bytes


def backup_folder() -> Path:
    return Path(settings.BACKUP_DIR)


def find_backups(folder: Path) -> list[str]:
    """The names of the finished backups, oldest first. Raises BackupError."""
    try:
        return sorted(path.name for path in folder.iterdir() if is_name(path.name))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BackupError(_("백업 폴더를 읽을 수 없습니다: %s") % error) from error


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Lets one process at a time make, check or delete backups in `folder`, which is created. What
    a killed one has left is removed. Raises BackupError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BackupError(_("백업 폴더를 쓸 수 없습니다: %s") % error) from error
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(_("다른 백업 작업이 이미 돌고 있습니다.")) from None
        for path in folder.iterdir():
            if path.name.startswith((UNFINISHED, SCRATCH)):
                _remove_left(path)
        yield
    finally:
        os.close(number)


def _remove_left(path: Path) -> None:
    """The folder of a killed process, and the scratch database that belongs to it."""
    if path.name.startswith(SCRATCH) and connection.vendor == "postgresql":
        drop_database(scratch_name(path))
    shutil.rmtree(path)


def make_backup(folder: Path, *, link_to: Path | None = None) -> Manifest:
    """Makes a backup below `folder`, inside only_one. Unchanged files become links to those of the
    backup `link_to`. Raises BackupError, and leaves nothing then."""
    name = new_name()
    part = folder / f"{UNFINISHED}{name}"
    try:
        if (folder / name).exists():
            raise BackupError(_("같은 이름의 백업이 이미 있습니다: %s") % name)
        part.mkdir(mode=0o700)
        manifest = _fill(part, name, link_to)
        write_manifest(part, manifest)
        for path in (manifest.database, ENV, MANIFEST):
            sync(part / path)
        sync_folders(part)
        part.rename(folder / name)
        sync(folder)
        return manifest
    except (OSError, sqlite3.Error, DatabaseError) as error:
        shutil.rmtree(part, ignore_errors=True)
        if _is_about_space(error):
            raise BackupError(_("디스크가 가득 차서 백업하지 못했습니다.")) from None
        raise BackupError(_("백업하지 못했습니다: %s") % error) from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _is_about_space(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL


def _fill(part: Path, name: str, link_to: Path | None) -> Manifest:
    """The files are taken before and after the copy of the database: those that its rows name are
    there, whether they are deleted or uploaded meanwhile."""
    earlier = _earlier(link_to)
    sources = list(find_files())
    _check_space(part, sources, earlier)
    files: dict[str, StoredFile] = {}
    _take(sources, part, files, earlier, link_to)
    made_at = timezone.now()
    database = DATABASES[connection.vendor]
    with copying(part / database) as rows:
        migrations = sorted(
            ".".join(each) for each in MigrationRecorder(connection).applied_migrations()
        )
        _take(find_files(), part, files, earlier, link_to)
    (part / database).chmod(0o600)
    (part / ENV).write_text(env_text(), "utf-8")
    (part / ENV).chmod(0o600)
    for path in (database, ENV):
        about = (part / path).stat()
        files[path] = StoredFile(hash_file(part / path), about.st_size, about.st_mtime_ns)
    return Manifest(
        name, made_at, __version__, connection.vendor, migrations, rows, dict(sorted(files.items()))
    )


def _earlier(link_to: Path | None) -> dict[str, StoredFile]:
    if link_to is None:
        return {}
    with contextlib.suppress(BackupError):
        return read_manifest(link_to).files
    return {}


def _is_same(source: Source, stored: StoredFile | None) -> bool:
    return stored is not None and (stored.size, stored.mtime_ns) == (source.size, source.mtime_ns)


def _check_space(part: Path, sources: list[Source], earlier: dict[str, StoredFile]) -> None:
    new = sum(source.size for source in sources if not _is_same(source, earlier.get(source.path)))
    check_space(part, database_size() + new)


def check_space(folder: Path, needed: int) -> None:
    """Raises BackupError unless `needed` bytes and a reserve are free."""
    free = shutil.disk_usage(folder).free
    if free < needed + RESERVE:
        numbers = {"needed": f"{needed / 2**20:,.0f}", "free": f"{free / 2**20:,.0f}"}
        raise BackupError(
            _("디스크에 자리가 모자랍니다: %(needed)s MB가 필요한데 %(free)s MB가 남았습니다.")
            % numbers
        )


def _take(
    sources, part: Path, files: dict[str, StoredFile], earlier: dict[str, StoredFile], link_to
) -> None:
    for source in sources:
        if _is_same(source, files.get(source.path)):
            continue
        target = part / source.path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        stored = earlier.get(source.path)
        if link_to is not None and stored is not None and _is_same(source, stored):
            with contextlib.suppress(OSError):  # it is gone, or has too many links
                os.link(link_to / source.path, target)
                files[source.path] = stored
                continue
        with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
            files[source.path] = copy_file(source, target)


def copy_file(source: Source, target: Path) -> StoredFile:
    digest, size = hashlib.sha256(), 0
    with source.open() as original, open(target, "xb") as copy:
        while piece := original.read(PIECE):
            digest.update(piece)
            size += copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    target.chmod(0o600)
    return StoredFile(digest.hexdigest(), size, source.mtime_ns)


def new_name() -> str:
    """The moment, in the site's time zone."""
    return timezone.localtime().strftime("%Y-%m-%d_%H%M%S")


def is_name(text: str) -> bool:
    """Whether new_name could have made it."""
    if not NAME.fullmatch(text):
        return False
    with contextlib.suppress(ValueError):
        return bool(moment_of(text))
    return False


def moment_of(name: str) -> datetime:
    """The moment that new_name has named."""
    return timezone.make_aware(datetime.strptime(name, "%Y-%m-%d_%H%M%S"))  # noqa: DTZ007


def remove_backup(folder: Path, name: str) -> None:
    """Deletes a backup, inside only_one. Killed meanwhile, it leaves no half one behind."""
    going = folder / f"{UNFINISHED}{name}"
    (folder / name).rename(going)
    shutil.rmtree(going)
