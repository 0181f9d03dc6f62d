"""Django's database sessions, read by plain SQL, with hashed keys.

Every request of a member loads its session, and the ORM takes ten times as long for this one query
(0042). The table holds only a keyed hash of the cookie's value, so reading it or a copy
of it does not give access to a session (0048)."""

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connections, router
from django.utils import timezone
from django.utils.crypto import salted_hmac

from boardsite.databases.prepared import prepared_cursor

ROW_KEY_LENGTH = 40  # of Django's column; 160 bits in hexadecimal digits


def row_key(session_key: str) -> str:
    """The key in the table of the session whose cookie has the value `session_key`."""
    digest = salted_hmac("boardsite.sessions", session_key, algorithm="sha256").hexdigest()
    return digest[:ROW_KEY_LENGTH]


class SessionStore(db.SessionStore):
    SQL = "SELECT session_data FROM {} WHERE session_key = %s AND expire_date > %s"

    @property
    def row_key(self) -> str | None:
        return self.session_key and row_key(self.session_key)

    def load(self) -> dict[str, Any]:
        """The session's data; {} where it does not exist or has expired."""
        data = self.load_row(self.row_key) if self.row_key else None
        if data is None:
            self._session_key = None  # as Django does: a client cannot choose the key of a session
            return {}
        return data

    def load_row(self, row_key: str) -> dict[str, Any] | None:
        """The data of the session in the row `row_key`, or None when it has expired."""
        connection = connections[router.db_for_read(self.model)]
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with prepared_cursor(connection.alias) as cursor:
            cursor.execute(self.SQL.format(self.model._meta.db_table), [row_key, now])
            found = cursor.fetchone()
        return None if found is None else self.decode(found[0])

    def delete_row(self, row_key: str) -> None:
        super().delete(row_key)

    # Overrides every method in which Django writes or looks up the key.

    def exists(self, session_key: str) -> bool:
        return super().exists(row_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        instance = super().create_model_instance(data)
        instance.session_key = row_key(instance.session_key)
        return instance

    def delete(self, session_key: str | None = None) -> None:
        if session_key := session_key or self.session_key:
            self.delete_row(row_key(session_key))

    async def aload(self) -> dict[str, Any]:
        return await sync_to_async(self.load)()

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        return await sync_to_async(self.create_model_instance)(data)

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)
