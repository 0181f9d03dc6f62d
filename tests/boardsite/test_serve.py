"""The production server, as a process of its own with real signals and sockets."""

import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.request import Request, urlopen

import environ
import pytest

from boardsite import balance
from boardsite.serve import is_here
from tests.programs import output_of
from tests.services import heed_signals

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15  # seconds; far more than anything here takes on an idle machine

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")


class Served:
    """A running server: its process, its address, what it is asked and what it says."""

    def __init__(self, *command, **environment):
        self.process = subprocess.Popen(
            [sys.executable, *(command or ("-m", "tests.boardsite.served"))],
            cwd=ROOT,
            env={**os.environ, "PORT": "0", "WEB_CONCURRENCY": "2", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed_signals,
        )
        self.url = self.process.stdout.readline().strip()

    def ask(self, path="/", url=None, **headers):
        request = Request((url or self.url).rstrip("/") + path, headers=headers)
        with urlopen(request, timeout=PATIENCE) as response:
            return json.load(response)

    def ask_later(self, path):
        """Sends a request and returns its open connection, without waiting for the answer."""
        return self.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def send(self, text):
        host, port = self.url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        connection = socket.create_connection((host, int(port)), timeout=PATIENCE)
        connection.sendall(text.encode())
        return connection

    def workers(self):
        pid = self.process.pid
        return {int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    def wait_for_workers(self, count=2):
        wait_until(lambda: len(self.workers()) == count)
        return self.workers()

    def end(self, number=signal.SIGTERM):
        """Sends the signal to the parent alone; returns the exit status and what was complained."""
        self.process.send_signal(number)
        return self.result()

    def result(self):
        complaints = self.process.communicate(timeout=PATIENCE)[1]
        return self.process.returncode, complaints


def wait_until(true):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def serve():
    running = []

    def start(*command, **environment):
        running.append(Served(*command, **environment))
        return running[-1]

    yield start
    for served in running:
        if served.process.poll() is None:
            os.killpg(served.process.pid, signal.SIGKILL)
        served.process.communicate()


def test_as_many_workers_as_asked_share_the_requests(serve):
    served = serve(WEB_CONCURRENCY="3")
    workers = served.wait_for_workers(3)
    assert served.ask()["pid"] in workers
    assert served.end() == (0, "")


def answered_by(connection) -> int:
    """The process that answers on a connection which is kept."""
    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return json.load(answer)["pid"]


@pytest.fixture
def two_workers(serve):
    """A server whose workers both take connections."""
    served, seen = serve(), set()
    wait_until(lambda: len(seen) == 2 or seen.add(served.ask()["pid"]))
    return served


def test_workers_have_as_many_connections_each(two_workers):
    served = two_workers
    first = [served.send("") for _ in range(20)]
    by_first = Counter(map(answered_by, first))
    assert len(by_first) == 2
    assert max(by_first.values()) <= 12, by_first
    gone = max(by_first)
    for connection in first:
        if answered_by(connection) == gone:
            connection.close()
    time.sleep(0.5)  # until the worker knows
    second = [served.send("") for _ in range(8)]
    assert Counter(map(answered_by, second))[gone] >= 6
    assert served.end() == (0, "")


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL], ids=["hangs", "dies"])
def test_nobody_waits_long_for_a_worker_that_takes_nobody(two_workers, number):
    served = two_workers
    kept = [served.send("") for _ in range(20)]
    silent = answered_by(kept[0])
    for connection in kept:
        if answered_by(connection) == silent:
            connection.close()
    time.sleep(0.5)
    os.kill(silent, number)
    began = time.monotonic()
    new = []  # each of them stays
    for _ in range(5):
        new.append(served.send(""))
        assert answered_by(new[-1]) != silent
    assert time.monotonic() - began < balance.SILENT + 3


