"""Django's cache in a SQLite file, which is created again when it is missing or unreadable.

Nothing that must survive is in the cache, so no fault of its file is an error of the site: while it
can be neither read nor created, each process uses its own memory."""

import contextlib
import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache, DatabaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from boardsite.databases.outages import Outage
from boardsite.private_files import BESIDE_A_DATABASE

logger = logging.getLogger(__name__)

ALIAS = "cache"
SECONDS = 5  # for which a file that cannot be used is left alone
SPARE_ENTRIES = 10_000

outage = Outage("The cache's file", seconds=SECONDS)


def _or_spare(name: str) -> Callable:
    """The method `name` of the file; of the fallback while the file cannot be used."""

    @wraps(getattr(DatabaseCache, name))
    def method(self: "FileCache", *args: Any, **kwargs: Any) -> Any:
        if not outage.may_ask():
            return getattr(self.spare, name)(*args, **kwargs)
        try:
            try:
                answer = getattr(self.file, name)(*args, **kwargs)
            except DatabaseError:
                prepare_file()
                answer = getattr(self.file, name)(*args, **kwargs)
        except (DatabaseError, OSError) as error:
            if not outage.is_on:
                self.spare.clear()  # what the outage before has left is too old
            outage.begin(error)
            return getattr(self.spare, name)(*args, **kwargs)
        outage.end()
        return answer

    return method


class FileCache(BaseDatabaseCache):
    """The database `cache`, which all workers of a machine share."""

    def __init__(self, table: str, params: dict[str, Any]):
        super().__init__(table, params)
        self.file = DatabaseCache(table, params)
        options = {"OPTIONS": {"MAX_ENTRIES": SPARE_ENTRIES}}
        self.spare = LocMemCache("spare of the file", {**params, **options})

    add = _or_spare("add")
    get = _or_spare("get")
    set = _or_spare("set")
    touch = _or_spare("touch")
    delete = _or_spare("delete")
    get_many = _or_spare("get_many")
    has_key = _or_spare("has_key")
    delete_many = _or_spare("delete_many")
    clear = _or_spare("clear")


def prepare() -> None:
    """Creates what the cache of the settings needs, before the site starts."""
    if isinstance(caches["default"], FileCache):
        try:
            prepare_file()
        except (DatabaseError, OSError) as error:
            outage.begin(error)
    else:
        call_command("createcachetable", database=DEFAULT_DB_ALIAS, verbosity=0)


def prepare_file() -> None:
    """Creates the file and its table where they are missing, and replaces a file that is no
    database. Raises DatabaseError or OSError where that is not possible."""
    connection = connections[ALIAS]
    connection.close()
    if connection.vendor != "sqlite":
        _create_table()
        return
    path = str(connection.settings_dict["NAME"])
    with _alone(path):
        try:
            _create_table()
            return  # now, or by another process meanwhile
        except DatabaseError as error:
            if not _is_unreadable(error):
                raise
            connection.close()
            logger.warning("%s is unreadable and is created again: %s", path, error)
            for ending in BESIDE_A_DATABASE:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(f"{path}{ending}")
        _create_table()


def _create_table() -> None:
    connection: BaseDatabaseWrapper = connections[ALIAS]
    with connection.cursor() as cursor:  # reads all pages that a query could need
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(1)")
            if (found := cursor.fetchone()[0]) != "ok":
                raise Unreadable(found)
    try:
        call_command("createcachetable", database=ALIAS, verbosity=0)
    except CommandError as error:
        raise DatabaseError(str(error)) from error


class Unreadable(DatabaseError):
    """SQLite opens the file, but it is damaged."""


def _is_unreadable(error: DatabaseError) -> bool:
    """SQLITE_NOTADB and SQLITE_CORRUPT, as opposed to a file that cannot be read or written now."""
    cause = getattr(error.__cause__, "sqlite_errorname", "")
    return isinstance(error, Unreadable) or cause.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))


@contextlib.contextmanager
def _alone(path: str) -> Iterator[None]:
    """Lets one process at a time look at the file and replace it."""
    handle = os.open(f"{path}-remake", os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
