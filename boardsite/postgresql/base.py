"""Django's PostgreSQL, which is asked less.

Its connections are looked at before a request without a question. Django asks each `SELECT 1` at the
begin of each request, which takes as long as the question that follows. A server that has ended, or has
ended a connection, has said so: then there is something to read on it, as there never is on one that
waits. Only then it is asked (docs/decisions/0036).

And it can be asked by statements that it plans once for all values: `prepared_cursor`
(docs/decisions/0044).
"""

import select
import time
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from psycopg.errors import DataError, FeatureNotSupported
from psycopg.pq import TransactionStatus

PLAN_SECONDS = 10.0  # for which a plan is used


class PreparedCursor(ServerBindingCursor):
    """Prepares what it executes."""

    def execute(self, query: str, params: Any = None, **kwargs: Any) -> "PreparedCursor":
        # Not for the whole connection: psycopg would keep the texts of all statements, to count them.
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params, **kwargs)
        except FeatureNotSupported:
            # Somebody has changed the type of a column since.
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
            super().execute("DEALLOCATE ALL", prepare=False)  # psycopg sees it, and prepares anew
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

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        return not self._has_news() or super().is_usable()

    def _has_news(self) -> bool:
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLPRI)
        return bool(poll.poll(0))  # errors and hang-ups are told unasked

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor for statements that lead to their rows by a key: of one that does not, the plan that
        is good for some values may be very bad for others. With DATABASE_PREPARE=off as any other."""
        if not settings.DATABASE_PREPARE:
            return self.cursor()
        self.close_if_health_check_failed()
        self.ensure_connection()
        self._forget_plans()
        connection = self.connection
        usual, connection.cursor_factory = connection.cursor_factory, PreparedCursor
        try:
            return self.cursor()
        finally:
            connection.cursor_factory = usual

    def _forget_plans(self) -> None:
        """A plan that was made while a table was empty reads all of it. PostgreSQL makes it anew only
        when autovacuum has counted the table."""
        now = time.monotonic()
        if now - self._planned_at >= PLAN_SECONDS:
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                cursor.execute("DISCARD PLANS")
            self._planned_at = now
