"""Slow and silent connections to the production server. Attack case 101."""

import os
import resource
import signal
import socket
import statistics
import time

import pytest

from tests.boardsite.running import needs_linux, wait_until

pytestmark = needs_linux
MANY = 1000


@pytest.fixture(autouse=True)
def many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * MANY), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def connect(served) -> socket.socket:
    port = served.url.removeprefix("http://").rstrip("/").rsplit(":", 1)[1]
    connection = socket.socket(socket.AF_INET)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(120)
    connection.connect(("127.0.0.1", int(port)))
    return connection


def time_of(ask) -> float:
    began = time.monotonic()
    ask()
    return time.monotonic() - began


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx",
        b"GET /file?{file} HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["silent", "headers", "bodies", "readers"],
)
def test_a_thousand_slow_connections_hold_nobody_up(serve, tmp_path, sent):
    """Attack case 101: all of them come from one address, which also sends the test's request."""
    film = tmp_path / "film"
    film.write_bytes(b"x" * 8_000_000)
    served = serve()
    served.ask()
    slow = []
    for _ in range(MANY):
        slow.append(connect(served))
        slow[-1].sendall(sent.replace(b"{file}", str(film).encode()))
    rounds = []  # one fast round is enough, because the machine may be busy
    while len(rounds) < 4 and not (rounds and rounds[-1] < 1):
        rounds.append(statistics.quantiles([time_of(served.ask) for _ in range(40)], n=20)[-1])
    assert rounds[-1] < 1, rounds
    for connection in slow:
        connection.close()


@pytest.mark.parametrize(
    "sent", ["", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"]
)
def test_missing_headers_time_out(serve, sent):
    """So do those of the next request on a kept-alive connection."""
    connection = serve(HEADER_SECONDS="1").send(sent)
    began = time.monotonic()
    while connection.recv(1000):
        pass
    assert time.monotonic() - began < 60


def test_a_header_line_at_a_time_does_not_prolong_the_deadline(serve):
    connection = serve(HEADER_SECONDS="1").send("GET / HTTP/1.1\r\n")
    connection.settimeout(0.1)
    for number in range(200):
        try:
            connection.sendall(b"X-%d: 1\r\n" % number)
            if connection.recv(1000) == b"":
                return
        except TimeoutError:
            continue
        except ConnectionError:
            return
    pytest.fail("the connection stays open")


def test_a_body_that_is_too_slow_is_refused(serve):
    served = serve(BODY_SECONDS="0.5")
    connection = served.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\nx")
    answer = connection.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 408 ")
    assert "<h1>408 너무 큽니다</h1>" in answer


def test_a_slow_but_steady_upload_is_accepted(serve):
    connection = serve(BODY_SECONDS="2", WATCHDOG_SECONDS="4").send(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n"
    )
    for _ in range(30):
        time.sleep(0.2)
        connection.sendall(b"x" * 3000)
    assert connection.recv(12) == b"HTTP/1.1 200"


def test_an_incomplete_body_reaches_no_view(serve, tmp_path):
    served = serve(WEB_CONCURRENCY="1")
    mail = tmp_path / "mail"
    connection = served.send(
        f"POST /later?{mail} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"
    )
    time.sleep(0.3)
    connection.close()
    whole = served.send(f"POST /later?{mail}2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
    assert whole.recv(12) == b"HTTP/1.1 200"
    wait_until((tmp_path / "mail2").exists)
    assert not mail.exists()


def test_a_client_that_reads_nothing_is_disconnected(serve, tmp_path):
    film = tmp_path / "film"
    film.write_bytes(b"x" * 8_000_000)
    connection = connect(serve(UNREAD_SECONDS="1"))
    connection.sendall(b"GET /file?%s HTTP/1.1\r\nHost: x\r\n\r\n" % str(film).encode())
    time.sleep(6)
    received = 0
    try:
        while piece := connection.recv(1_000_000):
            received += len(piece)
    except ConnectionResetError:
        pass
    assert received < 8_000_000


def test_a_streamed_response_leaves_no_file_when_its_worker_is_killed(serve, tmp_path):
    served = serve(WEB_CONCURRENCY="1", TMPDIR=str(tmp_path))
    connection = connect(served)
    connection.sendall(b"GET /stream?500 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert connection.recv(12) == b"HTTP/1.1 200"
    assert served.ask()["pid"]
    for worker in served.workers():
        os.kill(worker, signal.SIGKILL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("pieces", [3, 500])
def test_a_streamed_response_arrives_complete(serve, pieces):
    """A long one goes through a temporary file, so that its reader may be slow."""
    served = serve()
    connection = served.send(
        f"GET /stream?{pieces} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    assert f"content-length: {pieces * 10_000}".encode() in head
    assert body == b"x" * pieces * 10_000
