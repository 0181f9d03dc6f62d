"""An update, a rollback or a move to another database that is killed at any moment leaves a site that
starts.

UPKEEP_KILLS sets how many of each are killed; by default 2, and 1 on PostgreSQL. The moments are the
same each time. Backups and restores: test_killed_upkeep.py."""

import os

import pytest
from django.db import connection

from tests.databases.pack import FOLDER, unpack
from tests.programs import output_of
from tests.upkeep.sites import SETUP

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = os.environ.get("UPKEEP_KILLS", "")

CHILDREN = """
import json, os, subprocess, sys
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from tests.upkeep.killing import in_child, measure, moment

DATA = Path(settings.DATA_DIR)


def look():
    "What a visitor and recount find."
    from boards.repair import recount
    from django.test import Client
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    page = Client(headers={"host": "localhost"}).get("/free/60/")
    assert "사진도 올려" in page.content.decode(), page.status_code
    assert recount(repairs=False) == []
"""
UPDATES = """
from boardsite.caching.triggers import is_installed
from boardsite.databases.schema import read_schema
from boardsite.management.commands.quickstart import Command as Quickstart
from boardsite.site_identity import require_own_data, settle
from upkeep.backups.switching import finish_interrupted
from upkeep.updating.update import applied_migrations, update
from upkeep.updating.rollback import Rollback

OLD = ["boardsite", "0007"]
quiet = lambda sentence: None


def start():
    "What run.sh does before it serves."
    finish_interrupted()
    require_own_data()
    Quickstart(stdout=open(os.devnull, "w")).prepare_database()
    settle()
    assert not read_schema().words()
    assert is_installed()
    look()


def begin_old():
    call_command("migrate", *OLD, verbosity=0)
    (DATA / "update.json").unlink(missing_ok=True)


def make_update():
    update(quiet)


def reverse():
    Rollback.find().run(quiet)


def restore():
    Rollback.is_reversible = False
    Rollback.find().run(quiet)


call_command("migrate", verbosity=0)
settle()
call_command("migrate", *OLD, verbosity=0)
before = applied_migrations()
measured = {}
for action in (make_update, reverse, make_update, restore):
    measured[action] = measure(action)
assert applied_migrations() == before
outcomes = []
for action in (make_update, reverse, restore):
    for number in range(int(os.environ["KILLS"])):
        assert in_child(begin_old) == 0
        if action is not make_update:
            assert in_child(make_update) == 0
        code = in_child(action, **moment(number, *measured[action]))
        assert code in (0, -9), code
        if number % 3 == 2 and (DATA / "update.json").exists() and action is not make_update:
            assert in_child(action) == 0  # it can also be repeated
            assert applied_migrations() == before
        assert in_child(start) == 0, (action, number)
        outcomes.append((action.__name__, code))
        for path in DATA.glob("replaced-*"):
            import shutil
            shutil.rmtree(path)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replaced_%'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f'DROP SCHEMA "{name}" CASCADE')
            connections.close_all()
print(outcomes)
"""
STARTING = """
from upkeep.moving.move import Move

START = '''
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
django.setup()
from boards.repair import recount
from boardsite.caching.triggers import is_installed
from boardsite.databases.schema import read_schema
from boardsite.site_identity import require_own_data, settle
require_own_data()
assert not read_schema().words()
settle()
assert is_installed()
from boards.models import Post
assert Post.objects.count() == 63
assert recount(repairs=False) == []
'''


def start(url):
    done = subprocess.run([sys.executable, "-c", START], env={**os.environ, "DATABASE_URL": url},
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return url.partition(":")[0]
"""
MOVING = (
    STARTING
    + """
from boardsite.site_identity import settle

source = DATA / "db.sqlite3"
copy = DATA / "copy"


def starts():
    "Which database the site starts with, by the one that the move has left in its place."
    return start(f"sqlite:///{source}" if source.exists() else os.environ["TO"])


def move():
    Move(os.environ["TO"], lambda sentence: None).run()


def empty_target():
    import psycopg
    with psycopg.connect(os.environ["TO"], autocommit=True) as target:
        target.execute("DROP SCHEMA public CASCADE")
        target.execute("CREATE SCHEMA public")


def begin():
    for path in DATA.glob("db.sqlite3*"):
        path.unlink()
    copy_file(copy, source)
    (DATA / "site.json").unlink(missing_ok=True)


import shutil
copy_file = shutil.copyfile
call_command("migrate", verbosity=0)
settle()
with connection.cursor() as cursor:
    cursor.execute("VACUUM INTO %s", [str(copy)])
connections.close_all()
empty_target()
events, seconds = measure(move)
assert starts() == "postgres"
"""
)
MOVES = """
outcomes = []
for number in range(int(os.environ["KILLS"])):
    begin()
    empty_target()
    code = in_child(move, **moment(number, events, seconds))
    assert code in (0, -9), code
    outcomes.append((code, starts()))
print(outcomes)
"""
MOVES_BACK = (
    STARTING
    + """
import psycopg

back = DATA / "back.sqlite3"
note = DATA / "site.json"
here = os.environ["TO"]
first_note = note.read_text()


def move_back():
    Move(f"sqlite:///{back}", lambda sentence: None).run()


def starts_again():
    "With which databases the site starts: with PostgreSQL, until that is put away, and with the file."
    started = []
    with psycopg.connect(here, autocommit=True) as server:
        is_open = server.execute("SHOW default_transaction_read_only").fetchone() == ("off",)
        server.execute("SET default_transaction_read_only = off")
        server.execute(f'ALTER DATABASE "{server.info.dbname}" RESET default_transaction_read_only')
    if is_open:
        started.append(start(here))
    if back.exists():
        started.append(start(f"sqlite:///{back}"))
    assert started
    return started


def begin_again():
    for path in DATA.glob("back.sqlite3"):
        path.unlink()
    note.write_text(first_note)


events, seconds = measure(move_back)
assert starts_again() == ["sqlite"]
outcomes = []
for number in range(int(os.environ["KILLS"])):
    begin_again()
    code = in_child(move_back, **moment(number, events, seconds))
    assert code in (0, -9), code
    outcomes.append((code, starts_again()))
print(outcomes)
"""
)


