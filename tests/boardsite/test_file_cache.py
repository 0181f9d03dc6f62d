"""The cache's SQLite file is missing, unreadable or cannot be written: the site goes on."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from boardsite.caching import file_cache
from boardsite.caching.file_cache import FileCache, prepare
from boardsite.databases.outages import Outage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the cache's file is SQLite anyway"),
]


def open_connection(self: BaseDatabaseWrapper) -> None:
    if self.connection is None:
        with self.wrap_database_errors:
            self.connect()


@pytest.fixture
def path(tmp_path, settings, monkeypatch):
    """The cache of the default settings, without its table."""
    path = tmp_path / "cache.sqlite3"
    connections.databases["cache"] = {**connections.databases["default"], "NAME": str(path)}
    # Django's tests open only the databases that existed when they began.
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", open_connection)
    monkeypatch.setattr(file_cache, "outage", Outage("The cache's file", seconds=60))
    settings.DATABASE_ROUTERS = ["boardsite.databases.routers.CacheRouter"]
    backend = "boardsite.caching.file_cache.FileCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "cache"}}
    yield path
    connections["cache"].close()
    del connections["cache"], connections.databases["cache"]


def is_in_file(key: str) -> bool:
    with connections["cache"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM cache WHERE cache_key LIKE %s", [f"%{key}"])
        return cursor.fetchone() is not None


def spoil(path: Path) -> None:
    delete(path)
    path.write_bytes(b"no database " * 1000)


def delete(path: Path) -> None:
    for file in path.parent.glob("cache.sqlite3*"):
        file.unlink()


@pytest.mark.parametrize("harm", [lambda path: None, spoil])
def test_it_is_created_at_the_start(path, harm):
    harm(path)
    prepare()
    cache.set("word", "값")
    assert is_in_file("word")


@pytest.mark.parametrize("harm", [delete, spoil])
def test_it_is_created_again_while_the_site_runs(path, harm, caplog):
    prepare()
    cache.set("word", "값")
    harm(path)
    connections["cache"].close_if_unusable_or_obsolete()  # a request begins
    connections["cache"].close()  # in another worker
    assert cache.get("word") is None
    cache.set("word", "새 값")
    assert cache.get("word") == "새 값"
    assert is_in_file("word")


def test_a_table_that_is_missing_is_created(path):
    prepare()
    with connections["cache"].cursor() as cursor:
        cursor.execute("DROP TABLE cache")
    assert cache.add("word", "값")
    assert is_in_file("word")


def test_a_file_that_cannot_be_opened_is_replaced_by_memory(path, caplog):
    path.mkdir()  # even root cannot open it
    prepare()
    cache.set("word", "값")
    assert cache.get("word") == "값"
    assert isinstance(caches["default"], FileCache)
    assert caplog.text.count("is away") == 1
    os.rmdir(path)
    file_cache.outage._until = 0.0  # its seconds are over
    assert cache.get("word") is None
    cache.set("word", "값")
    assert is_in_file("word")
    assert caplog.text.count("is back") == 1
