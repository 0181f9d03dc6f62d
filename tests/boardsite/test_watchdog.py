"""A worker that does not respond is replaced, and the log says what it was doing. Attack case 100."""

import os
import signal
import time

from tests.boardsite.running import needs_linux, wait_until

pytestmark = needs_linux


def test_a_worker_whose_interpreter_is_held_is_replaced(serve):
    """Attack case 100: C code that does not release the interpreter, such as a slow pattern."""
    served = serve(WEB_CONCURRENCY="1", WATCHDOG_SECONDS="2")
    before = served.wait_for_workers(1)
    connection = served.ask_later("/held")
    wait_until(lambda: served.workers() and not served.workers() & before)
    assert served.ask()["pid"] in served.workers()
    assert connection.recv(100) == b""
    status, complaints = served.end()
    assert status == 0
    assert "hold_the_interpreter" in complaints
    assert "다시 시작합니다" in complaints


def test_a_worker_with_only_hanging_threads_is_replaced(serve):
    served = serve(WEB_CONCURRENCY="1", WATCHDOG_SECONDS="1")
    before = served.wait_for_workers(1)
    hanging = [served.ask_later("/slow?60") for _ in range(6)]
    wait_until(lambda: served.workers() and not served.workers() & before)
    assert served.ask()["pid"] in served.workers()
    _status, complaints = served.end()
    assert "GET /slow (" in complaints
    assert "in application" in complaints  # the traceback
    assert all(connection.recv(100) == b"" for connection in hanging)


def test_a_worker_with_only_waiting_threads_gets_longer(serve, tmp_path):
    """They may wait for a lock of the database; the fifth request waits for a thread."""
    served = serve(WEB_CONCURRENCY="1", WATCHDOG_SECONDS="1")
    connections = [served.begin(2, tmp_path / f"begun{number}") for number in range(4)]
    connections.append(served.ask_later("/"))
    assert [each.recv(12) for each in connections] == [b"HTTP/1.1 200"] * 5
    assert served.end() == (0, "")


def test_a_worker_with_a_slow_page_is_not_replaced(serve):
    served = serve(WEB_CONCURRENCY="1", WATCHDOG_SECONDS="1.5", REGULAR="1")
    before = served.wait_for_workers(1)
    connection = served.ask_later("/slow?4")
    # requests that come meanwhile have not waited for as long as the page takes
    for _ in range(30):
        served.ask()
        time.sleep(0.1)
    assert connection.recv(12) == b"HTTP/1.1 200"
    assert served.workers() == before
    assert served.end() == (0, "")


def test_workers_that_die_one_after_another_do_not_end_the_server(serve):
    served = serve(WEB_CONCURRENCY="1")
    for _ in range(3):
        (worker,) = served.wait_for_workers(1)
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda worker=worker: served.workers() and worker not in served.workers())
    assert served.ask()["pid"] in served.workers()
