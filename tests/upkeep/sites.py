"""Sites in a folder of their own, with a database of their own, whose commands are real processes."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from tests.prepared_database import copy_prepared_file, prepared_template
from tests.programs import output_of
from tests.sources import ROOT


class Site:
    """An empty place for a site: `data` is its folder, `url` its DATABASE_URL."""

    def __init__(self, folder: Path, backups: Path):
        self.folder, self.data = folder, folder / "data"
        folder.mkdir()
        self.name = f"{connection.settings_dict['NAME']}_{folder.name}"
        if connection.vendor == "postgresql":
            self._create("template0")
            about = connection.settings_dict
            who = about["USER"] + (f":{about['PASSWORD']}" if about["PASSWORD"] else "")
            port = f":{about['PORT']}" if about["PORT"] else ""
            self.url = f"postgres://{who}@{about['HOST']}{port}/{self.name}"
        else:
            self.url = f"sqlite:///{self.data / 'db.sqlite3'}"
        self.variables = {
            "DJANGO_SETTINGS_MODULE": "boardsite.settings",
            "DATA_DIR": str(self.data),
            "DATABASE_URL": self.url,
            "BACKUP_DIR": str(backups),
            "SECRET_KEY": os.environ["SECRET_KEY"],
        }

    def prepare(self) -> None:
        """Migrates its database, by a copy of the one that all tests copy."""
        self.data.mkdir()
        if connection.vendor == "postgresql":
            self._create(prepared_template())
        else:
            copy_prepared_file(self.data / "db.sqlite3")

    def _create(self, template: str) -> None:
        self.drop()
        with self._server() as server:
            server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')

    def _server(self):
        parameters = {**connection.get_connection_params(), "dbname": "postgres"}
        for own in ("context", "cursor_factory", "prepare_threshold"):
            parameters.pop(own, None)
        return closing(psycopg.connect(**parameters, autocommit=True))

    def manage(self, *words: str, **variables: str) -> subprocess.CompletedProcess:
        environment = environment_of(self, **variables)
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=900,
            check=False,
        )

    def output_of(self, program: str, **variables: str) -> str:
        return output_of(program, self.folder, **{**self.variables, **variables})

    @contextmanager
    def opened(self):
        """A process of the site has a connection to its database."""
        if connection.vendor == "postgresql":
            with closing(psycopg.connect(self.url)):
                yield
        else:
            with closing(sqlite3.connect(self.data / "db.sqlite3")) as database:
                database.execute("PRAGMA journal_mode=WAL")
                database.execute("SELECT count(*) FROM boards_post").fetchall()
                yield

    def drop(self) -> None:
        if connection.vendor == "postgresql":
            with self._server() as server:
                server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def environment_of(site: Site, **variables: str) -> dict[str, str]:
    """Of a command of the site."""
    environment = {**os.environ, **site.variables, "PYTHONUTF8": "1", **variables}
    environment.pop("CACHE_URL", None)  # its own cache.sqlite3
    return environment


SETUP = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
django.setup()
"""
"""The beginning of a program on a site that exists."""
