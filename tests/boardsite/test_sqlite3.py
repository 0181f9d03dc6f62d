"""Writers of a SQLite database queue."""

import fcntl
import os
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from boardsite.databases.sqlite3 import base
from boardsite.models import SiteSettings

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers"),
]


@contextmanager
def somebody_else():
    """Holds the lock like another process while the block runs."""
    queue = os.open(f"{connection.settings_dict['NAME']}-queue", os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(queue)


def is_free() -> bool:
    try:
        with somebody_else():
            return True
    except BlockingIOError:
        return False


def write() -> None:
    SiteSettings.objects.update(page_size=20)


def test_a_transaction_holds_the_lock_until_the_commit():
    with transaction.atomic():
        assert not is_free()
        with transaction.atomic():
            write()
        assert not is_free()
    assert is_free()


def test_a_rollback_or_a_closed_connection_releases_the_lock():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert is_free()
    with transaction.atomic():
        assert not is_free()
        connection.close()
    assert is_free()
    with transaction.atomic():
        assert not is_free()  # the new connection queues again


def test_a_waiting_writer_begins_when_the_lock_is_free():
    with somebody_else():
        began = threading.Event()

        def work() -> None:
            with transaction.atomic():
                began.set()
            connection.close()

        writer = threading.Thread(target=work)
        writer.start()
        assert not began.wait(0.1)
    writer.join(10)
    assert began.is_set()
    assert is_free()


def test_after_the_timeout_a_writer_begins_without_the_lock(monkeypatch):
    monkeypatch.setattr(base, "PATIENCE", 0.05)
    with somebody_else():
        began = time.monotonic()
        with transaction.atomic():
            write()
        assert time.monotonic() - began >= 0.05


def test_reading_and_single_statements_need_no_lock():
    with somebody_else():
        began = time.monotonic()
        write()
        assert SiteSettings.objects.filter(page_size=20).count() == SiteSettings.objects.count()
        assert time.monotonic() - began < base.PATIENCE
