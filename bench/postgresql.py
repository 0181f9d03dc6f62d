"""Databases of our own on a PostgreSQL server, by the address of one that is there."""

from urllib.parse import urlsplit


def address_of(server: str, name: str) -> str:
    """The address of the database `name` on the server of the database at `server`."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def make_anew(server: str, name: str) -> None:
    """An empty database `name`; one that is there goes: its filling was broken off."""
    import psycopg
    from psycopg import sql

    quoted = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(quoted))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
