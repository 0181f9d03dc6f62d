"""A running site with its own database, and visitors."""

import http.client
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.db import connection

from tests.page import CHROME
from tests.services import heed_signals
from tests.sources import ROOT

PATIENCE = 240  # seconds; far more than anything here takes, on a busy machine too
SEOUL = ZoneInfo("Asia/Seoul")


class Scratch:
    """A copy of the tests' empty database, on the same kind of database, for processes to write to."""

    def __init__(self, folder: Path):
        self.path, self.name = folder / "site.sqlite3", ""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(self.path)])
            with closing(sqlite3.connect(self.path)) as opened:
                opened.execute("PRAGMA journal_mode=WAL")  # as on any site before it serves
            self.url = f"sqlite:///{self.path}"
            return
        self.settings = connection.settings_dict
        original, self.name = self.settings["NAME"], f"{self.settings['NAME']}_scratch"
        connection.close()  # an open database cannot be copied
        with self._server() as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [original],
            )
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{original}"')
        user, password = (quote(self.settings[name], safe="") for name in ("USER", "PASSWORD"))
        host, port = self.settings["HOST"] or "localhost", self.settings["PORT"] or 5432
        self.url = f"postgres://{user}{password and ':' + password}@{host}:{port}/{self.name}"

    def _server(self):
        import psycopg

        return psycopg.connect(
            host=self.settings["HOST"] or None,
            port=self.settings["PORT"] or None,
            user=self.settings["USER"] or None,
            password=self.settings["PASSWORD"] or None,
            dbname="postgres",
            autocommit=True,
        )

    def rows(self, query: str) -> list[tuple]:
        if not self.name:
            with closing(sqlite3.connect(self.path, timeout=20)) as opened:
                return opened.execute(query).fetchall()
        import psycopg

        with psycopg.connect(self.url) as opened:
            return opened.execute(query).fetchall()

    def by_day(self, query: str) -> dict[date, int]:
        """The result of a query for days and numbers; SQLite returns days as text."""
        return {date.fromisoformat(str(day)): number for day, number in self.rows(query)}

    def drop(self) -> None:
        if self.name:
            with self._server() as server:
                server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


class Site:
    """The site's own server with two workers; `database` is a Scratch."""

    def __init__(self, folder: Path, **environment: str):
        self.database = Scratch(folder)
        self.ahead = folder / "ahead"
        self.show("2026-11-24 23:50:00")
        self.complaints = folder.with_name(f"{folder.name}-complaints")
        environment = {
            **os.environ,
            "DATABASE_URL": self.database.url,
            "CACHE_URL": "locmemcache://",
            "DATA_DIR": str(folder),
            "CLOCK_AHEAD": str(self.ahead),
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            "SITE_URL": "http://localhost:8000",
            "HOST": "127.0.0.1",
            "PORT": "0",
            "WEB_CONCURRENCY": "2",
            "HOUSEKEEPING": "off",
            "VISITS_WRITE_SECONDS": "0.5",
            "LOG_LEVEL": "WARNING",
            "PYTHONUTF8": "1",
            **environment,
        }
        with self.complaints.open("w") as complaints:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.visits.served"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                start_new_session=True,
                preexec_fn=heed_signals,
            )
        address = self.process.stdout.readline().strip()
        assert address, self.complaints.read_text()
        self.port = int(address.rstrip("/").rsplit(":", 1)[1])

    def show(self, time_in_seoul: str) -> None:
        """Sets the workers' clocks; they go on from there."""
        shown = datetime.fromisoformat(time_in_seoul).replace(tzinfo=SEOUL)
        new = self.ahead.with_suffix(".new")
        new.write_text(str((shown - datetime.now(UTC)).total_seconds()))
        new.replace(self.ahead)

    def workers(self) -> set[int]:
        pid = self.process.pid
        return {int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    def stop(self) -> str:
        """Stops the server normally; returns its stderr."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=PATIENCE) == 0, self.complaints.read_text()
        return self.complaints.read_text()

    def end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process.stdout.close()
        self.database.drop()
        shutil.rmtree(self.database.path.parent, ignore_errors=True)


@dataclass
class Crowd:
    """Parallel visitors, and what the responses told them."""

    port: int
    days: dict[date, set[int]] = field(default_factory=dict)  # → keys
    addresses: dict[date, set[str]] = field(default_factory=dict)
    pages: Counter[date] = field(default_factory=Counter)  # pages that were shown
    by_worker: Counter[int] = field(default_factory=Counter)
    asked: int = 0  # including those without a response
    answered: int = 0
    slowest: float = 0.0  # seconds
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def come(self, addresses, paths, *, forgiving: bool = False, agent: str = CHROME) -> None:
        """Each visitor opens `paths` in turn, every other page on a connection of its own, so that
        both workers know them. With `forgiving`, a visitor without a response asks again."""
        threads = [
            threading.Thread(target=self._stay, args=[address, paths, forgiving, agent])
            for address in addresses
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _stay(self, address: str, paths, forgiving: bool, agent: str) -> None:
        try:
            with closing(self._connect()) as kept:
                for turn, path in enumerate(paths):
                    with closing(self._connect()) as other:
                        self._open(kept if turn % 2 else other, address, path, forgiving, agent)
        except Exception as trouble:
            self.troubles.append(f"{address}: {trouble!r}")

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def _open(self, opened, address: str, path: str, forgiving: bool, agent: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            began = time.monotonic()
            with self.lock:
                self.asked += 1
            try:
                headers = {"User-Agent": agent, "X-Forwarded-For": address, "Host": "localhost"}
                opened.request("GET", path, headers=headers)
                answer = opened.getresponse()
                answer.read()
                break
            except (OSError, http.client.HTTPException):
                opened.close()
                if not forgiving or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self._take_note(answer, address, time.monotonic() - began)

    def _take_note(self, answer, address: str, seconds: float) -> None:
        day, key = (answer.headers["X-Visit"] or "- -").split()
        with self.lock:
            self.answered += 1
            self.by_worker[int(answer.headers["X-Worker"])] += 1
            self.slowest = max(self.slowest, seconds)
            if answer.status != 200 or day == "-":
                self.troubles.append(f"{address}: {answer.status}, visit {day}")
                return
            on = date.fromisoformat(day)
            self.days.setdefault(on, set()).add(int(key))
            self.addresses.setdefault(on, set()).add(address)
            self.pages[on] += 1


def wait_until(true, why: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, why
        time.sleep(0.02)
