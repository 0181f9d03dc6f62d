"""A migrated database that each test run copies instead of running the migrations.

Migrating takes many seconds, copying a fraction of one. The name of the copy contains a hash of
everything that determines its content, so that a changed migration makes a new one. On SQLite it is
a file in `.venv/.cache/`, on PostgreSQL a template database.
"""

import fcntl
import hashlib
import os
import shutil
from pathlib import Path

import django
import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.test import TransactionTestCase

from boardsite.models import ScopeVersion
from tests.sources import ROOT

# The rows of these come from `migrate`; no test changes them.
LASTING = {"django_content_type", "auth_permission"}
FOLDER = ROOT / ".venv" / ".cache" / "databases"
KEPT = 5  # copies, for the work on several branches


def _key() -> str:
    """A hash of the sources of the schema. Triggers are not included, because `migrate` compares
    them itself."""
    digest = hashlib.sha256(repr(django.VERSION).encode())
    sources = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("boards/search/*.py")]
    for path in [*sorted(sources), ROOT / "requirements.txt"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def django_db_keepdb(
    one_prepares, request, django_db_modify_db_settings, django_db_blocker
) -> bool:
    """True if the test database already exists as a copied file."""
    if request.config.getvalue("create_db"):
        return False
    if connection.vendor == "sqlite":
        return _copy_file(_prepared_file())
    with django_db_blocker.unblock():
        if (template := prepared_template()) in _templates():
            connection.settings_dict["TEST"]["TEMPLATE"] = template
    return request.config.getvalue("reuse_db")


@pytest.fixture(scope="session")
def one_prepares():
    """The other processes of a first run wait for the copy, instead of migrating too. Returns what
    lets them go on."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    lock = (FOLDER / f"{connection.vendor}.lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock.close


@pytest.fixture(scope="session")
def django_db_setup(one_prepares, django_db_setup, django_db_blocker):
    """Prepares a missing copy before the first test writes."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            _keep_file(_prepared_file())
        else:
            _keep_template(prepared_template())
    one_prepares()


@pytest.fixture(autouse=True, scope="session")
def quick_flush():
    """A test that commits is followed by a DELETE from the tables that have rows. Django's `flush`
    would truncate 130 tables, for which PostgreSQL makes some hundred files, and create every
    permission again: nearly all of what such a test cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


def empty_tables(test: TransactionTestCase) -> None:
    for alias in test._databases_names(include_mirrors=False):
        empty_database(alias)


def empty_database(alias: str = DEFAULT_DB_ALIAS) -> None:
    introspection = connections[alias].introspection
    tables = {*introspection.django_table_names(only_existing=True, include_views=False)}
    # Deferred constraints allow any order; but triggers write versions.
    last = ScopeVersion._meta.db_table
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        for table in [*_filled(cursor, tables - LASTING - {last}), last]:
            cursor.execute(f'DELETE FROM "{table}"')


def _filled(cursor, tables: set[str]) -> list[str]:
    each = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
    cursor.execute(" UNION ALL ".join(each))
    return [name for (name,) in cursor.fetchall()]


def _prepared_file() -> Path:
    return FOLDER / f"{_key()}.sqlite3"


def _copy_file(prepared: Path) -> bool:
    if not prepared.exists():
        return False
    shutil.copyfile(prepared, connection.settings_dict["TEST"]["NAME"])
    os.utime(prepared)
    return True


def copy_prepared_file(to: Path) -> None:
    """For a site of its own; `prepared_template` is the same on PostgreSQL."""
    shutil.copyfile(_prepared_file(), to)


def _keep_file(prepared: Path) -> None:
    if prepared.exists():
        return
    unfinished = prepared.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(unfinished)])
    unfinished.replace(prepared)  # atomic, whichever process comes first
    for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)


PREFIX = "boardsite_prepared_"


def prepared_template() -> str:
    # The role is part of the name, because only its owner may copy a database.
    return f"{PREFIX}{connection.settings_dict['USER']}_{_key()}"[:63]


def _templates() -> list[str]:
    """Oldest first."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [f"{PREFIX}%"]
        )
        return [name for (name,) in cursor.fetchall()]


def _keep_template(template: str) -> None:
    templates = _templates()
    if template in templates:
        return
    migrated = connection.settings_dict["NAME"]
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        try:
            cursor.execute(f'CREATE DATABASE "{template}" TEMPLATE "{migrated}"')
        except DatabaseError:
            if template not in _templates():
                raise
            return  # another worker was first
        for old in templates[: 1 - KEPT]:
            if old.startswith(template[:-16]):
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
