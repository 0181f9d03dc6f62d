"""A MariaDB server that holds the sample, and the dumps that its own program makes of it."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pymysql
from pymysql.constants import CLIENT

from importer.reading.server import Address
from tests.services import missing

URL = os.environ.get("MARIADB_URL", "mysql://root:@127.0.0.1:3306/none")
NUMBERS = itertools.count()


class Server:
    """One database of the server."""

    def __init__(self, name: str):
        self.url = URL.rpartition("/")[0] + f"/{name}"
        self.address = Address.parse(self.url)

    def run(self, sql: str, *, inside: bool = True) -> None:
        """Several statements."""
        connection = pymysql.connect(
            host=self.address.host,
            port=self.address.port,
            user=self.address.user,
            password=self.address.password or "",
            database=self.address.name if inside else None,
            client_flag=CLIENT.MULTI_STATEMENTS,
            autocommit=True,
            connect_timeout=5,
            read_timeout=60,
        )
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            while cursor.nextset():
                pass

    def dump(self, path: Path, *options: str) -> Path:
        where = self.address
        command = [
            shutil.which("mariadb-dump") or "mysqldump",
            f"--host={where.host}",
            f"--port={where.port}",
            f"--user={where.user}",
            f"--result-file={path}",
            *options,
            where.name,
        ]
        secret = {"MYSQL_PWD": where.password} if where.password else {}
        subprocess.run(command, check=True, timeout=300, env={**os.environ, **secret})
        return path


def database(sql: str) -> Iterator[Server]:
    """A database with the tables of a dump; it is dropped at the end."""
    server = Server(f"boardsite_test_{os.getpid()}_{next(NUMBERS)}")
    name = server.address.name
    try:
        server.run(f"CREATE OR REPLACE DATABASE {name} CHARACTER SET utf8mb4", inside=False)
    except pymysql.OperationalError as error:
        missing(f"no MariaDB answers ({error.args[0]})", required_by="REQUIRE_SERVICES")
    try:
        server.run(sql)
        yield server
    finally:
        server.run(f"DROP DATABASE {name}", inside=False)
