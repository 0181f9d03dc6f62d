"""Statements that PostgreSQL plans once for all values (docs/decisions/0044)."""

from collections.abc import Callable

from django.db import connections
from django.db.backends.utils import CursorWrapper


def prepared_cursor(using: str) -> CursorWrapper:
    """A cursor for statements that lead to their rows by a key. SQLite's connections keep all
    statements prepared."""
    connection = connections[using]
    make: Callable[[], CursorWrapper] = getattr(connection, "prepared_cursor", connection.cursor)
    return make()
