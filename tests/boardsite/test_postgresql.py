"""Connections to PostgreSQL are known to be good without asking each time; what is asked all the time they
plan once."""

import time

import pytest
from django.db import NotSupportedError, OperationalError, connection
from django.db.backends.postgresql import base
from django.test.utils import CaptureQueriesContext

from accounts.queries.members import find_member

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

    def test_one_is_planned_once_a_connection(self, other, table):
        for number, found in [(7, [(7, "minji")]), (8, []), (7, [(7, "minji")])]:
            assert self.ask(other, number, table) == found
        assert self.prepared(other) == [f"SELECT id, name FROM {table} WHERE id = $1"]

    def test_a_plan_of_an_empty_table_is_not_kept_as_it_grows(
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
        for _ in range(7):  # then PostgreSQL takes to one plan for all values
            self.ask(other, 7, table)
        with third.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} SELECT n, 'x' FROM generate_series(1, 5000) n")
        assert "Seq Scan" in plan()
        monkeypatch.setattr("boardsite.postgresql.base.PLAN_SECONDS", 0)
        assert self.ask(other, 7, table) == [(7, "x")]
        assert "Index" in plan()

    def test_others_are_not(self, other):
        for _ in range(10):
            process_of(other)
        assert self.prepared(other) == []

    def test_they_are_captured_as_all_others(self, other, table):
        with CaptureQueriesContext(other) as captured:
            self.ask(other, 7, table)
        assert [query["sql"] for query in captured] == [
            f"SELECT id, name FROM {table} WHERE id = 7"
        ]

    def test_a_pooler_that_takes_none_gets_none(self, other, table, settings):
        settings.DATABASE_PREPARE = False
        for _ in range(3):
            assert self.ask(other, 7, table) == [(7, "minji")]
        assert self.prepared(other) == []

    def test_a_column_of_another_type_is_no_error(self, other, third, table):
        self.ask(other, 7, table)
        with third.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ALTER name TYPE varchar(50)")
        assert self.ask(other, 7, table) == [(7, "minji")]

    def test_within_a_transaction_it_is_one(self, other, third, table):
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

    def test_what_others_say_is_not_kept(self, other, table):
        self.ask(other, 7, table)
        for number in range(10):
            with other.cursor() as cursor:
                cursor.execute("SELECT %s", [f"비밀 {number}"])
        assert list(other.connection._prepared._counts) == []

    def test_one_that_cannot_be_made_anew_says_so(self, other, table, monkeypatch):
        self.ask(other, 7, table)
        other.health_check_enabled, other.health_check_done = True, False
        monkeypatch.setattr(type(other), "is_usable", lambda self: False)
        monkeypatch.setattr(type(other), "get_new_connection", refuse)
        with pytest.raises(OperationalError):
            self.ask(other, 7, table)

    def test_what_every_page_asks_is_prepared(self, minji):
        for _ in range(2):
            assert find_member(minji.pk) == minji
        assert any('FROM "accounts_member"' in each for each in self.prepared(connection))
