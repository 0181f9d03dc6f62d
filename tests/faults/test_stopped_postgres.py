"""PostgreSQL, or its replica, stops for some seconds (SIGSTOP): nobody hangs, cached pages are read with
a note, and afterwards all is as before."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.running import Answer, Reader, eventually
from tests.machines.services import Cluster, Machines, WebHost
from tests.machines.site import PASSWORD
from tests.sources import ROOT

NOTE = "최신이 아닐 수 있습니다"
SOON = 6.0
"""Seconds: 2 for a response, and the rest for a busy machine."""
GUEST = "203.0.113.{}"


@pytest.fixture
def machines() -> Iterator[Machines]:
    with Machines() as machines:
        yield machines


def environment(primary: Cluster, **more: str) -> dict[str, str]:
    left_out = ("DATABASE_URL", "CACHE_URL", "PYTEST_DB_SUFFIX")
    inherited = {name: word for name, word in os.environ.items() if name not in left_out}
    return inherited | {
        "DATABASE_URL": primary.url,
        "CACHE_URL": "locmemcache://",
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "SITE_URL": "http://localhost:8000",
        "TRUSTED_PROXY": "127.0.0.1",
        "HOST": "127.0.0.1",
        "WEB_CONCURRENCY": "1",
        "HOUSEKEEPING": "off",
        "VIEWS_WRITE_SECONDS": "0.5",
        "VISITS_WRITE_SECONDS": "0.5",
        "PYTHONUTF8": "1",
        **more,
    }


def start_site(machines: Machines, primary: Cluster, **more: str) -> WebHost:
    variables = environment(primary, **more)
    make = [sys.executable, "-m", "tests.machines.site"]
    subprocess.run(make, cwd=ROOT, env=variables, check=True, timeout=300)
    return machines.web_host("site", variables)


def log_in(host: WebHost) -> Reader:
    member = Reader(host.port, "198.51.100.1")
    member.read("/accounts/login/")
    submit(member, "/accounts/login/", login="minji", password=PASSWORD)
    assert "민지" in member.read("/").text
    return member


def submit(reader: Reader, path: str, **fields: str) -> Answer:
    token = reader.cookies["csrftoken"]
    return reader.read(path, method="POST", fields={**fields, "csrfmiddlewaretoken": token})


@contextmanager
def stopped(cluster: Cluster) -> Iterator[None]:
    """PostgreSQL starts a session for each of its processes, so each is stopped by itself."""
    pid = cluster.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    processes = [pid, *map(int, children)]
    for each in processes:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in reversed(processes):
            os.kill(each, signal.SIGCONT)


def test_cached_pages_are_read_while_postgresql_does_not_respond(machines):
    primary = machines.postgres()
    primary.ask("CREATE DATABASE boardsite", database="postgres")
    host = start_site(machines, primary)
    member = log_in(host)
    write(member)
    cached = ["/", "/free/", "/free/1/", "/robots.txt"]
    guest = Reader(host.port, GUEST.format(1))
    for path in cached:
        assert guest.read(path).status == 200
    with stopped(primary):
        began = time.monotonic()
        first = guest.read("/free/1/")
        later = [Reader(host.port, GUEST.format(number)) for number in range(2, 5)]
        answers = [first, *(reader.read(path) for reader in later for path in cached)]
        assert [(each.path, each.status) for each in answers if each.status != 200] == []
        assert all(NOTE in answer.text for answer in answers if answer.path != "/robots.txt")
        assert all("no-store" in answer.headers["cache-control"] for answer in answers)
        assert host_answers(host, "/healthz").status == 200
        refused = [member.read("/"), guest.read("/free/?page=2"), submit(member, "/free/write/")]
        for answer in refused:
            assert (answer.status, answer.headers["retry-after"]) == (503, "30")
        assert "지금은 열 수 없습니다" in refused[0].text
        everything = [*answers, *refused]
        assert [each for each in everything if each.seconds > SOON] == []
        assert sum(each.seconds for each in everything) < 4 * SOON, "most do not wait at all"
        eventually(lambda: time.monotonic() - began > 8)
    eventually(lambda: NOTE not in guest.read("/free/1/").text)
    assert "민지" in member.read("/").text
    write(member, "꽃놀이")
    assert guest.read("/free/2/").status == 200
    # Each reader of the post is counted, those of the outage too; the author is not.
    views = "SELECT view_count FROM boards_post WHERE number = 1"
    eventually(lambda: primary.ask(views) == [(4,)], f"{primary.ask(views)}")
    log = machines.log("site")
    assert log.count("The database is away") == log.count("The database is back") == 1
    assert log.count("Traceback") < 20


def write(member: Reader, subject: str = "봄나들이") -> None:
    page = member.read("/free/write/").text
    submission = page.split('name="submission" value="')[1].split('"')[0]
    eventually(lambda: submit_post(member, subject, submission), "the site is still read-only")


def submit_post(member: Reader, subject: str, submission: str) -> bool:
    answer = submit(
        member,
        "/free/write/",
        subject=subject,
        source="<p>같이 가요</p>",
        format="html",
        submission=submission,
    )
    if answer.status == 503:
        return False
    assert answer.status == 302, answer.text
    assert answer.headers["location"].startswith("/free/"), answer.headers
    return True


def host_answers(host: WebHost, path: str) -> Answer:
    return Reader(host.port, GUEST.format(200)).read(path)


def test_a_replica_that_does_not_respond_is_left_alone(machines):
    primary = machines.postgres()
    primary.ask("CREATE DATABASE boardsite", database="postgres")
    replica = machines.replica_of(primary)
    host = start_site(machines, primary, DATABASE_REPLICA_URL=replica.url)
    member = log_in(host)
    write(member)
    guest = Reader(host.port, GUEST.format(1))
    eventually(lambda: guest.read("/free/1/").status == 200)
    with stopped(replica):
        began = time.monotonic()
        answers = [guest.read(path) for path in ("/free/1/", "/", "/free/", "/free/1/")]
        answers.append(member.read("/free/1/"))
        assert {answer.status for answer in answers} == {200}
        assert not any(NOTE in answer.text for answer in answers), "they come from the primary"
        assert [each for each in answers if each.seconds > SOON] == []
        assert sum(each.seconds > 1.5 for each in answers) <= 2, "then nobody waits for it"
        write(member, "꽃놀이")
        assert guest.read("/free/2/").status == 200, "guests read what is new, from the primary"
        eventually(lambda: time.monotonic() - began > 8)
    eventually(lambda: guest.read("/free/").status == 200 and says_back(machines))
    assert guest.read("/free/2/").status == 200


def says_back(machines: Machines) -> bool:
    return "The replica of the database is back" in machines.log("site")
