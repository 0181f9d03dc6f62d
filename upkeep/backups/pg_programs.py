"""The client programs of PostgreSQL: pg_dump, pg_restore and psql."""

import os
import subprocess
from pathlib import Path
from typing import IO, Any

from django.db.backends.postgresql.client import DatabaseClient
from django.utils.translation import gettext as _

from upkeep.backups.manifest import BackupError
from upkeep.backups.programs import Program

Pipe = int | IO[Any]


def start(
    program: str,
    database: dict[str, Any] | None,
    *arguments: str,
    stdin: Pipe = subprocess.DEVNULL,
    stdout: Pipe = subprocess.DEVNULL,
) -> Program:
    """Starts the program on `database`, an item of settings.DATABASES, or on none."""
    address: list[str] = []
    environment = None
    if database is not None:
        words, environment = DatabaseClient.settings_to_cmd_args_env(database, [])
        *address, name = words[1:]
        address += ["--no-password", f"--dbname={name}"]
    try:
        return Program(
            [program, *address, *arguments],
            env={**os.environ, **(environment or {})},
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError:
        raise BackupError(
            _("%s 프로그램이 없습니다. PostgreSQL의 postgresql-client를 설치해 주세요.") % program
        ) from None


def finish(program: Program) -> bytes:
    """Waits for the program and gives its output. Raises BackupError with the last of its words if
    it failed."""
    output, errors = program.communicate()
    program.require_in_time()
    if program.returncode:
        raise BackupError(
            _("PostgreSQL의 %(program)s: %(words)s")
            % {"program": program.name, "words": last_words(errors)}
        )
    return output or b""


def last_words(errors: bytes) -> str:
    return " ".join(errors.decode("utf-8", "replace").strip().splitlines()[-3:])[:500]


def list_without_schema(dump: Path) -> bytes:
    """The dump's table of contents without the schema itself, which exists already: for the option
    --use-list of pg_restore. A database whose schema was once moved aside dumps it by name."""
    listing = finish(start("pg_restore", None, "--list", str(dump), stdout=subprocess.PIPE))
    lines = listing.splitlines(keepends=True)
    return b"".join(line for line in lines if not _is_about_the_schema(line))


def _is_about_the_schema(line: bytes) -> bool:
    """Lines are like "5; 2615 2200 SCHEMA - public owner"."""
    words = line.partition(b"; ")[2].split()[2:]
    return words[:2] == [b"SCHEMA", b"-"] or words[:3] in (
        [b"COMMENT", b"-", b"SCHEMA"],
        [b"ACL", b"-", b"SCHEMA"],
    )
