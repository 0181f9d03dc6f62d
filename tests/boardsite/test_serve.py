"""The production server as a process of its own, with real signals and sockets."""

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
from pathlib import Path

import environ
import pytest

from boardsite.server.processes import SILENT
from boardsite.server.site import is_here
from boardsite.server.timetable import Keeper
from boardsite.visitors.user_agents import is_robot
from tests.boardsite.running import PATIENCE, is_running, needs_linux, wait_until
from tests.programs import output_of
from tests.sources import ROOT

pytestmark = needs_linux


def test_the_configured_number_of_workers_share_the_requests(serve):
    served = serve(WEB_CONCURRENCY="3")
    workers = served.wait_for_workers(3)
    assert served.ask()["pid"] in workers
    assert served.end() == (0, "")


def test_the_workers_count_their_requests_together(two_workers):
    before = two_workers.ask()["counted"]
    for _ in range(10):
        two_workers.ask()
    wait_until(lambda: two_workers.ask()["counted"] >= before + 10)


def answered_by(connection) -> int:
    """The process that answers on an open connection."""
    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return json.load(answer)["pid"]


@pytest.fixture
def two_workers(serve):
    """A server both of whose workers accept connections."""
    served, seen = serve(), set()
    wait_until(lambda: len(seen) == 2 or seen.add(served.ask()["pid"]))
    return served


def test_both_workers_accept_connections(two_workers):
    kept = [two_workers.send("") for _ in range(20)]
    assert len(set(map(answered_by, kept))) == 2


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL], ids=["hangs", "dies"])
def test_nobody_waits_long_for_a_worker_that_accepts_no_connections(two_workers, number):
    served = two_workers
    kept = [served.send("") for _ in range(20)]
    silent = answered_by(kept[0])
    for connection in kept:
        if answered_by(connection) == silent:
            connection.close()
    time.sleep(0.5)
    os.kill(silent, number)
    time.sleep(0.2)  # until each of its threads has stopped; one may still accept until then
    began = time.monotonic()
    new = []  # each of them stays open
    for _ in range(5):
        new.append(served.send(""))
        assert answered_by(new[-1]) != silent
    assert time.monotonic() - began < SILENT + 60


def test_refusals_of_the_server_itself_are_korean(serve):
    served = serve()
    served.wait_for_workers()
    connection = served.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n")
    answer = connection.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "text/html; charset=utf-8" in answer
    assert "<h1>413 너무 큽니다</h1>" in answer


def test_a_request_is_answered_even_if_its_error_page_fails(serve):
    served = serve()
    served.wait_for_workers()
    connection = served.send("GET /fails HTTP/1.1\r\nHost: x\r\n\r\n")
    assert connection.makefile("rb").read().decode().startswith("HTTP/1.1 500 ")


