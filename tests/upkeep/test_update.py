"""An update is rehearsed on a copy, made with a backup, and rolled back; by real commands on a site of
an older version."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import psycopg
import pytest
from django.db import connection

from tests.databases.pack import FOLDER, unpack
from tests.sources import ROOT
from tests.upkeep.sites import environment_of
from upkeep.backups.loading import scratch_name

pytestmark = pytest.mark.django_db(transaction=True)
OF_1_0 = FOLDER / "1.0.0.sqlite3.gz"
IS_FILE = connection.vendor == "sqlite"
if IS_FILE:  # 1.0.0 has no such table
    BREAK = "CREATE TABLE boardsite_siteidentity (id integer)"
    REPAIR = "DROP TABLE boardsite_siteidentity"
else:
    BREAK = "ALTER TABLE boardsite_siteidentity RENAME TO elsewhere"
    REPAIR = "ALTER TABLE elsewhere RENAME TO boardsite_siteidentity"


class OldSite:
    """A site of an older version, whose code was just replaced by this one."""

    def __init__(self, site, backups):
        self.site, self.backups = site, backups
        if IS_FILE:
            site.data.mkdir()
            unpack(OF_1_0, site.data / "db.sqlite3")
        else:
            site.prepare()
            assert site.manage("migrate", "boardsite", "0008", "--verbosity=0").returncode == 0

    def manage(self, *words: str, status: int = 0) -> str:
        done = self.site.manage(*words)
        said = done.stdout + done.stderr
        assert done.returncode == status, said
        return said

    def sql(self, query: str) -> list:
        """The rows of a query, or [] of another statement, outside of the site's own code."""
        if IS_FILE:
            with closing(sqlite3.connect(self.site.data / "db.sqlite3")) as own, own:
                return own.execute(query).fetchall()
        with closing(psycopg.connect(self.site.url, autocommit=True)) as server:
            found = server.execute(query)
            return found.fetchall() if found.description else []

    def migrations(self) -> set:
        return set(self.sql("SELECT app, name FROM django_migrations"))

    def fingerprint(self) -> object:
        """What a rehearsal must leave as it is."""
        if IS_FILE:
            with closing(sqlite3.connect(self.site.data / "db.sqlite3")) as own:
                return "\n".join(own.iterdump()), self.names()
        tables = self.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(tables), self.migrations(), self.names()

    def names(self) -> list[str]:
        beside = ("-wal", "-shm")  # of a database that somebody has opened
        paths = (path.name for path in self.site.data.iterdir())
        return sorted(name for name in paths if not name.endswith(beside))

    def made_backups(self) -> list[str]:
        return sorted(path.name for path in self.backups.iterdir() if path.name[0].isdigit())


@pytest.fixture
def old_site(new_site, backups):
    return OldSite(new_site(), backups)


def test_an_update_is_rehearsed_made_and_taken_back(old_site):
    before, fingerprint = old_site.migrations(), old_site.fingerprint()
    said = old_site.manage("update_check")
    assert re.search(r"boardsite\.0010_note_the_version: \d", said)
    assert re.search(r"필요한 디스크: \d+ MB \(남은 곳 [\d,]+ MB\)", said)
    assert "업데이트할 수 있습니다." in said
    assert old_site.fingerprint() == fingerprint
    assert [path.name for path in old_site.backups.iterdir()] == [".lock"]

    said = old_site.manage("update", "--from-commit", "abc123")
    [backup] = old_site.made_backups()
    assert f"백업: {backup}" in said
    assert ("boardsite", "0010_note_the_version") in old_site.migrations()
    assert "데이터베이스는 버전" in old_site.manage("update")
    assert old_site.made_backups() == [backup]  # there was nothing to do
    assert old_site.manage("rollback", "--show-commit").strip() == "abc123"

    said = old_site.manage("rollback", status=1)  # nobody answers
    assert "되돌리지 않았습니다" in said
    assert "그 밖의 글과 회원은 모두 남습니다" in said
    assert ("boardsite", "0010_note_the_version") in old_site.migrations()
    posts = old_site.sql("SELECT count(*) FROM boards_post")
    said = old_site.manage("rollback", "--yes")
    assert "코드를" in said
    assert "abc123" in said
    assert old_site.migrations() == before
    assert old_site.sql("SELECT count(*) FROM boards_post") == posts
    assert "되돌릴 업데이트가 없습니다" in old_site.manage("rollback", "--yes", status=1)


def test_an_update_that_fails_is_announced_continued_or_taken_back(old_site):
    before = old_site.migrations()
    old_site.sql(BREAK)
    said = old_site.manage("update_check", status=1)
    assert "문제:" in said
    assert "siteidentity" in said
    assert old_site.migrations() == before
    said = old_site.manage("update", status=1)
    assert "도중에 멈췄습니다" in said
    assert "manage.py rollback" in said
    backups = old_site.made_backups()
    old_site.sql(REPAIR)
    assert "중단된 업데이트를 이어서" in old_site.manage("update")
    assert old_site.made_backups() == backups
    old_site.manage("rollback", "--yes", "--no-backup")
    assert old_site.migrations() == before


def test_what_cannot_be_reversed_is_restored_and_the_losses_are_announced(old_site):
    """As with old code, or a migration without a way back."""
    before = old_site.migrations()
    old_site.manage("update")
    old_site.sql(
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('boards', '9999_of_tomorrow', '2030-01-01')"
    )
    old_site.sql(
        "INSERT INTO boards_boardgroup (slug, name, position, is_private)"
        " VALUES ('new', '새 그룹', 99, false)"
    )
    assert "9999_of_tomorrow" in old_site.manage("update", status=1)
    said = old_site.manage("rollback", "--yes")
    assert "boards_boardgroup: +1" in said
    assert "업데이트하기 전의 백업을 복원합니다" in said
    assert old_site.migrations() == before
    assert old_site.sql("SELECT count(*) FROM boards_boardgroup WHERE name = '새 그룹'") == [(0,)]


def test_a_killed_rehearsal_leaves_nothing_once_another_one_has_run(old_site):
    program = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "update_check"],
        env=environment_of(old_site.site),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while not list(old_site.backups.glob(".checking-*/*")):
        assert program.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1)
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    [killed] = old_site.backups.glob(".checking-*")
    old_site.manage("update_check")
    assert [path.name for path in old_site.backups.iterdir()] == [".lock"]
    if not IS_FILE:  # other sites on this server rehearse, too
        scratch = f"SELECT datname FROM pg_database WHERE datname = '{scratch_name(killed)}'"
        assert old_site.sql(scratch) == []
