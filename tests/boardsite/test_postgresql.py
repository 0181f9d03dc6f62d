"""Connections to PostgreSQL are checked without a query, and frequent statements are prepared."""

import time

import pytest
from django.db import NotSupportedError, OperationalError, connection
from django.db.backends.postgresql import base
from django.test.utils import CaptureQueriesContext

from accounts.queries.members import find_member

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def other():
    """A connection of its own that has been used."""
    made = connection.copy()
    made.settings_dict = {**made.settings_dict, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": None}
    made.connect()
    yield made
    made.close()


def process_of(wrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_an_idle_connection_is_checked_without_a_query(other, monkeypatch):
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda self: pytest.fail("was asked"))
    first = process_of(other)
    other.close_if_unusable_or_obsolete()  # as before each request
    assert other.is_usable()
    assert process_of(other) == first


def test_a_connection_that_the_server_closed_is_replaced(other):
    first = process_of(other)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [first])
    deadline = time.monotonic() + 120
    while other.is_usable() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not other.is_usable()
    other.close_if_unusable_or_obsolete()
    assert process_of(other) != first


def test_a_connection_that_was_never_opened_is_not_usable():
    assert not connection.copy().is_usable()


def test_pending_notifications_are_read(other):
    with other.cursor() as cursor:
        cursor.execute("LISTEN anything")
    third = connection.copy()
    with third.cursor() as cursor:
        cursor.execute("NOTIFY anything")
    third.close()
    assert other.is_usable()  # data have arrived, so the server is queried
    assert process_of(other)


def refuse(wrapper, parameters):
    raise OperationalError("the server is away")


class TestPreparedStatements:
    def prepared(self, wrapper) -> list[str]:
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            return [statement for (statement,) in cursor.fetchall()]

    def ask(self, wrapper, number: int, table: str) -> list[tuple]:
        with wrapper.prepared_cursor() as cursor:
            cursor.execute(f"SELECT id, name FROM {table} WHERE id = %s", [number])
            return cursor.fetchall()

    @pytest.fixture
    def third(self):
        made = connection.copy()
        made.connect()
        yield made
        made.close()

    @pytest.fixture
    def table(self, third):
        with third.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE prepared_once AS SELECT 7 AS id, 'minji'::varchar(9) AS name"
            )
        yield "prepared_once"
        with third.cursor() as cursor:
            cursor.execute("DROP TABLE prepared_once")

    def test_a_statement_is_prepared_once_per_connection(self, other, table):
        for number, found in [(7, [(7, "minji")]), (8, []), (7, [(7, "minji")])]:
            assert self.ask(other, number, table) == found
        assert self.prepared(other) == [f"SELECT id, name FROM {table} WHERE id = $1"]

    def test_a_plan_for_an_empty_table_is_replaced_when_it_grows(
        self, other, third, monkeypatch, table
    ):
        def plan() -> str:
            with other.cursor() as cursor:
                cursor.execute("SELECT name FROM pg_prepared_statements")
                (name,) = cursor.fetchone()
                cursor.execute(f"EXPLAIN EXECUTE {name} (7)")
                return str(cursor.fetchall())

        with third.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}; CREATE INDEX ON {table} (id); ANALYZE {table}")
        for _ in range(7):  # then PostgreSQL switches to a generic plan
            self.ask(other, 7, table)
        with third.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} SELECT n, 'x' FROM generate_series(1, 5000) n")
        assert "Seq Scan" in plan()
        monkeypatch.setattr("boardsite.databases.postgresql.base.PLAN_SECONDS", 0)
        assert self.ask(other, 7, table) == [(7, "x")]
        assert "Index" in plan()

    def test_other_statements_are_not_prepared(self, other):
        for _ in range(10):
            process_of(other)
        assert self.prepared(other) == []

    def test_they_are_captured_like_all_queries(self, other, table):
        with CaptureQueriesContext(other) as captured:
            self.ask(other, 7, table)
        assert [query["sql"] for query in captured] == [
            f"SELECT id, name FROM {table} WHERE id = 7"
        ]

    def test_nothing_is_prepared_behind_a_pooler_without_support(self, other, table, settings):
        settings.DATABASE_PREPARE = False
        for _ in range(3):
            assert self.ask(other, 7, table) == [(7, "minji")]
        assert self.prepared(other) == []

    def test_a_changed_column_type_is_no_error(self, other, third, table):
        self.ask(other, 7, table)
        with third.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ALTER name TYPE varchar(50)")
        assert self.ask(other, 7, table) == [(7, "minji")]

    def test_a_changed_column_type_within_a_transaction_is_an_error(self, other, third, table):
        self.ask(other, 7, table)
        with third.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ALTER name TYPE varchar(50)")
        other.set_autocommit(False)
        with pytest.raises(NotSupportedError):
            self.ask(other, 7, table)
        other.rollback()
        assert self.ask(other, 7, table) == [(7, "minji")]
        other.rollback()
        other.set_autocommit(True)

    def test_literals_of_other_statements_are_not_cached(self, other, table):
        self.ask(other, 7, table)
        for number in range(10):
            with other.cursor() as cursor:
                cursor.execute("SELECT %s", [f"비밀 {number}"])
        assert list(other.connection._prepared._counts) == []

    def test_a_failed_reconnection_raises_the_error(self, other, table, monkeypatch):
        self.ask(other, 7, table)
        other.health_check_enabled, other.health_check_done = True, False
        monkeypatch.setattr(type(other), "is_usable", lambda self: False)
        monkeypatch.setattr(type(other), "get_new_connection", refuse)
        with pytest.raises(OperationalError):
            self.ask(other, 7, table)

    def test_the_statements_of_every_page_are_prepared(self, minji):
        for _ in range(2):
            assert find_member(minji.pk) == minji
        assert any('FROM "accounts_member"' in each for each in self.prepared(connection))
