"""Describes the database of any site."""

import os

from django.db import connection


def about() -> str:
    return f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}"


def size() -> int:
    """Bytes of tables and indexes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return cursor.fetchone()[0]
    return os.path.getsize(connection.settings_dict["NAME"])