@pytest.fixture
def postgres_or_none(request):
    """The address of an empty database on PostgreSQL, if the tests run there."""
    return request.getfixturevalue("postgres") if connection.vendor == "postgresql" else None


def test_a_killed_update_or_rollback_leaves_a_site_that_starts(tmp_path, backups, postgres_or_none):
    unpack(FOLDER / "1.0.0.sqlite3.gz", tmp_path / "db.sqlite3")
    variables = {"KILLS": KILLS or "2", "BACKUP_DIR": str(backups)}
    if postgres_or_none:
        output_of(SETUP + CHILDREN + MOVING, tmp_path, TO=postgres_or_none)
        variables |= {"KILLS": KILLS or "1", "DATABASE_URL": postgres_or_none}
    print(output_of(SETUP + CHILDREN + UPDATES, tmp_path, seconds=3600, **variables))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a PostgreSQL server")
def test_a_killed_move_leaves_a_site_that_starts(tmp_path, postgres):
    unpack(FOLDER / "1.0.0.sqlite3.gz", tmp_path / "db.sqlite3")
    variables = {"KILLS": KILLS or "1", "TO": postgres}
    print(output_of(SETUP + CHILDREN + MOVING + MOVES, tmp_path, seconds=3600, **variables))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a PostgreSQL server")
def test_a_killed_move_back_leaves_a_site_that_starts(tmp_path, postgres):
    unpack(FOLDER / "1.0.0.sqlite3.gz", tmp_path / "db.sqlite3")
    variables = {"KILLS": KILLS or "1", "TO": postgres}
    output_of(SETUP + CHILDREN + MOVING, tmp_path, **variables)
    variables["DATABASE_URL"] = postgres
    print(output_of(SETUP + CHILDREN + MOVES_BACK, tmp_path, seconds=3600, **variables))
