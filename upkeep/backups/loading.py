"""A database from a backup: into an empty place, or in the place of the one that is there."""

import contextlib
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.db import connection
from django.utils.translation import gettext as _

from upkeep.backups import pg_programs
from upkeep.backups.manifest import BackupError

RESTRICT = re.compile(rb"(?:--[^\n]*\n|\n)*\\restrict \w+\n")
"""How the script of pg_restore begins since August 2025 (CVE-2025-8714). Until a line that only this
script knows, psql then refuses all commands of its own, as `\\!`, which runs a program."""
LOCK = 0x626F_6172  # the advisory lock of PostgreSQL that a restore holds until its commit
PIECE = 256 * 1024  # bytes


@contextlib.contextmanager
def contents_list(dump: Path) -> Iterator[str]:
    """The option of pg_restore that leaves the schema itself out."""
    with tempfile.NamedTemporaryFile(prefix="boardsite-") as file:
        file.write(pg_programs.list_without_schema(dump))
        file.flush()
        yield f"--use-list={file.name}"


def require_scratch_databases() -> None:
    """Raises BackupError if the role may not create databases."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            words = _(
                "시험 삼아 복원할 데이터베이스를 만들 권한이 없습니다. PostgreSQL에서 "
                "ALTER ROLE … CREATEDB를 실행해 주세요."
            )
            raise BackupError(words)


def scratch_name(folder: Path) -> str:
    """The name of the scratch database that belongs to a scratch folder."""
    return "boardsite" + re.sub(r"\W", "_", folder.name.lower())


@contextlib.contextmanager
def scratch_database(dump: Path, name: str) -> Iterator[dict[str, Any]]:
    """A new database with the contents of `dump` on the site's server, dropped at the end of the
    block."""
    database = {**connection.settings_dict, "NAME": name}
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        with contents_list(dump) as use_list:
            pg_programs.finish(
                pg_programs.start(
                    *("pg_restore", database, "--no-owner", "--exit-on-error"), use_list, str(dump)
                )
            )
        yield database
    finally:
        drop_database(name)


def drop_database(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def replace_schema(dump: Path, aside: str) -> None:
    """Renames the schema with the site's tables to `aside` and restores `dump` in its place, in one
    transaction. The next owner of LOCK sees all of it or nothing, even if this process was
    killed: psql does not commit unless we send it the last line."""
    psql = pg_programs.start(
        *("psql", connection.settings_dict, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
        stdin=subprocess.PIPE,
    )
    with contents_list(dump) as use_list:
        script = pg_programs.start(
            *("pg_restore", None, "--no-owner", "--no-privileges", "--file=-", use_list, str(dump)),
            stdout=subprocess.PIPE,
        )
        assert psql.stdin is not None  # noqa: S101
        assert script.stdout is not None  # noqa: S101
        try:
            psql.stdin.write(
                "BEGIN;\n"
                "SET statement_timeout = 0;\n"
                f"SELECT pg_advisory_xact_lock({LOCK});\n"
                f'ALTER SCHEMA public RENAME TO "{aside}";\n'
                "CREATE SCHEMA public;\n".encode()
            )
            for piece in _restricted(script.stdout):
                psql.stdin.write(piece)
            pg_programs.finish(script)
            psql.stdin.write(b"\nCOMMIT;\n")
        except BrokenPipeError:
            pass  # its words say why it ended
        finally:
            script.kill()  # it has ended, unless psql did not read all of it
            for program in (script, psql):
                with contextlib.suppress(BrokenPipeError):
                    if program.stdin:
                        program.stdin.close()
            psql.stdin = None
        pg_programs.finish(psql)


def _restricted(script: IO[bytes]) -> Iterator[bytes]:
    """The script in pieces. Raises BackupError if psql would run programs of the author of the dump."""
    piece = script.read(PIECE)
    if piece and not RESTRICT.match(piece):
        script.close()
        raise BackupError(
            _(
                "이 컴퓨터의 psql은 백업에 든 명령을 실행할 수 있어 복원하지 않았습니다. "
                "postgresql-client를 최신 버전으로 업데이트해 주세요."
            )
        )
    while piece:
        yield piece
        piece = script.read(PIECE)


def has_schema(name: str) -> bool:
    """Whether the transaction of replace_schema was committed. Waits for one that still runs."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [name])
            return cursor.fetchone()[0] > 0
    finally:
        own.close()