def test_a_head_request_gets_no_body(serve):
    """A body would be taken for the next response on the same connection."""
    both = (
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    head, _, rest = serve().send(both).makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert re.search(rb"content-length: [1-9]", head)
    assert rest.startswith(b"HTTP/1.1 200 ")
    assert rest.endswith(b"}")


def slowly_sent(served, size, sent, visitor):
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\nX-Forwarded-For: {visitor}\r\n\r\n"
    return served.send(head + "x" * sent)


def test_incoming_bodies_do_not_fill_the_disk(serve):
    """A worker holds sixteen of the largest requests (100,000 bytes here); small ones still pass."""
    served = serve(WEB_CONCURRENCY="1", TRUSTED_PROXY="127.0.0.1")
    slow = [slowly_sent(served, 99_999, 90_000, f"192.0.2.{number}") for number in range(35)]
    wait_until(lambda: select.select(slow, [], [], 0)[0])
    small = slowly_sent(served, 1000, 1000, "198.51.100.1")
    assert small.recv(12) == b"HTTP/1.1 200"
    refused = select.select(slow, [], [], 0)[0]
    assert len(refused) < 35 - 10
    answer = refused[0].recv(10_000).decode()
    assert answer.startswith("HTTP/1.1 503 Service Unavailable\r\n")
    assert "<h1>503 너무 큽니다</h1>" in answer
    for connection in slow:
        connection.close()
    # There is room for it again.
    wait_until(lambda: slowly_sent(served, 99_998, 99_998, "::1").recv(12) == b"HTTP/1.1 200")


def test_one_address_gets_a_share_of_the_room(serve):
    served = serve(WEB_CONCURRENCY="1", TRUSTED_PROXY="127.0.0.1")
    slow = [slowly_sent(served, 99_999, 90_000, "192.0.2.1") for _ in range(12)]
    wait_until(lambda: len(select.select(slow, [], [], 0)[0]) >= 12 - 4)
    another = slowly_sent(served, 99_999, 99_999, "192.0.2.2")
    assert another.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize("how", [{}, {"REGULAR": "1"}])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_ends_the_server_after_the_running_requests(serve, tmp_path, number, how):
    served = serve(**how)
    workers = served.wait_for_workers()
    connection = served.begin(0.7, tmp_path / "begun")
    assert served.end(number) == (0, "")
    assert connection.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"
    assert not any(map(is_running, workers))


def test_work_after_the_response_is_completed(serve, tmp_path):
    served = serve()
    served.wait_for_workers()
    served.ask(f"/later?{tmp_path / 'mail'}")
    assert served.end()[0] == 0
    assert (tmp_path / "mail").read_text() == "done"


def test_ctrl_c_reaches_the_whole_group_and_prints_no_errors(serve):
    served = serve(CHORE="sleep 60")
    workers = served.wait_for_workers(3)  # two workers and the chore
    served.ask()
    os.killpg(served.process.pid, signal.SIGINT)
    assert served.result() == (0, "")
    assert not any(map(is_running, workers))


def test_an_endless_request_is_cut_off(serve, tmp_path):
    served = serve(GRACE="0.3")
    connection = served.begin(300, tmp_path / "begun")
    began = time.monotonic()
    status, _ = served.end()
    assert status == 0
    assert time.monotonic() - began < 60
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


def test_the_server_gives_up_on_a_broken_site_with_a_sentence(serve):
    status, complaints = serve(BROKEN="1", WEB_CONCURRENCY="5").result()
    assert status == 1
    assert "the application is broken" in complaints
    assert "작업 프로세스가 시작하자마자 거듭 죽어 멈춥니다." in complaints.splitlines()


def test_a_port_in_use_is_reported_in_a_sentence(serve):
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
def test_an_invalid_address_is_reported_in_a_sentence(serve, environment, sentence):
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
    served = serve()
    about = served.ask(**forged)
    assert about["address"] == "127.0.0.1"
    assert about["scheme"] == "http"
    assert about["forwarded"] is None
    # A proxy on this machine is told from a program that asks directly.
    assert (about["is_forwarded"], served.ask()["is_forwarded"]) == (True, False)
    about = serve(TRUSTED_PROXY="127.0.0.1").ask(**forged)
    assert about["address"] == "203.0.113.9"
    assert about["scheme"] == "https"
    # An entry that the visitor puts before the proxy's has no effect.
    forged["X-Forwarded-For"] = "198.51.100.7, 203.0.113.9"
    for proxy in ("127.0.0.1", "127.0.0.0/8", "*"):
        assert serve(TRUSTED_PROXY=proxy).ask(**forged)["address"] == "203.0.113.9"


@pytest.mark.parametrize("proxy", ["::ffff:10.0.0.1", "10.0.0.1:443", "::FFFF:a00:1"])
def test_proxies_in_a_row_are_recognised_in_every_spelling(serve, proxy):
    """Otherwise every visitor would have the address of the first proxy."""
    about = serve(TRUSTED_PROXY="127.0.0.1,10.0.0.1").ask(
        **{"X-Forwarded-For": f"203.0.113.9, {proxy}", "X-Forwarded-Proto": "https, https"}
    )
    assert about["address"] == "203.0.113.9"
    assert about["scheme"] == "https"


def test_the_last_proxy_decides_the_scheme(serve):
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https, http"}
    assert serve(TRUSTED_PROXY="127.0.0.1").ask(**forged)["scheme"] == "http"


def test_an_undecodable_agent_is_a_person(serve):
    """In-app browsers send the name of their app, at times in raw Korean."""
    served = serve()
    with served.send(
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: 앱\r\n\r\n"
    ) as sent:
        answer = sent.makefile("rb").read().partition(b"\r\n\r\n")[2]
    agent = json.loads(answer)["agent"]
    assert not is_robot(agent)
    with served.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as sent:
        answer = sent.makefile("rb").read().partition(b"\r\n\r\n")[2]
    assert json.loads(answer)["agent"] is None


def test_a_keeper_that_is_stopped_while_it_starts_a_process_ends_that_process_too(monkeypatch):
    monkeypatch.setattr("boardsite.server.timetable.PAUSE", 0.01)
    keeper = Keeper([], path=str(ROOT), delay=0)
    keeper.command = ["sleep", "60"]
    start_process, starts = keeper._start_process, []

    def start():
        if starts:  # the second time, the server is told to stop meanwhile
            keeper.stop()
        starts.append(start_process())
        return starts[-1]

    keeper._start_process = start
    keeper.start()
    keeper.process.kill()
    wait_until(lambda: len(starts) == 2)
    assert keeper.process.wait(timeout=PATIENCE) == -signal.SIGTERM


def test_a_header_with_underscores_does_not_replace_the_proxys(serve):
    served = serve(TRUSTED_PROXY="127.0.0.1")
    forged = (
        "GET / HTTP/1.1\r\nHost: x\r\nX_Forwarded_For: 198.51.100.7\r\nConnection: close\r\n\r\n"
    )
    assert b"198.51.100.7" not in served.send(forged).makefile("rb").read()


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("::FFFF:c000:209", "192.0.2.9"),
        ("192.0.2.9:51000", "192.0.2.9"),
        ("[2001:DB8:0::7]:51000", "2001:db8::7"),
    ],
)
def test_each_visitor_has_one_address(serve, forwarded, address):
    """Attack case 113: behind a proxy that writes IPv4 in IPv6, visitors must not become one."""
    headers = {"X-Forwarded-For": forwarded}
    assert serve(TRUSTED_PROXY="127.0.0.1").ask(**headers)["address"] == address


