"""Django's SQLite, with a queue for the writers of a machine.

SQLite takes one writer at a time and lets nobody queue: who finds it busy sleeps, each time longer, up
to a tenth of a second, while others begin. And who commits may have to move what is written into the
database itself (a checkpoint: two fsyncs). While others write on, that never comes to its end, and each
commit tries it again. So a transaction takes its turn before it begins, and keeps it until it is committed.

The queue is a courtesy and guards nothing: SQLite's own lock decides. Who has waited for PATIENCE goes
on without a turn, as does a program that knows of none. See docs/decisions/0002.

It also notices that the file of an open database was replaced or deleted (files.py, 0085).
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from boardsite.databases.sqlite3.files import OpenedFile, is_emptied, is_missing, recognise, report

PATIENCE = 1.0  # seconds; for what takes longer (a migration) SQLite's `timeout` is there
STEP = 0.001  # seconds between two looks


class DatabaseWrapper(base.DatabaseWrapper):
    _queue: int | None = None  # the open file `<database>-queue`, whose lock is the turn
    _file: OpenedFile | None = None
    _patience = PATIENCE

    @contextlib.contextmanager
    def limit_waits(self, milliseconds: int) -> Iterator[None]:
        """Transactions in the `with` block wait no longer for another writer: neither for a turn nor
        for SQLite's lock."""
        self.ensure_connection()
        usual = int(1000 * self.settings_dict["OPTIONS"].get("timeout", 5))
        self.connection.execute(f"PRAGMA busy_timeout={milliseconds}")
        self._patience = milliseconds / 1000
        try:
            yield
        finally:
            self._patience = PATIENCE
            if self.connection is not None:
                self.connection.execute(f"PRAGMA busy_timeout={usual}")

    @contextlib.contextmanager
    def limit_responses(self) -> Iterator[None]:
        """As PostgreSQL's. A file that is read needs none."""
        yield

    def get_new_connection(self, conn_params):
        name = self.settings_dict["NAME"]
        if self.alias == DEFAULT_DB_ALIAS and is_missing(name):
            raise base.Database.OperationalError(f"{name} is missing (0085)")
        connection = super().get_new_connection(conn_params)
        self._file = None if self.is_in_memory_db() else OpenedFile(name)
        if self._file is not None and self.alias == DEFAULT_DB_ALIAS:
            recognise(self._file)
        return connection

    def close_if_unusable_or_obsolete(self) -> None:
        if self.connection is not None and self.get_autocommit():
            # A connection to a file that could not be written stays read-only for ever.
            if self.errors_occurred or self._change():
                self._leave_file()
                return
        super().close_if_unusable_or_obsolete()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
            if self._change():  # now nobody else writes
                self.connection.rollback()
                self._require_saved("before a transaction")
                self.ensure_connection()
                super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()
        if self._change():
            self._require_saved("during a transaction")
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

    def _change(self) -> str:
        return self._file.change() if self._file is not None else ""

    def _require_saved(self, when: str) -> None:
        """Raises OperationalError if the commits in the file that was left are lost."""
        if not self._leave_file():
            raise OperationalError(f"The database was replaced {when}")

    def _leave_file(self) -> bool:
        """Closes the connection; the next query opens the file that is there now. Returns whether
        everything that was committed is in it."""
        change = self._change()
        is_saved = not change
        try:
            if change == "-wal deleted":
                # All processes still have the deleted one open: what it holds can be moved.
                busy = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                is_saved = not busy
            elif change == "-wal replaced" and self._file is not None:
                is_saved = is_emptied(self._file.wal)
        except base.Database.Error:
            is_saved = False
        finally:
            file = self._file
            self.close()
        if change and file is not None:
            report(file, change, is_main=self.alias == DEFAULT_DB_ALIAS, is_saved=is_saved)
        return is_saved

    def _take_turn(self) -> None:
        if self._queue is None:
            self._queue = self._open_queue()
        until = time.monotonic() + self._patience
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
        """None where no other process writes, where writers do not ask for the lock at the start, and
        where the file belongs to another account."""
        if self.is_in_memory_db() or self.transaction_mode != "IMMEDIATE":
            return None
        # A file of its own: closing the database's would end SQLite's locks in this whole process.
        # Root gives it to the database's owner, as SQLite does with the files beside a database.
        name = self.settings_dict["NAME"]
        with contextlib.suppress(PermissionError):
            queue = os.open(f"{name}-queue", os.O_RDONLY | os.O_CREAT, 0o600)
            with contextlib.suppress(PermissionError):
                if os.geteuid() == 0:
                    owner = os.stat(name)
                    os.fchown(queue, owner.st_uid, owner.st_gid)
            return queue
        return None
