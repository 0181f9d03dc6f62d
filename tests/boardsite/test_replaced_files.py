"""The file of a SQLite database is replaced or deleted while it is open. tests/faults does so to a
running site."""

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from django.core.signals import request_started
from django.db import OperationalError, connection, connections, transaction

from boardsite.databases.sqlite3 import base, files

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL guards its own files"),
]


@pytest.fixture
def path(tmp_path, monkeypatch, settings):
    """The database `spare`, which stands for the site's own."""
    path = str(tmp_path / "db.sqlite3")
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(base, "DEFAULT_DB_ALIAS", "spare")
    monkeypatch.setattr(files, "_known", {})
    monkeypatch.setattr(files, "_reported", set())
    connections["spare"] = base.DatabaseWrapper({**connection.settings_dict, "NAME": path}, "spare")
    execute("CREATE TABLE words (word text)")
    write("하나")
    yield path
    connections["spare"].close()
    del connections["spare"]


@pytest.fixture
def calls(monkeypatch) -> list:
    """Filled by each call of when_replaced, at once instead of in a thread."""
    made: list = []

    class AtOnce:
        def __init__(self, target, **options):
            self.start = lambda: [call() for call in files.when_replaced]

    monkeypatch.setattr(files, "when_replaced", [lambda: made.append(True)])
    monkeypatch.setattr(files.threading, "Thread", AtOnce)
    return made


def execute(sql: str, *params) -> list:
    with connections["spare"].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def write(word: str, *, before_commit: Callable[[], None] = lambda: None) -> None:
    with transaction.atomic("spare"):
        execute("INSERT INTO words VALUES (%s)", word)
        before_commit()


def words() -> list[str]:
    return [word for (word,) in execute("SELECT word FROM words ORDER BY rowid")]


def begin_request() -> None:
    connections["spare"].close_if_unusable_or_obsolete()


def replace(path: str, *contents: str) -> None:
    """As somebody who restores a backup by hand."""
    with closing(sqlite3.connect(f"{path}-other")) as other:
        other.execute("CREATE TABLE words (word text)")
        other.executemany("INSERT INTO words VALUES (?)", [(word,) for word in contents])
        other.commit()
    os.replace(f"{path}-other", path)
    for ending in ("-wal", "-shm"):
        os.unlink(f"{path}{ending}")


def test_the_begin_of_a_request_looks():
    receivers = [receiver for _key, receiver, *_ in request_started.receivers]
    assert any("close_old_connections" in repr(receiver) for receiver in receivers)


def test_what_was_in_a_deleted_wal_is_saved(path, calls, caplog):
    begin_request()
    write("둘")
    os.unlink(f"{path}-wal")
    begin_request()
    assert words() == ["하나", "둘"]
    write("셋")
    with closing(sqlite3.connect(path)) as anybody:
        assert anybody.execute("SELECT count(*) FROM words").fetchone() == (3,)
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL]
    assert "nothing was lost" in caplog.text
    assert calls == []


def test_a_wal_deleted_within_a_request_delays_a_writer_only(path):
    begin_request()
    os.unlink(f"{path}-wal")
    write("둘")
    assert words() == ["하나", "둘"]


def test_a_replaced_database_is_opened_again_and_reported_once(path, calls, caplog):
    begin_request()
    replace(path, "새것")
    begin_request()
    assert words() == ["새것"]
    begin_request()
    assert calls == [True]
    assert caplog.text.count("database replaced") == 1
    assert "latest writes may be lost" in caplog.text


def test_a_write_into_a_replaced_database_is_not_acknowledged(path, calls):
    begin_request()
    with pytest.raises(OperationalError, match="during a transaction"):
        write("둘", before_commit=lambda: replace(path, "새것"))
    assert words() == ["새것"]
    write("셋")
    assert words() == ["새것", "셋"]


def test_a_write_that_begins_after_the_replacement_is_not_acknowledged(path, calls):
    begin_request()
    replace(path, "새것")
    with pytest.raises(OperationalError, match="before a transaction"):
        write("둘")
    assert words() == ["새것"]


def test_the_database_of_a_site_is_never_created_empty(path, tmp_path, calls, caplog):
    (tmp_path / files.NOTE).write_text("{}")
    os.rename(path, f"{path}-away")
    begin_request()
    for _ in range(2):
        with pytest.raises(OperationalError, match="is missing"):
            words()
    assert not os.path.exists(path)
    assert calls == []
    os.rename(f"{path}-away", path)
    assert words() == ["하나"]
    assert calls == [True]
    assert caplog.text.count("deleted") == 1


def test_another_file_after_a_deletion_is_noticed(path, tmp_path, calls):
    (tmp_path / files.NOTE).write_text("{}")
    os.unlink(path)
    begin_request()
    for ending in ("-wal", "-shm"):  # SQLite would take them for those of the new file
        os.unlink(f"{path}{ending}")
    with closing(sqlite3.connect(f"{path}-copy")) as copy:
        copy.execute("CREATE TABLE words (word text)")
    os.link(f"{path}-copy", path)
    assert words() == []
    assert calls == [True]


def test_a_connection_opened_for_reading_only_is_given_up_after_an_error(path):
    execute("PRAGMA query_only = ON")  # as SQLite opens a file that may not be written
    with pytest.raises(OperationalError, match="readonly"):
        write("둘")
    begin_request()
    write("둘")
    assert words() == ["하나", "둘"]
