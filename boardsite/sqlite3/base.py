"""Django's SQLite, with a queue for the writers of a machine.

SQLite takes one writer at a time and lets nobody queue: who finds it busy sleeps, each time longer, up
to a tenth of a second, while others begin. And who commits may have to move what is written into the
database itself (a checkpoint: two fsyncs). While others write on, that never comes to its end, and each
commit tries it anew. So a transaction takes its turn before it begins, and keeps it until it is committed.

The queue is a courtesy and guards nothing: SQLite's own lock decides. Who has waited for PATIENCE goes
on without a turn, as does a program that knows of none. See docs/decisions/0002.
"""

import fcntl
import os
import time

from django.db.backends.sqlite3 import base
from django.db.backends.utils import CursorWrapper

PATIENCE = 1.0  # seconds; for what takes longer (a migration) SQLite's `timeout` is there
STEP = 0.001  # seconds between two looks


class DatabaseWrapper(base.DatabaseWrapper):
    _queue: int | None = None  # the open file `<database>-queue`, whose lock is the turn

    def prepared_cursor(self) -> CursorWrapper:
        """As that of boardsite.postgresql: SQLite's connections keep all statements prepared."""
        return self.cursor()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            if self._queue is not None:
                os.close(self._queue)
                self._queue = None

    def _take_turn(self) -> None:
        if self._queue is None:
            self._queue = self._open_queue()
        until = time.monotonic() + PATIENCE
        while self._queue is not None and time.monotonic() < until:
            try:
                fcntl.flock(self._queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(STEP)
            else:
                break

    def _end_turn(self) -> None:
        if self._queue is not None:
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    def _open_queue(self) -> int | None:
        """None where nobody else writes, or only those who begin without asking for the lock."""
        if self.is_in_memory_db() or self.transaction_mode != "IMMEDIATE":
            return None
        # A file of its own: closing the database's would end SQLite's locks in this whole process.
        # Opened to be read, so that whoever may write the database may wait, whoever made the file.
        return os.open(f"{self.settings_dict['NAME']}-queue", os.O_RDONLY | os.O_CREAT, 0o644)
