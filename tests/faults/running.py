"""A running site with a board of posts and a member, and somebody who reads it while something is broken."""

import http.client
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.page import CHROME

PATIENCE = 60  # seconds until a test gives up


@dataclass(frozen=True)
class Answer:
    path: str
    status: int
    text: str
    headers: dict[str, str]
    seconds: float


@dataclass
class Reader:
    """A visitor at one IP address, with their cookies. Each request has a connection of its own."""

    port: int
    address: str = "203.0.113.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def read(
        self, path: str, *, method: str = "GET", fields: dict[str, str] | None = None
    ) -> Answer:
        """`fields` are those of a form."""
        headers = {"User-Agent": CHROME, "X-Forwarded-For": self.address, "Host": "localhost"}
        headers["Accept"] = "text/html,*/*;q=0.8"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        body = None if fields is None else urlencode(fields)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        with closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        ) as opened:
            opened.request(method, path, body=body, headers=headers)
            answer = opened.getresponse()
            text = answer.read().decode("utf-8", "replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        took = time.monotonic() - began
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(path, answer.status, text, named, took)


def read_all(port: int, paths: Iterable[str], *, readers: int, first: int = 1) -> list[Answer]:
    """Each of so many visitors opens all paths, at the same time. Raises what any request raised."""
    answers: list[Answer] = []
    troubles: list[Exception] = []
    paths = list(paths)

    def read(reader: Reader) -> None:
        try:
            answers.extend([reader.read(path) for path in paths])
        except Exception as trouble:
            troubles.append(trouble)

    threads = [
        threading.Thread(target=read, args=[Reader(port, f"203.0.113.{number}")])
        for number in range(first, first + readers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    return answers


@contextmanager
def write_lock(path) -> Iterator[None]:
    """Another process holds SQLite's write lock."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


def eventually(holds, why: str = "", seconds: float = PATIENCE):
    """Waits until `holds` returns a true value and returns it."""
    deadline = time.monotonic() + seconds
    while not (answer := holds()):
        assert time.monotonic() < deadline, why or "not in time"
        time.sleep(0.05)
    return answer
