"""Connections to PostgreSQL are known to be good without asking each time."""

import time

import pytest
from django.db import connection
from django.db.backends.postgresql import base

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def other():
    """A connection of its own, which has been used."""
    made = connection.copy()
    made.settings_dict = {**made.settings_dict, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": None}
    made.connect()
    yield made
    made.close()


def process_of(wrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_one_that_waits_is_asked_nothing(other, monkeypatch):
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda self: pytest.fail("was asked"))
    first = process_of(other)
    other.close_if_unusable_or_obsolete()  # as before each request
    assert other.is_usable()
    assert process_of(other) == first


def test_one_that_the_server_has_ended_is_replaced(other):
    first = process_of(other)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [first])
    deadline = time.monotonic() + 20
    while other.is_usable() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not other.is_usable()
    other.close_if_unusable_or_obsolete()
    assert process_of(other) != first


def test_one_that_was_never_made_is_not_usable():
    assert not connection.copy().is_usable()


def test_news_on_it_are_read(other):
    with other.cursor() as cursor:
        cursor.execute("LISTEN anything")
    third = connection.copy()
    with third.cursor() as cursor:
        cursor.execute("NOTIFY anything")
    third.close()
    assert other.is_usable()  # something has come: it is asked
    assert process_of(other)
