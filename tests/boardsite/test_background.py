"""Periodic tasks of a process."""

import os
import threading
import time

import pytest

from boardsite.scheduling import background

PATIENCE = 120  # seconds; far more than anything here takes, on a busy machine too


@pytest.fixture(autouse=True)
def new_process(monkeypatch):
    """A process without any task yet; its thread ends with the test."""
    monkeypatch.setattr(background, "_process", None)
    monkeypatch.setattr(background, "_tasks", {})
    monkeypatch.setattr(background, "_added", threading.Event())
    monkeypatch.setattr(background.atexit, "register", lambda task: None)
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)
    yield
    background._tasks.clear()


def wait_for(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


def test_each_task_runs_at_its_own_interval_in_one_thread():
    often, seldom = [], []
    before = threading.active_count()
    for _ in range(5):  # many requests ask for it
        background.repeat(seldom_task := lambda: seldom.append(1), every=3600)
        background.repeat(lambda: often.append(threading.current_thread().name), every=0.01)
    wait_for(lambda: len(often) >= 50)
    assert set(often) == {"background"}
    assert threading.active_count() == before + 1
    assert not seldom
    assert seldom_task in background._tasks


def test_a_failing_task_runs_again_and_does_not_disturb_others(caplog):
    done = []

    def fails():
        done.append("failed")
        raise OSError("no space left")

    background.repeat(fails, every=0.01)
    background.repeat(lambda: done.append("good"), every=0.01)
    wait_for(lambda: done.count("failed") >= 3 and done.count("good") >= 3)
    assert "no space left" in caplog.text


def test_a_later_task_does_not_wait_for_a_slow_one():
    done = []
    background.repeat(lambda: None, every=3600)
    time.sleep(0.05)
    background.repeat(lambda: done.append(1), every=0.01)
    wait_for(lambda: done)


def test_finish_runs_every_task_once_more():
    done = []
    background.repeat(lambda: done.append(1), every=3600)
    background.finish()
    assert done == [1]


def test_a_forked_child_has_no_tasks_to_finish(monkeypatch):
    background.repeat(lambda: pytest.fail("the parent's"), every=3600)
    pid = os.getpid()
    monkeypatch.setattr(background.os, "getpid", lambda: pid + 1)
    background.finish()