def test_what_the_server_itself_refuses_is_said_in_korean(serve):
    served = serve()
    served.wait_for_workers()
    connection = served.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n")
    answer = connection.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "text/html; charset=utf-8" in answer
    assert "<h1>413 너무 큽니다</h1>" in answer


def test_a_page_whose_refusal_breaks_too_is_answered(serve):
    served = serve()
    served.wait_for_workers()
    connection = served.send("GET /fails HTTP/1.1\r\nHost: x\r\n\r\n")
    assert connection.makefile("rb").read().decode().startswith("HTTP/1.1 500 ")


def test_who_asks_for_the_head_gets_no_body(serve):
    """It would be taken for the next answer on the same connection."""
    both = (
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    head, _, rest = serve().send(both).makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert re.search(rb"Content-Length: [1-9]", head)
    assert rest.startswith(b"HTTP/1.1 200 ")
    assert rest.endswith(b"}")


def test_what_is_being_sent_does_not_fill_the_disk(serve):
    """Of the largest requests, 100,000 bytes here, a worker holds sixteen; small ones still pass."""
    served = serve(WEB_CONCURRENCY="1")
    head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n"
    slow = [served.send(head.format(99_999) + "x" * 90_000) for _ in range(35)]
    wait_until(lambda: select.select(slow, [], [], 0)[0])
    small = served.send(head.format(1000) + "x" * 1000)
    assert small.recv(12) == b"HTTP/1.1 200"
    refused = select.select(slow, [], [], 0)[0]
    assert len(refused) < 35 - 10
    answer = refused[0].recv(10_000).decode()
    assert answer.startswith("HTTP/1.1 503 Service Unavailable\r\n")
    assert "<h1>503 너무 큽니다</h1>" in answer
    for connection in slow:
        connection.close()
    large = head.format(99_998) + "x" * 99_998  # for which there is room again
    wait_until(lambda: served.send(large).recv(12) == b"HTTP/1.1 200")


@pytest.mark.parametrize("how", [{}, {"IN_TURN": "yes"}])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_ends_everything_once_running_requests_are_answered(serve, number, how):
    served = serve(**how)
    workers = served.wait_for_workers()
    served.ask()
    connection = served.ask_later("/slow?0.7")
    time.sleep(0.2)
    assert served.end(number) == (0, "")
    assert connection.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"
    assert not any(map(is_running, workers))


def test_what_a_request_has_left_to_do_is_done(serve, tmp_path):
    served = serve()
    served.wait_for_workers()
    served.ask(f"/later?{tmp_path / 'mail'}")
    assert served.end()[0] == 0
    assert (tmp_path / "mail").read_text() == "done"


def test_ctrl_c_reaches_the_whole_group_and_nobody_complains(serve):
    served = serve(CHORE="sleep 60")
    workers = served.wait_for_workers(3)  # two and the chore
    served.ask()
    os.killpg(served.process.pid, signal.SIGINT)
    assert served.result() == (0, "")
    assert not any(map(is_running, workers))


def test_a_request_without_end_is_cut_off(serve):
    served = serve(GRACE="0.3")
    served.ask()
    connection = served.ask_later("/slow?60")
    time.sleep(0.2)
    began = time.monotonic()
    status, _ = served.end()
    assert status == 0
    assert time.monotonic() - began < 5
    assert connection.recv(100) == b""


def test_a_worker_that_dies_is_replaced(serve):
    served = serve()
    before = served.wait_for_workers()
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: len(served.workers() - before) == 1 and len(served.workers()) == 2)
    assert served.ask()["pid"] in served.workers()
    status, complaints = served.end()
    assert status == 0
    assert "다시 시작합니다" in complaints


def test_workers_do_not_outlive_a_killed_parent(serve):
    served = serve()
    workers = served.wait_for_workers()
    served.ask()
    served.process.kill()
    wait_until(lambda: not any(map(is_running, workers)))


