"""Django's PostgreSQL, which is asked less.

Its connections are looked at before a request without a question. Django asks each `SELECT 1` at the
begin of each request, which takes as long as the question that follows. A server that has ended, or has
ended a connection, has said so: then there is something to read on it, as there never is on one that
waits. Only then it is asked (docs/decisions/0036).

And it can be asked by statements that it plans once for all values: `prepared_cursor`
(docs/decisions/0044).
"""

import contextlib
import select
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql import base
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from psycopg.errors import DataError, FeatureNotSupported
from psycopg.pq import TransactionStatus

from boardsite.databases.postgresql import limits
from boardsite.databases.postgresql.limits import Limit, NoResponse

PLAN_SECONDS = 10.0  # for which a plan is used


class KeyCursor(base.Cursor):
    """For statements that find their rows by a key, so that a response comes soon or never."""

    def execute(self, query: str, params: Any = None, **kwargs: Any) -> "KeyCursor":
        with limits.by_key(self.connection):
            return super().execute(query, params, **kwargs)


class PreparedCursor(ServerBindingCursor):
    """As KeyCursor; prepares what it executes."""

    def execute(self, query: str, params: Any = None, **kwargs: Any) -> "PreparedCursor":
        with limits.by_key(self.connection):
            return self._execute(query, params, **kwargs)

    def _execute(self, query: str, params: Any = None, **kwargs: Any) -> "PreparedCursor":
        # Not for the whole connection: psycopg would keep the texts of all statements, to count them.
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params, **kwargs)
        except FeatureNotSupported:
            # Somebody has changed the type of a column since.
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
            super().execute("DEALLOCATE ALL", prepare=False)  # psycopg sees it, and prepares again
            return super().execute(query, params, **kwargs)
        finally:
            self.connection.prepare_threshold = None


class DatabaseOperations(base.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str | None:
        """For those who look on: with the values in it, which travel apart."""
        if isinstance(cursor, PreparedCursor):
            try:
                return self.compose_sql(sql, params)
            except DataError:  # as Django does: a value that is no text of PostgreSQL's
                return None
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    _planned_at = -PLAN_SECONDS
    _lock_timeout = 0  # milliseconds, of `limit_waits`
    _limit: Limit | None = None  # of `limit_responses`
    _may_ask_until = 0.0  # while the database is away

    def get_new_connection(self, conn_params):
        if not limits.are_on():
            return super().get_new_connection(conn_params)
        self._require_presence()
        try:
            connection = super().get_new_connection(conn_params)
        except base.Database.OperationalError as error:
            self._begin_outage(error)
            raise
        limits.bound(connection, self)
        return connection

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if limits.are_on():
            told = limits.session_settings()
            names = ", ".join(f"set_config('{name}', %s, false)" for name in told)
            with self.wrap_database_errors:
                self.connection.execute(f"SELECT {names}", [*told.values()])

    def create_cursor(self, name: str | None = None) -> Any:
        self._require_presence()
        return super().create_cursor(name)

    def _require_presence(self) -> None:
        """Raises NoResponse while the database is left alone."""
        if limits.outage.is_on and self._is_left_alone():
            raise NoResponse("the database is away")

    def _is_left_alone(self) -> bool:
        if self.alias != DEFAULT_DB_ALIAS or time.monotonic() < self._may_ask_until:
            return False
        if not limits.outage.may_ask():
            return True
        self._may_ask_until = time.monotonic() + limits.SECONDS_AWAY
        return False

    def _begin_outage(self, why: object) -> None:
        self._may_ask_until = 0.0
        if self.alias == DEFAULT_DB_ALIAS:
            limits.outage.begin(why)

    def response_limit(self) -> Limit:
        if self._limit is not None:
            return self._limit
        if self.alias != DEFAULT_DB_ALIAS:
            return limits.OF_REPLICA
        return limits.for_a_key() if limits.outage.is_on else limits.for_any_statement()

    def note_answer(self) -> None:
        if limits.outage.is_on and self.alias == DEFAULT_DB_ALIAS:
            limits.outage.end()

    def note_silence(self, limit: Limit) -> None:
        if limit.is_proof:
            self._begin_outage(f"no response within {limit.seconds:g} seconds")

    @contextlib.contextmanager
    def limit_responses(self, limit: Limit | None = None) -> Iterator[None]:
        """In a process that answers requests, statements in the `with` block wait no longer for a
        response. Without `limit` they find their rows by a key."""
        before, self._limit = self._limit, limit or limits.for_a_key()
        try:
            yield
        finally:
            self._limit = before

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        return not self._has_news() or super().is_usable()

    def _has_news(self) -> bool:
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLPRI)
        return bool(poll.poll(0))  # errors and hang-ups are told unasked

    @contextlib.contextmanager
    def limit_waits(self, milliseconds: int) -> Iterator[None]:
        """The transaction in the `with` block waits no longer for a lock."""
        self._lock_timeout = milliseconds
        try:
            yield
        finally:
            self._lock_timeout = 0

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        super().set_autocommit(autocommit, *args, **kwargs)
        if self._lock_timeout and not autocommit:
            with self.wrap_database_errors:
                self.connection.execute(f"SET LOCAL lock_timeout = {self._lock_timeout}")

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor for statements that lead to their rows by a key: of one that does not, the plan that
        is good for some values may be very bad for others. With DATABASE_PREPARE=off it is not prepared."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        factory: type[base.Cursor] | type[ServerBindingCursor] = KeyCursor
        if settings.DATABASE_PREPARE:
            self._forget_plans()
            factory = PreparedCursor
        connection = self.connection
        usual, connection.cursor_factory = connection.cursor_factory, factory
        try:
            return self.cursor()
        finally:
            connection.cursor_factory = usual

    def _forget_plans(self) -> None:
        """A plan that was made while a table was empty reads all of it. PostgreSQL replans it only after
        autovacuum has analysed the table."""
        now = time.monotonic()
        if now - self._planned_at >= PLAN_SECONDS:
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute("DISCARD PLANS")
            self._planned_at = now
