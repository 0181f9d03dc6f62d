"""A site moves from SQLite to PostgreSQL and back, completely or not at all."""

import json
import sqlite3
from contextlib import closing

import psycopg
import pytest
from django.db import connection

from tests.databases.pack import FOLDER, unpack
from tests.programs import output_of
from upkeep.moving.move import Move, MoveError
from upkeep.moving.sides import Sqlite

pytestmark = pytest.mark.django_db
SETUP = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
django.setup()
from django.core.management import CommandError, call_command
"""
THERE = """
call_command("migrate", verbosity=0)
from boardsite.site_identity import settle
settle()

import psycopg

with psycopg.connect(os.environ["TO"], autocommit=True) as target:
    target.execute("CREATE TABLE boards_board (id bigint)")
    try:
        call_command("move_database", to=os.environ["TO"])
    except CommandError as error:
        print(error)
    target.execute("CREATE TABLE upkeep_unfinished_move (since timestamptz)")  # as a killed move
call_command("move_database", to=os.environ["TO"])
"""
CHECK = """
from boards import search
from boards.repair import recount
from boardsite.caching.triggers import is_installed
from boardsite.site_identity import settle
settle()
assert is_installed()
assert recount(repairs=False) == []
assert len(search.posts.find(search.ask("벚꽃"), limit=100)) > 50
assert len(search.comments.find(search.ask("사진도"), limit=100)) == 1
"""
LOOK = """
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
client = Client(headers={"host": "localhost"})
for address, words in (("/", "벚꽃"), ("/free/60/", "사진도 올려"), ("/search/?q=벚꽃", "벚꽃 60")):
    assert words in client.get(address).content.decode(), address
"""
BACK = """
call_command("move_database", to="sqlite:///" + os.environ["BACK"])
"""


def contents(path) -> dict[str, list]:
    """The rows of all tables, without what moves by itself."""
    side = Sqlite(path)
    with closing(side.connection) as rows:
        return {
            table: sorted(rows.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
            for table in side.tables() - {"boardsite_scopeversion", "boardsite_siteidentity"}
            if not table.endswith("_search")
        }


def generation(path) -> int:
    with closing(sqlite3.connect(path)) as rows:
        return rows.execute("SELECT generation FROM boardsite_siteidentity").fetchone()[0]


def numbers(path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as rows:
        return dict(rows.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0").fetchall())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a PostgreSQL server")
def test_a_site_moves_there_and_back(tmp_path, postgres):
    database, back = tmp_path / "db.sqlite3", tmp_path / "back.sqlite3"
    unpack(FOLDER / "1.0.0.sqlite3.gz", database)
    said = output_of(SETUP + THERE, tmp_path, seconds=900, TO=postgres)
    assert "옮길 곳이 비어 있지 않습니다: 표 1개" in said
    assert "행이 같습니다" in said
    assert f"DATABASE_URL={postgres}" in said
    moved = tmp_path / "db.sqlite3.moved"
    assert moved.exists()
    assert not database.exists()  # running workers cannot write into it any more
    assert generation(moved) == 1
    assert json.loads((tmp_path / "site.json").read_text())["generation"] == 2

    address = {"DATABASE_URL": postgres, "BACK": str(back)}
    said = output_of(SETUP + CHECK + BACK, tmp_path, seconds=900, **address)
    assert "행이 같습니다" in said
    assert generation(back) == 3
    before, after = contents(moved), contents(back)
    assert before.keys() == after.keys()
    assert [table for table in before if before[table] != after[table]] == []
    assert numbers(moved) == numbers(back)
    output_of(SETUP + CHECK + LOOK, tmp_path, seconds=900, DATABASE_URL=f"sqlite:///{back}")


def test_the_source_can_be_read_and_not_written_meanwhile(tmp_path):
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE words (word TEXT)")
        side = Sqlite(path)
        with closing(side.connection):
            side.lock()
            assert other.execute("SELECT count(*) FROM words").fetchone() == (0,)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("INSERT INTO words VALUES ('x')")
        other.execute("INSERT INTO words VALUES ('x')")


def test_an_address_that_cannot_be_read_shows_no_password(tmp_path):
    for address in (
        "postgres://boardsite:gehe/im@127.0.0.1:1/x",
        "postgres://boardsite:gehe@im@127.0.0.1:1/x",
        "postgres://boardsite:geheim@127.0.0.1:1/x?geheim",
    ):
        with pytest.raises((MoveError, psycopg.Error)) as failure:
            Move(address, print)._connect()
        for part in ("gehe", "im@"):
            assert part not in str(failure.value)
            assert part not in "".join(map(str, failure.value.args))


def test_the_tables_of_litestream_stay_where_they_are(tmp_path):
    side = Sqlite(tmp_path / "db.sqlite3")
    with closing(side.connection) as rows:
        for name in ("words", "_litestream_seq", "_litestream_lock"):
            rows.execute(f"CREATE TABLE {name} (id INTEGER)")
        assert side.tables() == {"words"}
