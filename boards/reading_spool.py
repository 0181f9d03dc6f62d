"""Views of posts, and how far members have read, on their way from the reader to the database: a line
in a file, counted soon after.

To take a view costs its reader one question and one write(2), and waits for nobody; were each view a
transaction, SQLite would do little else. Each process writes a file of its own in DATA_DIR/reading and
has it counted every settings.VIEWS_WRITE_SECONDS. One that is killed leaves its file, which another
counts. So none is lost, and none counts twice, for to count the same again changes nothing
(docs/decisions/0004).
"""

import datetime
import fcntl
import logging
import os
import secrets
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from boards.actions.reading import (
    Mark,
    View,
    count_view,
    count_views,
    mark_read,
    views_with,
)
from boardsite import background

logger = logging.getLogger(__name__)

RECORD = struct.Struct("<cqqq")
VIEW, MARK = b"v", b"m"  # of a View (its day as date.toordinal), of a Mark
LOOK_SECONDS = 10.0  # between two looks for files whose process is gone


def take_view(
    *, post: int, visitor: int, day: datetime.date, told: tuple[int, int] | None = None
) -> int:
    """Has a view counted within settings.VIEWS_WRITE_SECONDS (0: at once), unless `visitor` has read
    that post on `day` already. Returns its views with this one; 0 when there is no such post.

    `told`: what has just been answered to `views_question` about it.
    """
    if not settings.VIEWS_WRITE_SECONDS:
        return count_view(post=post, visitor=visitor, day=day)
    views, is_counted = told or views_with(View(post, day, visitor))
    if is_counted:
        return views
    try:
        _write(RECORD.pack(VIEW, post, visitor, day.toordinal()))
    except OSError:
        logger.exception("A view could not be written down, and is counted at once")
        return count_view(post=post, visitor=visitor, day=day)
    return views + 1


def take_mark(*, member: int, post: int, comment: int) -> None:
    """Has it remembered within settings.VIEWS_WRITE_SECONDS (0: at once) how far a member has read."""
    if not settings.VIEWS_WRITE_SECONDS:
        mark_read([Mark(member, post, comment)])
        return
    try:
        _write(RECORD.pack(MARK, member, post, comment))
    except OSError:
        logger.exception("A mark could not be written down, and is remembered at once")
        mark_read([Mark(member, post, comment)])


class Spool:
    """An open file of views and marks, which nobody else counts or deletes until it is closed."""

    def __init__(self, path: Path, number: int):
        self.path, self.number = path, number

    @classmethod
    def make(cls) -> "Spool":
        folder = settings.DATA_DIR / "reading"
        folder.mkdir(exist_ok=True)
        while True:
            path = folder / secrets.token_hex(8)
            number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            fcntl.flock(number, fcntl.LOCK_EX)
            if os.fstat(number).st_nlink:
                return cls(path, number)
            os.close(number)  # somebody took it for one that was left, before it was locked

    @classmethod
    def left(cls) -> Iterator["Spool"]:
        """Those whose processes are gone."""
        for path in sorted((settings.DATA_DIR / "reading").glob("*")):
            try:
                number = os.open(path, os.O_RDWR)
            except FileNotFoundError:
                continue  # another process was faster
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(number)
                continue
            yield cls(path, number)

    def write(self, record: bytes) -> None:
        """Raises OSError where the disk takes no more."""
        if os.write(self.number, record) != len(record):
            raise OSError("The disk is full")

    def count(self) -> None:
        """Has what it holds counted and deletes it; where that fails, all is as before."""
        content = os.pread(self.number, os.fstat(self.number).st_size, 0)
        whole = len(content) - len(content) % RECORD.size  # a write may have been cut off
        records = list(RECORD.iter_unpack(content[:whole]))
        count_views(
            View(post, datetime.date.fromordinal(day), visitor)
            for kind, post, visitor, day in records
            if kind == VIEW
        )
        mark_read(Mark(*rest) for kind, *rest in records if kind == MARK)
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        os.close(self.number)


_lock = threading.Lock()
_spool: Spool | None = None  # what is being written
_full: list[Spool] = []  # what waits to be counted
_counting = threading.Lock()


def count_now() -> None:
    """Counts what this process has taken. While the database is away it is kept for the next time."""
    global _spool
    with _counting:
        with _lock:
            if _spool is not None:
                _full.append(_spool)
                _spool = None
        while _full:
            if not _is_counted(_full[0]):
                return
            del _full[0]


def count_left() -> None:
    """Counts what processes have left that are gone."""
    for spool in Spool.left():
        if not _is_counted(spool):
            spool.close()
            return


def _is_counted(spool: Spool) -> bool:
    try:
        spool.count()
    except Exception:
        logger.exception("Views could not be counted yet")
        return False
    return True


def _write(record: bytes) -> None:
    global _spool
    background.repeat(count_now, every=settings.VIEWS_WRITE_SECONDS)
    background.repeat(count_left, every=LOOK_SECONDS)
    with _lock:
        if _spool is None:
            _spool = Spool.make()
        try:
            _spool.write(record)
        except OSError:  # the file may end with half a record: nothing more goes into it
            _full.append(_spool)
            _spool = None
            raise