def test_a_request_of_two_lengths_does_not_keep_its_connection(serve):
    """Attack case 124: one of two servers could take the rest for a second request."""
    both = (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    answer = serve().send(both).makefile("rb").read().decode()  # to the end of the connection
    assert answer.startswith("HTTP/1.1 411 ")
    assert answer.count("HTTP/1.1") == 1
    assert "너무 큽니다" in answer


def test_requests_of_disconnected_clients_are_not_answered(serve, tmp_path):
    """Hundreds of clients disconnect before their request gets a thread."""
    served = serve(WEB_CONCURRENCY="1", REGULAR="1")
    written = tmp_path / "written"
    holding = [served.begin(4, tmp_path / f"begun{number}") for number in range(3)]
    for _ in range(100):
        served.ask_later(f"/written?{written}").close()
    assert served.ask()["pid"]
    for connection in holding:
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert len(written.read_text() if written.exists() else "") < 20


def test_one_network_gets_a_share_of_the_queue(serve):
    served = serve(WEB_CONCURRENCY="1", TRUSTED_PROXY="127.0.0.1", WAITING="8", REGULAR="1")
    head = "GET /slow?0.5 HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 2001:db8::{:x}\r\n\r\n"
    many = [served.send(head.format(number)) for number in range(12)]
    wait_until(lambda: len(select.select(many, [], [], 0)[0]) >= 8)
    assert served.ask(**{"X-Forwarded-For": "192.0.2.1"})["address"] == "192.0.2.1"
    answers = [connection.recv(12) for connection in many]
    assert answers.count(b"HTTP/1.1 503") == 8
    assert answers.count(b"HTTP/1.1 200") == 4


@pytest.mark.parametrize("how", [{}, {"REGULAR": "1"}])
def test_a_slow_page_does_not_delay_others(serve, tmp_path, how):
    served = serve(WEB_CONCURRENCY="1", **how)
    slow = served.begin(PATIENCE + 60, tmp_path / "begun")
    for _ in range(20):
        served.ask()
    assert not select.select([slow], [], [], 0)[0]  # still waiting


def test_the_chore_runs_soon_after_the_start(serve, tmp_path):
    served = serve(CHORE=f"echo done >> '{tmp_path}/chore'")
    wait_until((tmp_path / "chore").exists)
    assert served.end() == (0, "")
    assert (tmp_path / "chore").read_text() == "done\n"


def test_another_chore_has_its_own_interval(serve, tmp_path):
    served = serve(
        CHORE=f"echo done >> '{tmp_path}/chore'", OFTEN=f"echo done >> '{tmp_path}/often'"
    )
    often = tmp_path / "often"
    wait_until(lambda: often.exists() and often.read_text().count("done") >= 3)
    assert served.end() == (0, "")
    assert (tmp_path / "chore").read_text() == "done\n"


def test_a_running_chore_is_not_started_again(serve, tmp_path):
    served = serve(OFTEN=f"echo done >> '{tmp_path}/often'; sleep 60")
    served.wait_for_workers(3)  # two workers and the chore
    wait_until((tmp_path / "often").exists)
    time.sleep(0.6)
    assert served.end() == (0, "")
    assert (tmp_path / "often").read_text() == "done\n"


# -- The site itself ---------------------------------------------------------------------------------
def memory(pid, kind):
    """KiB of a process, by a name of smaps_rollup(5)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(rf"^{kind}: +(\d+)", rollup, re.MULTILINE)[1])


@pytest.fixture
def serve_site(serve, tmp_path):
    """`manage.py serve` on this code, with its own data. There are no tables, because no page of
    these tests needs one."""

    def start():
        return serve("manage.py", "serve", DATA_DIR=str(tmp_path), HOUSEKEEPING="off")

    return start


def test_workers_share_the_memory_of_the_site_also_after_a_replacement(serve_site):
    served = serve_site()
    before = served.wait_for_workers()
    served.ask_later("/healthz").recv(100)
    whole = memory(min(before), "Rss")
    assert all(memory(worker, "Private_Dirty") < whole / 2 for worker in before)
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: len(served.workers() - before) == 1 and len(served.workers()) == 2)
    new = min(served.workers() - before)
    assert memory(new, "Private_Dirty") < memory(new, "Rss") / 2
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
def test_pages_are_rendered_in_turn_with_a_database_on_this_machine(address, here):
    assert is_here(environ.Env.db_url_config(address)) == here


def test_the_process_of_the_chores_loads_neither_django_nor_the_server():
    command = (
        "import boardsite.server.timetable, sys;"
        "sys.exit(bool({'django', 'granian', 'asyncio'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", command], cwd=ROOT, check=True)


def test_a_stop_signal_before_the_handlers_are_installed_is_obeyed(serve_site):
    """The signal falls between the announcement and the forks, or soon after."""
    served = serve_site()
    workers = served.workers()
    assert served.end()[0] == 0
    assert not any(map(is_running, workers))


LOADED = """
import gc, json, sys, threading
import django
from boardsite.server.site import load_site

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
NOT_FOR_PAGES = {  # only `collect`, the demo, the bench or the tests need these
    "boto3",  # for files in S3
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


def test_the_loaded_site_is_ready_to_be_forked(tmp_path):
    """It has nothing that a fork would break and nothing that pages do not need, and the garbage
    collector leaves it alone, whose marks would give each worker a copy of the memory."""
    loaded = json.loads(output_of(LOADED, tmp_path, DJANGO_SETTINGS_MODULE="boardsite.settings"))
    assert loaded["frozen"] > 50 * loaded["not frozen"]
    assert loaded["threads"] == ["MainThread"]
    assert loaded["connections"] == []
    assert NOT_FOR_PAGES.isdisjoint(loaded["modules"])
