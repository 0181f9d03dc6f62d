"""An import that is killed, at random moments, goes on when it is run again."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from boards.repair import recount
from importer.actions.moving import FILE_STEPS, LAST_STEP, STEPS
from importer.models import Imported
from importer.reading.files import OldFiles
from tests.importer.conftest import SAMPLE

ROOT = Path(__file__).parent.parent.parent
KILLS = 2
# What differs between any two runs: times of the run, random names of files and passwords, versions of caches, the
# inner form of the search index.
VOLATILE = re.compile(r"_search_|scopeversion|chorerun|django_session|sqlite_")
RANDOM = re.compile(
    r"[0-9a-f]{32}|[0-9a-zA-Z_-]{16,}\.|![A-Za-z0-9]{20,}|20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:.]{8,}"
)


class Killed(BaseException):
    """As if the process ended here."""


def counts() -> dict[str, int]:
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.label != "boardsite.ScopeVersion"
    }


def steps(old, scratch):
    for step in STEPS:
        yield from step.run(old)
    with OldFiles(SAMPLE / "data.tar.gz", scratch) as files:
        for step in FILE_STEPS:
            yield from step.run(old, files)
    yield from LAST_STEP.run(old)


def run(old, scratch, statements: int | None = None) -> int:
    """Imports the sample, and is killed after so many statements. Returns how many there were."""
    done = 0

    def count(execute, *arguments):
        nonlocal done
        done += 1
        if done == statements:
            raise Killed
        return execute(*arguments)

    with connection.execute_wrapper(count):
        try:
            for _done in steps(old, scratch):
                pass
        except Killed:
            pass
    return done


def test_killed_at_any_statement(db, old, tmp_path, settings):
    """Each statement that ends in the middle of a transaction takes back all of it."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    most = 1_500
    for _time in range(6):
        run(old, tmp_path / "scratch", rng.randrange(1, most))
    run(old, tmp_path / "scratch")
    recount()
    once = counts()
    run(old, tmp_path / "scratch")
    assert counts() == once
    assert (once["boards.Post"], once["boards.Comment"], once["boards.Attachment"]) == (36, 21, 11)
    assert once["accounts.PointEntry"] == 44
    assert once["importer.Imported"] == Imported.objects.distinct().count()
    assert recount() == []


# -- With a real process ---------------------------------------------------------------------------
def everything(database: Path) -> dict[str, list[tuple]]:
    """All rows of all tables."""
    with closing(sqlite3.connect(database)) as opened:
        names = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {
            name: [
                tuple(RANDOM.sub("#", each) if isinstance(each, str) else each for each in row)
                for row in opened.execute(f'SELECT * FROM "{name}" ORDER BY 1')
            ]
            for (name,) in names.fetchall()
            if not VOLATILE.search(name)
        }


TWO_PROCESSES = """
import sys
from django.core.management import execute_from_command_line
from importer.actions import ahead

ahead.FEW = 1
execute_from_command_line(sys.argv)
"""


def start(folder: Path) -> subprocess.Popen:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "boardsite.settings",
        "SECRET_KEY": "0123456789" * 6,
        "DEBUG": "off",
    }
    sources = ["--dump", str(SAMPLE / "g5.sql"), "--files", str(SAMPLE / "data.tar.gz")]
    return subprocess.Popen(
        [sys.executable, "-u", "-c", TWO_PROCESSES, "import_gnuboard5", *sources],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen) -> str:
    said, _errors = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


@pytest.mark.any_database
def test_a_killed_process_ends_as_one_that_was_not(db, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("copies the database of the tests")
    for name in ("once", "killed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "db.sqlite3").write_bytes(connection.connection.serialize())
    lines = finish(start(tmp_path / "once")).count("\n")
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    for line in sorted(random.Random(seed).sample(range(1, lines), KILLS)):
        process = start(tmp_path / "killed")
        assert process.stdout
        for _line, _said in zip(range(line), process.stdout, strict=False):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    finish(start(tmp_path / "killed"))
    once, killed = (everything(tmp_path / name / "db.sqlite3") for name in ("once", "killed"))
    assert once.keys() == killed.keys()
    assert {
        name: [pair for pair in zip(once[name], killed[name], strict=False) if pair[0] != pair[1]][
            :3
        ]
        for name in once
        if once[name] != killed[name]
    } == {}
