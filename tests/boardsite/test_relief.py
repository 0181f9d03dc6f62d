"""The two threads of a worker whose database is a file: one for all, one for when that is held up."""

import threading
import time

import pytest

from boardsite.relief import PATIENCE, Relief

LONG = 20.0  # seconds; a test that waits so long fails


class Task:
    """Says in which thread it ran, after `work`."""

    def __init__(self, work=lambda: None):
        self.work = work
        self.done = threading.Event()
        self.thread = ""

    def service(self) -> None:
        self.thread = threading.current_thread().name
        try:
            self.work()
        finally:
            self.done.set()

    def cancel(self) -> None:
        self.thread = "cancelled"

    def is_done(self, seconds: float = LONG) -> bool:
        return self.done.wait(seconds)


def wait_until(true) -> None:
    deadline = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(PATIENCE / 4)


@pytest.fixture
def relief():
    made = Relief()
    made.set_thread_count(2)
    yield made
    made.shutdown(timeout=LONG)
    assert not made.threads


@pytest.fixture
def held_up():
    """A task that takes until it is let go."""
    let_go = threading.Event()
    task = Task(lambda: let_go.wait(LONG))
    task.let_go = let_go
    yield task
    let_go.set()


def test_pages_are_made_one_after_another_by_one_thread(relief, monkeypatch):
    monkeypatch.setattr("boardsite.relief.PATIENCE", LONG)  # however busy this machine is
    running, most = [], []

    def make() -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(PATIENCE / 20)
        running.pop()

    tasks = [Task(make) for _ in range(100)]
    for task in tasks:
        relief.add_task(task)
        time.sleep(PATIENCE / 40)
    assert all(task.is_done() for task in tasks)
    assert {task.thread for task in tasks} == {"waitress-0"}
    assert max(most) == 1


@pytest.mark.parametrize("pause", [0, PATIENCE * 3])  # seconds until others come
def test_a_long_one_holds_up_nobody(relief, held_up, pause):
    relief.add_task(held_up)
    time.sleep(pause)
    others = [Task() for _ in range(20)]
    for task in others:
        relief.add_task(task)
    assert all(task.is_done() for task in others)
    assert not held_up.done.is_set()
    assert {task.thread for task in others} == {"waitress-1"}
    held_up.let_go.set()
    wait_until(lambda: relief.began is None)
    task = Task()
    relief.add_task(task)
    assert task.is_done()
    assert task.thread == "waitress-0"


def test_again_and_again(relief):
    for _ in range(30):
        let_go = threading.Event()
        first, second = Task(lambda event=let_go: event.wait(LONG)), Task()
        relief.add_task(first)
        relief.add_task(second)
        assert second.is_done()
        let_go.set()
        assert first.is_done()


def test_nobody_looks_at_the_clock_while_there_is_nothing_to_do(relief, held_up):
    relief.add_task(held_up)
    task = Task()
    relief.add_task(task)
    assert task.is_done()
    held_up.let_go.set()
    wait_until(lambda: (relief.is_watching, relief.began) == (False, None))


def test_a_page_that_breaks_ends_no_thread(relief, held_up, caplog):
    def broken() -> None:
        raise RuntimeError("this page is broken")

    relief.add_task(Task(broken))
    relief.add_task(held_up)
    relief.add_task(Task(broken))
    task = Task()
    relief.add_task(task)
    assert task.is_done()
    assert caplog.text.count("RuntimeError: this page is broken") == 2


def test_an_end_waits_for_what_runs_and_takes_back_what_does_not(relief, held_up):
    waiting = Task()
    both = [held_up, Task(lambda: held_up.let_go.wait(LONG))]
    for task in both:
        relief.add_task(task)
    wait_until(lambda: all(task.thread for task in both))
    relief.add_task(waiting)
    threading.Timer(0.2, held_up.let_go.set).start()
    assert relief.shutdown(timeout=LONG)
    assert all(task.done.is_set() for task in both)
    assert waiting.thread == "cancelled"