def test_a_broken_site_is_given_up_with_a_sentence(serve):
    status, complaints = serve(BROKEN="1", WEB_CONCURRENCY="5").result()
    assert status == 1
    assert "the application is broken" in complaints
    assert complaints.rstrip().endswith("작업 프로세스가 시작하자마자 거듭 죽어 멈춥니다.")


def test_a_taken_port_is_told_in_a_sentence(serve):
    port = serve().url.rstrip("/").rsplit(":", 1)[1]
    status, complaints = serve(PORT=port).result()
    assert status == 1
    assert complaints == (
        f"포트 {port}번은 이미 쓰이고 있습니다. PORT에 다른 번호를 정해 주세요.\n"
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "80a"}, "PORT=80a: 포트는 1에서 65535까지의 숫자입니다.\n"),
        ({"PORT": "65536"}, "PORT=65536: 포트는 1에서 65535까지의 숫자입니다.\n"),
        (
            {"HOST": "no.such.host.invalid"},
            "HOST=no.such.host.invalid: 이런 주소를 찾을 수 없습니다.\n",
        ),
    ],
)
def test_a_wrong_address_is_told_in_a_sentence(serve, environment, sentence):
    assert serve(**environment).result() == (1, sentence)


def test_all_addresses_of_both_kinds(serve):
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
            port = trial.getsockname()[1]
    except OSError:
        pytest.skip("this machine has no IPv6")
    served = serve(HOST="::", PORT=str(port))
    assert served.url == f"http://localhost:{port}/"
    assert served.ask(url=f"http://[::1]:{port}")["address"] == "::1"
    assert served.ask(url=f"http://127.0.0.1:{port}")["address"] == "127.0.0.1"
    assert served.end() == (0, "")


def test_only_the_trusted_proxy_is_believed(serve):
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    about = serve().ask(**forged)
    assert about["address"] == "127.0.0.1"
    assert about["scheme"] == "http"
    assert about["forwarded"] is None
    about = serve(TRUSTED_PROXY="127.0.0.1").ask(**forged)
    assert about["address"] == "203.0.113.9"
    assert about["scheme"] == "https"
    # What a visitor puts in front of the proxy's own word counts for nothing.
    forged["X-Forwarded-For"] = "198.51.100.7, 203.0.113.9"
    assert serve(TRUSTED_PROXY="127.0.0.1").ask(**forged)["address"] == "203.0.113.9"


def test_forty_slow_visitors_hold_nobody_up(serve):
    served = serve()
    host, port = served.url.removeprefix("http://").rstrip("/").rsplit(":", 1)
    slow = [socket.create_connection((host, int(port))) for _ in range(40)]
    for connection in slow:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx")
    began = time.monotonic()
    for _ in range(4):
        served.ask()
    assert time.monotonic() - began < 3
    for connection in slow:
        connection.close()


@pytest.mark.parametrize("how", [{}, {"IN_TURN": "yes"}])
def test_a_page_that_takes_long_holds_nobody_up(serve, how):
    served = serve(WEB_CONCURRENCY="1", **how)
    slow = served.ask_later("/slow?3")
    began = time.monotonic()
    for _ in range(20):
        served.ask()
    assert time.monotonic() - began < 2.5
    assert slow.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"


def test_the_chore_is_done_soon_after_the_start(serve, tmp_path):
    served = serve(CHORE=f"echo done >> '{tmp_path}/chore'")
    wait_until((tmp_path / "chore").exists)
    assert served.end() == (0, "")
    assert (tmp_path / "chore").read_text() == "done\n"


def test_another_chore_has_hours_of_its_own(serve, tmp_path):
    served = serve(
        CHORE=f"echo done >> '{tmp_path}/chore'", OFTEN=f"echo done >> '{tmp_path}/often'"
    )
    often = tmp_path / "often"
    wait_until(lambda: often.exists() and often.read_text().count("done") >= 3)
    assert served.end() == (0, "")
    assert (tmp_path / "chore").read_text() == "done\n"


