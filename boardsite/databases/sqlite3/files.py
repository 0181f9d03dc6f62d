"""Whether the file of an open SQLite database is still the one at its path.

A process goes on reading and writing a file, or a -wal, that has been replaced or deleted, and what
it commits there is lost with its last process. So each connection remembers the inodes of both, and
compares them when a request begins, after each BEGIN and after each COMMIT."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connections

logger = logging.getLogger(__name__)

NOTE = "site.json"  # in DATA_DIR: written by boardsite.site_identity
Inode = tuple[int, int]

when_replaced: list[Callable[[], None]] = []
"""Called once, in a thread of its own, when this process has noticed that the site's database was
replaced: apps and the server add to it."""

_lock = threading.Lock()
_reported: set[tuple[str, str, Inode | None]] = set()
_known: dict[str, Inode | None] = {}  # the file of each path


class OpenedFile:
    """The database file of a connection that has just been opened."""

    def __init__(self, path: str):
        self.path, self.wal_path = path, f"{path}-wal"
        self.database = inode(path)
        self.wal: Inode | None = None  # SQLite creates it with the first query

    def change(self) -> str:
        """Says what has been "replaced" or "deleted" since; "" for nothing."""
        now = inode(self.path)
        if now != self.database:
            return "database deleted" if now is None else "database replaced"
        wal = inode(self.wal_path)
        if wal != self.wal:
            if self.wal is not None:
                return "-wal deleted" if wal is None else "-wal replaced"
            self.wal = wal
        return ""


def inode(path: str) -> Inode | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_missing(path: str) -> bool:
    """Whether the site has a database that is not at `path`. SQLite would create an empty one."""
    has_site = settings.SITE_ID or os.path.exists(Path(settings.DATA_DIR) / NOTE)
    return bool(has_site) and not os.path.exists(path)


def begin_process() -> None:
    """To be called in a worker: what its parent has read from does not count."""
    _known.clear()
    _reported.clear()


def recognise(opened: OpenedFile) -> None:
    """To be called for each new connection to the site's own database: the first one of a process
    decides which file this process has read from."""
    if _known.setdefault(opened.path, opened.database) != opened.database:
        report(opened, "database replaced", is_main=True, is_saved=False)


def is_emptied(wal: Inode | None) -> bool:
    """Whether the replaced -wal that this process still has open holds nothing any more, because
    another process has moved its contents into the database."""
    for name in os.listdir("/dev/fd"):
        try:
            found = os.fstat(int(name))
        except OSError:
            continue
        if (found.st_dev, found.st_ino) == wal:
            return found.st_size == 0
    return False


def report(opened: OpenedFile, change: str, *, is_main: bool, is_saved: bool) -> None:
    """Logs the change once in this process, and calls `when_replaced` unless the same rows are
    still there. `is_saved`: no commit was lost by it."""
    with _lock:
        known = (opened.path, change, opened.wal if "-wal" in change else opened.database)
        if known in _reported:
            return
        _reported.add(known)
    if not is_main:
        logger.warning("%s: %s; it is opened again", opened.path, change)
        return
    lost = "nothing was lost" if is_saved else "the latest writes may be lost"
    logger.critical("%s: %s while the site was running; %s", opened.path, change, lost)
    if change.startswith("database"):
        _known[opened.path] = inode(opened.path)
    if not is_saved and change != "database deleted":  # not before there is one: `recognise`
        threading.Thread(target=_call_all, name="replaced", daemon=False).start()


def _call_all() -> None:
    try:
        for call in when_replaced:
            try:
                call()
            except Exception:
                logger.exception("%s failed", getattr(call, "__qualname__", call))
    finally:
        connections.close_all()
