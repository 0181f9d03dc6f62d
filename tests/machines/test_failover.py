"""The primary dies and its replica is promoted. The addresses name both servers, as Patroni, managed
services and docs/operating.md have it: reading goes on, and nothing is restarted."""

import subprocess
import sys
import uuid

import pytest

from tests.machines.services import Machines, eventually, kill
from tests.machines.test_many_machines import Browser, environment
from tests.sources import ROOT

PATHS = ("/", "/free/", "/free/1/")


@pytest.fixture
def machines():
    with Machines() as machines:
        yield machines


def of_both(one, other, role: str) -> str:
    return (
        f"postgres://boardsite@127.0.0.1:{one.port},127.0.0.1:{other.port}/boardsite"
        f"?target_session_attrs={role}"
    )


def test_reading_goes_on_and_writing_returns_with_the_promoted_replica(machines):
    primary = machines.postgres()
    primary.ask("CREATE DATABASE boardsite", database="postgres")
    replica = machines.replica_of(primary)
    variables = environment(primary, replica, "locmemcache://", "") | {
        "DATABASE_URL": of_both(primary, replica, "read-write"),
        "DATABASE_REPLICA_URL": of_both(replica, primary, "prefer-standby"),
    }
    variables.pop("S3_BUCKET")
    subprocess.run(
        [sys.executable, "-m", "tests.machines.site"],
        cwd=ROOT,
        env=variables,
        check=True,
        timeout=300,
    )
    host = machines.web_host("one", variables)
    minji = Browser(f"http://localhost:{host.port}").log_in("minji")
    post = {"subject": "봄나들이", "source": "<p>벚꽃이 활짝</p>", "format": "html"}
    assert (
        minji.submit("/free/write/", {**post, "submission": str(uuid.uuid4())}).status_code == 302
    )
    guest = Browser(minji.address)
    eventually(lambda: "봄나들이" in guest.read("/free/").text)

    kill(primary.process)
    for path in PATHS * 3:
        assert guest.read(path).status_code == 200, path
    refused = minji.submit("/free/1/comments/write/", comment := words("먼저 쓴 댓글"))
    assert refused.status_code == 503

    replica.ask("SELECT pg_promote()")
    eventually(lambda: minji.submit("/free/1/comments/write/", comment).status_code == 302)
    for path in PATHS:
        assert guest.read(path).status_code == 200, path
    eventually(lambda: "먼저 쓴 댓글" in guest.read("/free/1/").text)
    assert replica.ask("SELECT count(*) FROM boards_comment") == [(1,)]


def words(text: str) -> dict[str, str]:
    return {"text": text, "submission": str(uuid.uuid4())}