def test_a_chore_that_takes_long_is_not_started_beside_itself(serve, tmp_path):
    served = serve(OFTEN=f"echo done >> '{tmp_path}/often'; sleep 60")
    served.wait_for_workers(3)  # two and the chore
    time.sleep(0.6)
    assert served.end() == (0, "")
    assert (tmp_path / "often").read_text() == "done\n"


# -- The site itself ---------------------------------------------------------------------------------
def memory(pid, kind):
    """KiB of a process, by a name of smaps_rollup(5)."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(rf"^{kind}: +(\d+)", told, re.MULTILINE)[1])


@pytest.fixture
def serve_site(serve, tmp_path):
    """`manage.py serve` on this code, with data of its own. Its tables are not made: no page of these
    tests asks for one."""

    def start():
        return serve("manage.py", "serve", DATA_DIR=str(tmp_path), HOUSEKEEPING="off")

    return start


def test_workers_share_the_site_which_the_parent_forgets_until_one_must_be_replaced(serve_site):
    served = serve_site()
    before = served.wait_for_workers()
    whole = memory(min(before), "Rss")
    assert all(memory(worker, "Private_Dirty") < whole / 2 for worker in before)
    wait_until(lambda: memory(served.process.pid, "Rss") < whole / 2)
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: len(served.workers() - before) == 1 and len(served.workers()) == 2)
    workers = served.workers()
    status, complaints = served.end()
    assert status == 0
    assert "다시 시작합니다" in complaints
    assert not any(map(is_running, workers))


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("sqlite:////srv/db.sqlite3", True),
        ("postgres:///boardsite", True),
        ("postgres:////run/postgresql/boardsite", True),
        ("postgres://u@localhost:5432/boardsite", True),
        ("postgres://u@127.0.0.1:5432/boardsite", True),
        ("postgres://u@[::1]:5432/boardsite", True),
        ("postgres://u@db:5432/boardsite", False),
        ("postgres://u@10.0.0.7/boardsite", False),
        ("postgres://u@/boardsite?host=10.0.0.7", False),
    ],
)
def test_pages_are_made_in_turn_where_the_database_is_on_this_machine(address, here):
    assert is_here(environ.Env.db_url_config(address)) == here


def test_the_parent_that_stays_knows_neither_django_nor_what_serves():
    command = (
        "import boardsite.serve, sys; sys.exit(bool({'django', 'waitress'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", command], cwd=ROOT, check=True)


def test_a_stop_that_comes_before_anybody_listens_is_heeded(serve_site):
    """The signal falls between the announcement and `main`, or soon after."""
    served = serve_site()
    workers = served.workers()
    assert served.end()[0] == 0
    assert not any(map(is_running, workers))


LOADED = """
import gc, json, sys, threading
import django
from boardsite.serve import load_site

django.setup()
from django.db import connections

load_site()
print(json.dumps({
    "frozen": gc.get_freeze_count(),
    "not frozen": len(gc.get_objects()),
    "threads": [each.name for each in threading.enumerate()],
    "connections": [each.alias for each in connections.all() if each.connection is not None],
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""
NOT_FOR_PAGES = {  # what only `collect`, the demo, the bench or the tests need
    "boto3",  # where files lie in S3
    "feedparser",
    "hypothesis",
    "justext",
    "lxml",
    "playwright",
    "protego",
    "pytest",
    "trafilatura",
    "unittest",
}


def test_what_is_loaded_for_all_workers_is_ready_to_be_forked(tmp_path):
    """Nothing that a fork would break, nothing that pages do not need, and left alone by the garbage
    collector, whose marks would make each worker a copy."""
    told = json.loads(output_of(LOADED, tmp_path, DJANGO_SETTINGS_MODULE="boardsite.settings"))
    assert told["frozen"] > 50 * told["not frozen"]
    assert told["threads"] == ["MainThread"]
    assert told["connections"] == []
    assert NOT_FOR_PAGES.isdisjoint(told["modules"])
