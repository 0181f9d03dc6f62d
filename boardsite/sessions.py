"""Django's sessions in the database, read by plain SQL: every request of a member begins with it."""

from django.contrib.sessions.backends import db
from django.db import connections, router
from django.utils import timezone


class SessionStore(db.SessionStore):
    """As Django's. The ORM would take ten times as long to put this one question (0042)."""

    SQL = "SELECT session_data FROM {} WHERE session_key = %s AND expire_date > %s"

    def load(self) -> dict:
        """What the session holds; {} where there is none, or no longer."""
        connection = connections[router.db_for_read(self.model)]
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.prepared_cursor() as cursor:
            cursor.execute(self.SQL.format(self.model._meta.db_table), [self.session_key, now])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None  # as Django's: nobody makes a session under a key of his own
            return {}
        return self.decode(found[0])
