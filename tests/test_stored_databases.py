"""This version opens, migrates and reads the databases of earlier releases, with any supported
Django."""

import sqlite3
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import Member
from boards import repair
from boards.models import Post
from tests.databases.pack import FOLDER, unpack
from tests.plans import indexes_of

RELEASES = sorted(FOLDER.glob("*.sqlite3.gz"))
PAGES = {  # the text that each page shows, and the partial indexes that it uses
    "/": ("벚꽃", set()),
    "/free/": ("답변글", {"post_threads", "post_notices", "post_site_notices"}),
    "/free/?page=3": ("벚꽃 3", {"post_threads"}),
    "/free/?category=1": ("벚꽃 59", {"post_threads_category"}),
    "/free/?sort=likes": ("벚꽃 60", {"post_by_likes"}),
    "/free/?sort=views": ("벚꽃 60", {"post_by_views"}),
    "/free/60/": ("사진도 올려 주세요", {"post_threads"}),
    "/free/bin/": ("벚꽃 2", {"post_gone"}),
    "/members/minji/": ("벚꽃 60", set()),
    "/search/?q=벚꽃": ("벚꽃 60", set()),
    "/tags/봄/": ("벚꽃 60", set()),
    "/my/posts/": ("전체 공지", set()),
    "/notifications/": ("알림", set()),
    "/admin/accounts/member/?pending=1": ("기다림", {"member_pending"}),
}

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="they are databases of SQLite"),
    pytest.mark.parametrize("stored", RELEASES, indirect=True, ids=lambda path: path.name),
]


def tables(database) -> dict[str, set]:
    """The columns of tables and indexes, and the names of triggers. Django versions differ in the
    wording of some definitions."""
    of_index = "SELECT name FROM pragma_index_info(?)"
    of_table = 'SELECT name, type, "notnull", pk > 0 FROM pragma_table_xinfo(?)'
    with closing(sqlite3.connect(database)) as rows:
        return {
            name: set(rows.execute(of_index if kind == "index" else of_table, [name]))
            for kind, name in rows.execute("SELECT type, name FROM sqlite_master").fetchall()
            if not name.startswith("sqlite_stat")  # another test may have asked for statistics
        }


@pytest.fixture
def stored(request, tmp_path, transactional_db):
    """Replaces the test database by a migrated stored one while the test runs."""
    database, settings = tmp_path / "db.sqlite3", connection.settings_dict
    unpack(request.param, database)
    new = settings["NAME"]
    connection.close()
    settings["NAME"] = str(database)
    try:
        call_command("migrate", verbosity=0)
        yield {"database": database, "new": new}
    finally:
        connection.close()
        settings["NAME"] = new


@pytest.fixture
def as_owner(stored):
    client = Client(HTTP_ACCEPT_LANGUAGE="ko")
    client.force_login(Member.objects.get(username="owner"))
    return client


def test_pages_use_the_indexes(as_owner):
    for address, (words, indexes) in PAGES.items():

        def read(address=address, words=words):
            assert words in as_owner.get(address).text, address

        assert indexes_of(read) >= indexes, address


def test_all_counters_are_correct(stored):
    assert Post.objects.count() == 63
    assert repair.recount(repairs=False) == []


def test_after_migration_it_has_the_tables_of_a_new_database(stored):
    """Otherwise somebody has changed a migration that a release has run: write a new migration
    instead."""
    connection.close()
    assert tables(stored["database"]) == tables(stored["new"])
