"""Moves the site from SQLite to PostgreSQL, or back (docs/decisions/0086).

All or nothing: until the last step the site uses the source, and an interrupted move is started
again from the beginning. The source is locked against writing, and reading goes on."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import environ
import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from boardsite import site_identity
from boardsite.env_file import set_variable
from boardsite.private_files import BESIDE_A_DATABASE
from upkeep.moving.odd_rows import find_odd_row
from upkeep.moving.searching import move_indexes
from upkeep.moving.sides import SEARCH, UNFINISHED, Postgres, Side, Sqlite, types_of
from upkeep.moving.values import Checksum, Type

Tell = Callable[[str], None]
NOT_COMPARED = {"boardsite_scopeversion"}  # `migrate` moves the site's version at the end
IDENTITY = "boardsite_siteidentity"
VANISHED = {"connect_timeout": 10, "tcp_user_timeout": 60_000, "keepalives_idle": 60}
"""After how many seconds (or milliseconds) a target that has vanished is given up. The source would be
locked until then."""


class MoveError(Exception):
    """A Korean explanation of why the site was not moved. It goes on with its database."""


def copy_table(source: Side, target: Side, table: str, columns: dict[str, Type]) -> Checksum:
    """Raises MoveError, which names the row that cannot be moved."""
    names, kinds = list(columns), list(columns.values())
    moved = Checksum(kinds)
    try:
        target.write(table, names, kinds, moved.watch(source.read(table, names, kinds)))
    except Exception as error:
        why = str(error).partition("\n")[0]
        if row := find_odd_row(error, source, table, columns, moved.count):
            words = _(
                "옮길 수 없는 값이 있습니다: %(row)s (%(why)s). 그 값을 고치고 다시 옮겨 주세요."
            )
            raise MoveError(words % {"row": row, "why": why}) from error
        raise MoveError(f"{table}: {why}") from error
    return moved


class Move:
    """From the database of the settings to the one at the address `to`."""

    def __init__(self, to: str, tell: Tell):
        self.to, self.tell = to, tell
        try:
            self.config = environ.Env.db_url_config(to)
        except Exception:  # environ raises what its parts raise, and quotes parts of the password
            words = _(
                "주소를 읽을 수 없습니다. 비밀번호의 특수 문자는 퍼센트 인코딩으로 적어 주세요."
            )
            raise MoveError(words) from None
        self.is_to_postgres = self.config["ENGINE"].endswith("postgresql")
        self.path = Path(self.config["NAME"])  # of a SQLite target
        self.unfinished = self.path.with_name(f"{self.path.name}.unfinished")

    def run(self) -> None:
        """Raises MoveError."""
        try:
            self._run()
        except (psycopg.Error, sqlite3.Error, OSError) as error:
            raise MoveError(_("옮기지 못했습니다: %s") % error) from error

    def _run(self) -> None:
        self._check()
        began = time.monotonic()
        target, source = self._prepare_target(), self._open_source()
        with closing(source.connection):
            source.lock()
            self.tell(_("옮기는 동안 글을 읽을 수는 있지만 쓸 수는 없습니다."))
            with closing(target.connection):
                self._copy(source, target)
            self._install_triggers()
            self._switch(source)
        self.tell(_("옮겼습니다(%s초).") % f"{time.monotonic() - began:,.0f}")

    def _check(self) -> None:
        here = "postgresql" if connection.vendor == "postgresql" else "sqlite"
        there = "postgresql" if self.is_to_postgres else "sqlite"
        if here == there or not self.config["ENGINE"].endswith((there, "sqlite3")):
            raise MoveError(
                _("SQLite와 PostgreSQL 사이에서만 옮깁니다. 다른 경우에는 백업을 복원해 주세요.")
            )
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise MoveError(_("먼저 manage.py migrate로 데이터베이스를 고쳐 주세요."))

    # -- the two sides ---------------------------------------------------------------------------
    def _open_source(self) -> Side:
        if connection.vendor == "sqlite":
            return Sqlite(connection.settings_dict["NAME"])
        of_django = ("context", "cursor_factory", "prepare_threshold")
        params: dict[str, Any] = connection.get_connection_params()
        known = {name: value for name, value in params.items() if name not in of_django}
        return Postgres(psycopg.connect(**known, autocommit=True))

    def _prepare_target(self) -> Side:
        """Creates its tables. What an unfinished move has left is deleted first."""
        if self.is_to_postgres:
            try:
                target = Postgres(self._connect())
            except psycopg.Error as error:
                raise MoveError(_("PostgreSQL에 연결할 수 없습니다: %s") % error) from error
            tables = target.tables()
            if tables and UNFINISHED not in tables:
                raise MoveError(_("옮길 곳이 비어 있지 않습니다: 표 %s개") % len(tables))
            target.drop_all()
            target.connection.execute(
                f"CREATE TABLE {UNFINISHED} (since timestamptz DEFAULT now())"
            )
            self._migrate(self.to)
            return target
        if self.path.exists():
            raise MoveError(_("옮길 곳에 파일이 이미 있습니다: %s") % self.path)
        for ending in BESIDE_A_DATABASE:
            Path(f"{self.unfinished}{ending}").unlink(missing_ok=True)
        self.unfinished.touch(0o600)
        self._migrate(f"sqlite:///{self.unfinished}")
        return Sqlite(self.unfinished)

    def _connect(self) -> psycopg.Connection:
        """To a target on PostgreSQL. Not by its address: libpq would read some passwords otherwise
        than Django, and quote parts of them in its errors."""
        names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        found = {name: self.config[key] for key, name in names.items() if self.config.get(key)}
        options = self.config.get("OPTIONS", {})
        known = {**VANISHED, **found, **options}
        return psycopg.connect(dbname=self.config["NAME"], **known, autocommit=True)

    def _migrate(self, address: str) -> None:
        self.tell(_("표를 만듭니다…"))
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity=0"]
        environment = {**os.environ, "DATABASE_URL": address, "DATABASE_REPLICA_URL": ""}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MoveError(
                (done.stderr.strip().splitlines() or [f"migrate: {done.returncode}"])[-1]
            )

    # -- the rows --------------------------------------------------------------------------------
    def _copy(self, source: Side, target: Side) -> None:
        types = (target if isinstance(target, Postgres) else source).types()  # type: ignore[union-attr]  # one of them is
        tables = sorted(target.tables() - {UNFINISHED, *SEARCH})
        if unknown := source.tables() - {
            *tables,
            *SEARCH,
            settings.CACHES["default"].get("LOCATION"),
        }:
            listed = ", ".join(sorted(unknown))
            raise MoveError(_("이 버전이 모르는 표가 있어 옮기지 않았습니다: %s") % listed)
        again = target.take_apart()
        target.empty()
        sums = {}
        for table in tables:
            sums[table] = copy_table(source, target, table, types_of(types, table))
            if sums[table].count:
                self.tell(f"{table} {sums[table].count:,}")
        for table, count in move_indexes(source, target):
            self.tell(f"{table} {count:,}")
        self.tell(_("색인을 만듭니다…"))
        target.put_together(again)
        target.set_numbers(source.numbers())
        self._compare(target, types, sums)
        self._set_generation(target)

    def _compare(self, target: Side, types: Any, sums: dict[str, Checksum]) -> None:
        self.tell(_("옮긴 것을 다시 읽어 비교합니다…"))
        different = []
        for table, expected in sums.items():
            columns = types_of(types, table)
            found = Checksum(list(columns.values()))
            for row in target.read(table, list(columns), list(columns.values())):
                found.add(row)
            if found != expected and table not in NOT_COMPARED:
                different.append(f"{table} {expected.pair} {found.pair}")
        if different:
            raise MoveError(_("옮긴 것이 다릅니다: %s") % "; ".join(different))
        rows = sum(each.count for each in sums.values())
        numbers = {"tables": f"{len(sums):,}", "rows": f"{rows:,}"}
        self.tell(_("표 %(tables)s개, %(rows)s행이 같습니다.") % numbers)

    def _set_generation(self, target: Side) -> None:
        """The source is the older one from now on: the site refuses to start with it."""
        target.connection.execute(f"UPDATE {IDENTITY} SET generation = generation + 1")

    def _install_triggers(self) -> None:
        """Those that invalidate cached pages; by `migrate`, like after each update."""
        self._migrate(self.to if self.is_to_postgres else f"sqlite:///{self.unfinished}")

    # -- the last step ---------------------------------------------------------------------------
    def _switch(self, source: Side) -> None:
        if self.is_to_postgres:
            with self._connect() as target:
                target.execute(f"DROP TABLE {UNFINISHED}")
        else:
            self._finish_file()
        is_noted = "DATABASE_URL" not in settings.FROM_ENVIRONMENT and set_variable(
            "DATABASE_URL", f"'{self.to}'"
        )
        if not is_noted:
            self.tell(_("설정을 이렇게 바꿔 주세요: DATABASE_URL=%s") % self.to)
        self._put_away(source)
        note = site_identity.read_note()
        if note is not None:
            site_identity.write_note(site_identity.Note(note.site, note.generation + 1))

    def _finish_file(self) -> None:
        with closing(Sqlite(self.unfinished).connection) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with open(self.unfinished, "rb") as file:
            os.fsync(file.fileno())
        self.unfinished.rename(self.path)

    def _put_away(self, source: Side) -> None:
        """So that workers that still run write nothing into it."""
        if isinstance(source, Sqlite):
            for ending in BESIDE_A_DATABASE:
                with suppress(FileNotFoundError):
                    os.rename(f"{source.path}{ending}", f"{source.path}.moved{ending}")
            self.tell(_("이전 데이터베이스: %s") % f"{source.path}.moved")
            return
        name = connection.settings_dict["NAME"]
        source.connection.execute("COMMIT")
        try:
            source.connection.execute(
                psycopg.sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(
                    psycopg.sql.Identifier(name)
                )
            )
            source.connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        except psycopg.Error as error:
            self.tell(_("이전 데이터베이스를 읽기 전용으로 바꾸지 못했습니다: %s") % error)
