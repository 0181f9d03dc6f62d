"""Protects the site's stored data (password hashes, messages, keys) from other accounts of the
machine.

Every process calls protect() when it starts. From then on new files and folders are readable for
its own account alone (umask), and existing ones lose their other permissions. Uploaded files have
the modes of FILE_UPLOAD_PERMISSIONS, which allow the site's group to read them; a web server in
that group can reach them only with ACCEL_REDIRECT."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

UMASK = 0o077
SPOOL = "reading"  # boards.reading_spool
BESIDE_A_DATABASE = ("", "-wal", "-shm", "-journal", "-queue")


def protect() -> None:
    """Sets the umask, and removes other accounts' permissions on stored files and `.env`. Files
    that belong to another account stay as they are."""
    os.umask(UMASK)
    folder = Path(settings.DATA_DIR)
    # With ACCEL_REDIRECT the group may pass through to media/, but not list the folder.
    _limit(folder, stat.S_IRWXU | (stat.S_IXGRP if settings.ACCEL_REDIRECT else 0), exactly=True)
    for path in _stored(folder):
        _limit(path, stat.S_IRWXU)
    # A service may read it through its group.
    _limit(Path(settings.BASE_DIR) / ".env", stat.S_IRWXU | stat.S_IRWXG)


def _stored(folder: Path) -> Iterator[Path]:
    """Database files (wherever they are), other files of DATA_DIR, and the spool files."""
    for database in settings.DATABASES.values():
        if database["ENGINE"].endswith("sqlite3"):
            yield from (Path(f"{database['NAME']}{ending}") for ending in BESIDE_A_DATABASE)
    yield folder / SPOOL
    for place in (folder, folder / SPOOL):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            yield from (entry for entry in place.iterdir() if entry.is_file())


def _limit(path: Path, allowed: int, *, exactly: bool = False) -> None:
    """Removes every permission that is not in `allowed`. With `exactly` it also adds the missing
    ones."""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = allowed if exactly else mode & allowed
        # a sticky folder such as /tmp belongs to everybody
        if mode != wanted and not mode & stat.S_ISVTX:
            path.chmod(wanted)
