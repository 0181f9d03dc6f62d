"""/healthz says that the process is alive, /readyz what the site cannot do."""

import json
import re
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from boardsite.availability import writing
from boardsite.databases.schema import Schema
from boardsite.health import checks, exposition, readiness
from boardsite.health.checks import DATABASE_CHECKS
from boardsite.health.counters import Counters, cumulated
from boardsite.models import ChoreRun
from boardsite.server.timetable import CHORES

PROBES = ("/healthz", "/readyz", "/metrics")
ABROAD = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(autouse=True)
def new_round(monkeypatch):
    monkeypatch.setattr(checks, "read_disks", lambda: {(90, 100)})
    yield
    if readiness._latest:
        readiness._latest.is_over.wait(60)
    readiness.forget()


@pytest.fixture
def well(transactional_db):
    """All chores have just run."""
    now = timezone.now()
    ChoreRun.objects.bulk_create(ChoreRun(name=name, ended_at=now) for name in CHORES)


@pytest.fixture
def calm(monkeypatch):
    """A database that is well, without one."""
    for name, (_check, state) in list(DATABASE_CHECKS.items()):
        monkeypatch.setitem(DATABASE_CHECKS, name, (lambda name=name: checks.Check(name), state))
    monkeypatch.setattr(readiness, "read_measures", list)


def found_by(response) -> dict[str, tuple[str, str]]:
    return {
        check["name"]: (check["status"], check["detail"]) for check in response.json()["checks"]
    }


