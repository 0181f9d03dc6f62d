"""A process that answers requests waits for PostgreSQL within limits, and then leaves it alone."""

import time

import pytest
from django.db import OperationalError, connection

from boardsite.availability.faults import is_timeout, is_unreachable
from boardsite.databases.prepared import prepared_cursor

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="these limits are PostgreSQL's"),
]


@pytest.fixture
def limits(monkeypatch):
    """As in a worker, with a new connection."""
    from boardsite.databases.postgresql import limits

    monkeypatch.setattr(limits, "_is_on", True)
    monkeypatch.setattr(connection, "_may_ask_until", 0.0, raising=False)
    connection.close()
    yield limits
    limits.outage.end()
    connection.close()


def ask(statement: str, *params, by_key: bool = False):
    with prepared_cursor("default") if by_key else connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return cursor.fetchone()[0]


def test_a_statement_by_key_waits_for_no_response_longer(limits, settings):
    settings.DATABASE_RESPONSE_SECONDS = 0.3
    assert ask("SELECT 1", by_key=True) == 1
    with pytest.raises(OperationalError, match="no response") as late:
        ask("SELECT pg_sleep(20)", by_key=True)
    assert is_unreachable(late.value)
    began = time.monotonic()
    for by_key in (True, False):
        with pytest.raises(OperationalError):
            ask("SELECT 1", by_key=by_key)
    assert time.monotonic() - began < 10  # nothing was asked that sleeps for 20 s
    limits.outage._until = 0.0  # the time is over
    connection.close()  # as the next request does
    assert ask("SELECT 2") == 2
    assert not limits.outage.is_on


def test_only_one_asks_while_it_is_away(limits):
    limits.outage.begin("a test")
    limits.outage._until = 0.0
    assert limits.outage.may_ask()  # another thread asks now
    with pytest.raises(OperationalError, match="is away"):
        ask("SELECT 1")


def test_a_longer_statement_is_no_sign_of_an_outage(limits, settings):
    settings.DATABASE_RESPONSE_SECONDS = 0.3
    assert ask("SELECT 1 FROM pg_sleep(0.6)") == 1
    assert not limits.outage.is_on


def test_postgresql_ends_what_takes_too_long(limits, settings):
    settings.DATABASE_STATEMENT_SECONDS = 0.3
    connection.close()
    with pytest.raises(OperationalError) as ended:
        ask("SELECT pg_sleep(20)")
    assert is_timeout(ended.value)
    assert not limits.outage.is_on
    assert ask("SELECT 1") == 1


def test_each_connection_is_told_the_limits(limits):
    told = {
        "statement_timeout": "30s",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "1min",
    }
    assert {name: ask(f"SHOW {name}") for name in told} == told


def test_commands_have_no_limits():
    connection.close()
    assert ask("SHOW statement_timeout") == "0"
    assert ask("SHOW lock_timeout") == "0"


def test_without_prepared_statements_the_limit_is_the_same(limits, settings):
    settings.DATABASE_RESPONSE_SECONDS, settings.DATABASE_PREPARE = 0.3, False
    with pytest.raises(OperationalError, match="no response"):
        ask("SELECT pg_sleep(20)", by_key=True)
