"""The sample: a small site that was made with gnuboard5, with all kinds of rows (sample/README.md)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.actions.moving import FILE_STEPS, LAST_STEP, STEPS
from importer.reading.files import OldFiles
from importer.reading.site import OldSite
from importer.reading.staging import Staging, stage_dump
from tests.importer.servers import Server, database

SAMPLE = Path(__file__).parent / "sample"


OWN_BOARDS = ("faq", "poll", "inquiry")
"""Made here for tables of gnuboard5 that are no boards there."""


@pytest.fixture(scope="session")
def sample_sql() -> str:
    return (SAMPLE / "g5.sql").read_text("utf-8")


@pytest.fixture(scope="session")
def staged(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("staging") / "old.sqlite3"
    stage_dump(SAMPLE / "g5.sql", path)
    return path


@pytest.fixture(scope="module")
def server(sample_sql) -> Iterator[Server]:
    """A MariaDB server with the sample; tests leave it as it was."""
    yield from database(sample_sql)


@pytest.fixture
def sample_copy(staged, tmp_path) -> Path:
    """The copy of the sample's tables as they are, which a test may change before it opens them."""
    return Path(shutil.copy(staged, tmp_path / "old.sqlite3"))


@pytest.fixture
def old(sample_copy):
    """The old site, which a test may change."""
    with Staging(sample_copy) as staging:
        yield OldSite(staging)


def change(old: OldSite, table: str, where: str, **values: object) -> None:
    """Somebody changes rows of the old site."""
    sets = ", ".join(f"{name} = ?" for name in values)
    old.staging.query(f"UPDATE {old.prefix}{table} SET {sets} WHERE {where}", [*values.values()])


def delete(old: OldSite, table: str, where: str) -> None:
    old.staging.query(f"DELETE FROM {old.prefix}{table} WHERE {where}")


def move(old: OldSite) -> None:
    old.staging.query("DROP TABLE IF EXISTS _seen")
    for step in (*STEPS, LAST_STEP):
        for _done in step.run(old):
            pass


@pytest.fixture
def moved(db, old, settings) -> OldSite:
    """The sample's site, here."""
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "importer.passwords.GnuboardHasher"]
    move(old)
    return old


def move_files(old: OldSite, scratch: Path, path: Path = SAMPLE / "data.tar.gz") -> None:
    with OldFiles(path, scratch) as files:
        for step in FILE_STEPS:
            for _done in step.run(old, files):
                pass


@pytest.fixture
def moved_files(moved, tmp_path) -> OldSite:
    """The same with its files."""
    move_files(moved, tmp_path / "scratch")
    return moved