def test_alive_needs_no_database(client):  # pytest-django refuses every query here
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize("path", PROBES)
def test_probes_answer_under_every_name_without_https(client, calm, settings, path):
    settings.ALLOWED_HOSTS = ["board.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    settings.MONITORING_TOKEN = "monitor-me"
    token = "Bearer monitor-me"
    for host in ("127.0.0.1:8000", "localhost", "elsewhere.example.com", "a b"):
        assert client.get(path, headers={"host": host, "authorization": token}).status_code == 200


def test_a_site_that_is_well_says_so(client, well):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert set(found_by(response)) == {"disk", *DATABASE_CHECKS}
    assert {state for state, _detail in found_by(response).values()} == {"ok"}
    assert len(response.text.splitlines()) == 2 + len(found_by(response))  # a line for each
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "asked",
    [
        ABROAD,
        {**ABROAD, "HTTP_AUTHORIZATION": "Bearer wrong"},
        {**ABROAD, "HTTP_AUTHORIZATION": "Bearer"},
        {**ABROAD, "HTTP_AUTHORIZATION": "Basic monitor-me"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},  # through a proxy on this machine
        {"boardsite.forwarded": True},
        {"HTTP_X_REAL_IP": "203.0.113.7"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_HOST": "board.example.org"},  # HAProxy says nothing else
        {"HTTP_HOST": "127.0.0.1.evil.example"},
        {"HTTP_HOST": "a b"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_strangers_see_only_the_sum(client, calm, settings, asked):
    settings.MONITORING_TOKEN = "monitor-me"
    assert client.get("/readyz", **asked).json() == {"status": "ok"}


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:80", "[::1]:8000", ""])
def test_programs_of_this_machine_see_the_details(client, calm, host):
    assert "disk" in found_by(client.get("/readyz", HTTP_HOST=host))


def test_the_token_shows_the_details(client, calm, settings):
    settings.MONITORING_TOKEN = "monitor-me"
    response = client.get("/readyz", **ABROAD, HTTP_AUTHORIZATION="Bearer monitor-me")
    assert "disk" in found_by(response)


def test_without_a_token_an_empty_one_shows_nothing(client, calm):
    response = client.get("/readyz", **ABROAD, HTTP_AUTHORIZATION="Bearer ")
    assert response.json() == {"status": "ok"}


def test_a_full_disk_and_a_late_chore_are_warnings(client, well, monkeypatch):
    monkeypatch.setattr(checks, "read_disks", lambda: {(5 * 2**30, 100 * 2**30)})
    ChoreRun.objects.filter(name="tidy").update(ended_at=timezone.now() - timedelta(days=9))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "warning")
    assert found_by(response)["disk"] == ("warning", "남은 곳 5.0 GB(5%).")
    assert "매일 정리" in found_by(response)["chores"][1]


def test_unapplied_migrations_fail(client, calm, monkeypatch):
    check = (checks.check_migrations, checks.State.FAILED)
    monkeypatch.setitem(DATABASE_CHECKS, "migrations", check)
    old = Schema([("boards", "0002_x"), ("pages", "0001_x")], [], "0.9")
    monkeypatch.setattr(checks, "read_schema", lambda: old)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert found_by(response)["migrations"][0] == "failed"
    assert "0.9" in found_by(response)["migrations"][1]


def test_a_database_that_refuses_fails_at_once(client, calm, monkeypatch):
    def refuse():
        raise OperationalError("connection refused")

    monkeypatch.setitem(DATABASE_CHECKS, "read", (refuse, checks.State.FAILED))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert found_by(response)["read"] == ("failed", "OperationalError: connection refused")
    assert found_by(response)["write"][0] == "warning"


def test_a_database_that_hangs_fails_within_the_deadline_and_holds_one_thread(
    client, calm, monkeypatch
):
    released = threading.Event()
    asked = []

    def hang():
        asked.append(1)
        released.wait(30)
        return checks.Check("read")

    monkeypatch.setitem(DATABASE_CHECKS, "read", (hang, checks.State.FAILED))
    monkeypatch.setattr(readiness, "DEADLINE", 0.05)
    for _ in range(5):
        response = client.get("/readyz")
        assert response.status_code == 503
        assert "답하지 않았습니다" in found_by(response)["read"][1]
    assert len(asked) == 1
    released.set()
    monkeypatch.setattr(readiness, "DEADLINE", 60)
    assert readiness._latest.is_over.wait(60)
    readiness.forget()
    assert client.get("/readyz").status_code == 200


def test_a_held_write_lock_is_a_warning(client, well, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no lock of the whole database")
    monkeypatch.setitem(writing.try_to_write.__kwdefaults__, "patience", 0.001)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            response = client.get("/readyz")
        finally:
            cursor.execute("ROLLBACK")
    assert response.status_code == 200
    assert found_by(response)["write"] == ("warning", "OperationalError: database is locked")
    assert found_by(response)["read"][0] == "ok"


def test_a_folder_that_takes_no_file_is_a_warning(client, calm, settings, tmp_path, monkeypatch):
    check = (checks.check_writing, checks.State.WARNING)
    monkeypatch.setitem(DATABASE_CHECKS, "write", check)
    settings.DATA_DIR = tmp_path / "gone"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert found_by(response)["write"][0] == "warning"


def test_a_read_only_database_is_a_warning(client, well):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such mode")
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        try:
            response = client.get("/readyz")
        finally:
            cursor.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    state, detail = found_by(response)["write"]
    assert (state, "read-only transaction" in detail) == ("warning", True)


def test_a_flood_costs_one_round(client, calm, monkeypatch):
    rounds = []

    def count():
        rounds.append(1)
        return checks.Check("read")

    monkeypatch.setitem(DATABASE_CHECKS, "read", (count, checks.State.FAILED))
    monkeypatch.setattr(readiness, "VALID", 60)
    for _ in range(20):
        assert json.loads(client.get("/readyz").content)["status"] == "ok"
    assert len(rounds) == 1


# -- metrics ---------------------------------------------------------------------------------------
def samples_of(text: str) -> dict[str, float]:
    """The samples by name and label, after a check that each line is well-formed."""
    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    line = re.compile(r'([a-z_]+(?:\{[a-z]+="[^"]*"\})?) (\S+)')
    return {match[1]: float(match[2]) for match in map(line.fullmatch, lines)}


@pytest.fixture
def as_monitor(client, settings):
    settings.MONITORING_TOKEN = "monitor-me"
    client.defaults |= {**ABROAD, "HTTP_AUTHORIZATION": "Bearer monitor-me"}
    return client


@pytest.mark.parametrize("token", ["", "monitor-me"])
@pytest.mark.parametrize("sent", [{}, {"authorization": "Bearer x"}, {"authorization": "Bearer "}])
def test_metrics_need_the_token_even_here(client, settings, token, sent):
    settings.MONITORING_TOKEN = token
    response = client.get("/metrics", headers=sent)
    assert (response.status_code, response.content) == (404, b"")
    assert response["Content-Type"] == "text/plain"


def test_metrics_name_requests_checks_chores_and_posts(as_monitor, well, post, comment):
    response = as_monitor.get("/metrics")
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    found = samples_of(response.text)
    assert found["boardsite_posts"] == found["boardsite_comments"] == 1
    assert found['boardsite_check{name="read"}'] == 0
    assert found['boardsite_chore_failed{chore="tidy"}'] == 0
    assert found['boardsite_chore_success_timestamp_seconds{chore="tidy"}'] > 1e9
    assert set(re.findall(r"# TYPE (\w+)", response.text)) == set(exposition.HELP)


def test_metrics_without_a_database_are_those_of_the_process(as_monitor, calm, monkeypatch):
    def refuse():
        raise OperationalError("connection refused")

    monkeypatch.setitem(DATABASE_CHECKS, "read", (refuse, checks.State.FAILED))
    found = samples_of(as_monitor.get("/metrics").text)
    assert found['boardsite_check{name="read"}'] == 2
    assert 'boardsite_requests_total{status="2xx"}' in found
    assert "boardsite_posts" not in found


def test_the_workers_count_together():
    shared = Counters()
    shared.share(2)
    for worker, (status, seconds) in enumerate([(200, 0.004), (503, 0.3)]):
        shared.take_row(worker)
        shared.add_request(status, seconds)
        shared.set(waiting=2, running=1)
    shared.take_row(0)  # a worker that replaces the first one
    shared.add_request(204, 60)
    sums = shared.sums()
    assert (sums["2xx"], sums["5xx"], sums["waiting"]) == (2, 1, 2)
    assert sums["sum"] == pytest.approx(60.304)
    buckets = dict(cumulated(sums))
    assert (buckets["0.005"], buckets["0.25"], buckets["0.5"], buckets["+Inf"]) == (1, 1, 2, 3)
