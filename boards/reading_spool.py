"""A write buffer for views and read marks: spool files that are counted soon after.

A view costs its reader one query and one write(2) and waits for no lock; with a transaction per
view, SQLite could do little else. Each process appends to a file of its own in DATA_DIR/reading and
counts it every settings.VIEWS_WRITE_SECONDS. If a process is killed, another process counts its
file. While the disk takes no record, records wait in memory. No view is lost, and none counts
twice, because counting is idempotent (docs/decisions/0004).
"""

import datetime
import fcntl
import logging
import os
import secrets
import struct
import threading
from collections.abc import Callable, Iterator
from functools import partial
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
from boardsite.databases.outages import Outage
from boardsite.scheduling import background

logger = logging.getLogger(__name__)
disk = Outage("The folder for views", seconds=5)

RECORD = struct.Struct("<cqqq")
VIEW, MARK = b"v", b"m"  # record types: a View (its day as date.toordinal), a Mark
LAST_DAY = datetime.date.max.toordinal()
MAX_IN_MEMORY = 100_000
"""Records that wait in memory, some 6 MB, while the disk takes none. Further ones are lost."""
LOOK_SECONDS = 10.0  # between two searches for files of dead processes


def take_view(
    *, post: int, visitor: int, day: datetime.date, result: tuple[int, int] | None = None
) -> int:
    """Buffers a view, unless `visitor` has read that post on `day`; returns its views including
    this one.

    It is counted within settings.VIEWS_WRITE_SECONDS (0: at once). Returns 0 if the post does not
    exist. `result` is the result of `views_query_of` if the caller already has it.
    """
    if not settings.VIEWS_WRITE_SECONDS:
        return count_view(post=post, visitor=visitor, day=day)
    views, is_counted = result or views_with(View(post, day, visitor))
    if is_counted:
        return views
    _write(RECORD.pack(VIEW, post, visitor, day.toordinal()))
    return views + 1


def note_view(*, post: int, visitor: int, day: datetime.date) -> None:
    """Buffers a view of a post while the database cannot be read. Counted once, as others are."""
    if settings.VIEWS_WRITE_SECONDS:
        _write(RECORD.pack(VIEW, post, visitor, day.toordinal()))


def take_mark(*, member: int, post: int, comment: int) -> None:
    """Buffers how far a member has read; stored within settings.VIEWS_WRITE_SECONDS (0: at once)."""
    if not settings.VIEWS_WRITE_SECONDS:
        mark_read([Mark(member, post, comment)])
        return
    _write(RECORD.pack(MARK, member, post, comment))


class Spool:
    """An open spool file, locked so that no other process counts or deletes it."""

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
            os.close(number)  # another process took it for an orphan before it was locked

    @classmethod
    def left(cls) -> Iterator["Spool"]:
        """The spool files of dead processes."""
        for path in sorted((settings.DATA_DIR / "reading").glob("*")):
            try:
                number = os.open(path, os.O_RDWR)
            except OSError:
                continue  # another process was faster, or it is none of the site's own files
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(number)
                continue
            yield cls(path, number)

    def write(self, record: bytes) -> None:
        """Raises OSError if the disk is full."""
        if os.write(self.number, record) != len(record):
            raise OSError("The disk is full")

    def count(self) -> None:
        """Counts the content and deletes the file; on an exception nothing changes."""
        content = os.pread(self.number, os.fstat(self.number).st_size, 0)
        count_records(content[: len(content) - len(content) % RECORD.size])  # the last may be torn
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        os.close(self.number)


def count_records(content: bytes) -> None:
    """Counts and stores what whole records say. Idempotent. Others, of a damaged file, are left out."""
    records = list(RECORD.iter_unpack(content))
    count_views(
        View(post, datetime.date.fromordinal(day), visitor)
        for kind, post, visitor, day in records
        if kind == VIEW and 0 < day <= LAST_DAY
    )
    mark_read(Mark(*rest) for kind, *rest in records if kind == MARK)


_lock = threading.Lock()
_spool: Spool | None = None  # the file that is being written
_full: list[Spool] = []  # the files that wait to be counted
_in_memory: dict[bytes, None] = {}  # records that no file could take
_counting = threading.Lock()


def count_now() -> None:
    """Counts what this process has buffered. If the database is unavailable, it stays for the next
    time."""
    global _spool
    with _counting:
        with _lock:
            if _spool is not None:
                _full.append(_spool)
                _spool = None
        while _full:
            if not _is_counted(_full[0].count):
                return
            del _full[0]
        records = list(_in_memory)
        if records and _is_counted(partial(count_records, b"".join(records))):
            with _lock:
                for record in records:
                    del _in_memory[record]


def count_left() -> None:
    """Counts the files of dead processes."""
    for spool in Spool.left():
        if not _is_counted(spool.count):
            spool.close()
            return


def _is_counted(count: Callable[[], None]) -> bool:
    try:
        count()
    except Exception:
        logger.exception("Views could not be counted yet")
        return False
    return True


def _write(record: bytes) -> None:
    global _spool
    background.repeat(count_now, every=settings.VIEWS_WRITE_SECONDS)
    background.repeat(count_left, every=LOOK_SECONDS)
    with _lock:
        if not disk.may_ask():
            _remember(record)
            return
        try:
            if _spool is None:
                _spool = Spool.make()
            _spool.write(record)
        except OSError as error:
            disk.begin(error)
            _remember(record)
            if _spool is not None:  # it may end with half a record, so it gets no further ones
                _full.append(_spool)
                _spool = None
        else:
            disk.end()


def _remember(record: bytes) -> None:
    if len(_in_memory) < MAX_IN_MEMORY:
        _in_memory[record] = None
