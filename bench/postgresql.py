"""Creates databases on a PostgreSQL server, given the URL of an existing one."""

from urllib.parse import urlsplit


def address_of(server: str, name: str) -> str:
    """The URL of the database `name` on the server of the URL `server`."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def recreate(server: str, name: str) -> None:
    """Creates an empty database `name`. An existing one is dropped: filling it was interrupted."""
    import psycopg
    from psycopg import sql

    quoted = sql.Identifier(name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(quoted))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
