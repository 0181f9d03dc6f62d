"""Whether this process is the only one that uses the database."""

import contextlib
import sqlite3
import time
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from upkeep.backups.manifest import BackupError

PATIENCE = 3.0  # seconds, for sessions of PostgreSQL that are just ending


def check_nobody_is_here() -> None:
    """Raises BackupError if another process uses the database. SQLite's is made one file."""
    connection.close()
    words = _("사이트가 아직 돌고 있습니다. 사이트와 정기 작업을 멈춘 뒤에 다시 해 주세요.")
    if connection.vendor != "sqlite":
        until = time.monotonic() + PATIENCE
        while _has_other_sessions():
            if time.monotonic() > until:
                raise BackupError(words)
            time.sleep(0.1)
    elif _is_sqlite(path := Path(connection.settings_dict["NAME"])):
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as database:
            try:
                # Leaving WAL mode needs the file for oneself.
                database.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise BackupError(words) from None
            except sqlite3.DatabaseError:
                pass  # it is damaged, and moved aside as it is


def _is_sqlite(path: Path) -> bool:
    """Whether the file begins like a database. One that does not is left alone: SQLite would delete
    the -wal beside it."""
    if not path.exists():
        return False
    with open(path, "rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _has_other_sessions() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    connection.close()
    return others > 0
