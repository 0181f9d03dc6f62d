"""Periodic tasks of a process: one thread runs them beside its requests, and once more at the end."""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

Task = Callable[[], None]

_lock = threading.Lock()
_added = threading.Event()
_tasks: dict[Task, float] = {}  # task: seconds between two runs
_process: int | None = None  # the process whose thread runs them


def repeat(task: Task, *, every: float) -> None:
    """Runs `task` in this process every so many seconds from now on. Call it whenever there is work
    for it. An exception is logged, and the task runs again the next time. Nothing runs while
    nothing can be written: tasks write.

    When the process ends, `finish` runs it a last time."""
    global _process
    if task in _tasks and _process == os.getpid():
        return
    with _lock:
        if _process != os.getpid():  # also after a fork: threads do not survive it
            _process = os.getpid()
            _tasks.clear()
            threading.Thread(target=_go_on, name="background", daemon=True).start()
            atexit.register(finish)  # other servers than ours do not call it
        _tasks[task] = every
    _added.set()


def finish() -> None:
    """Runs all tasks once more, at the end of the process."""
    if _process == os.getpid():
        for task in list(_tasks):
            _run_task(task, is_last=True)


def _go_on() -> None:
    from django.db import close_old_connections  # the parent of the workers does not load Django

    due: dict[Task, float] = {}
    while True:
        now = time.monotonic()
        for task, every in list(_tasks.items()):
            if due.setdefault(task, now + every) <= now:
                due[task] = now + every
                _run_task(task)
        close_old_connections()  # closes broken ones; outside of requests nothing else does
        _added.wait(max(0.0, min(due.values(), default=60.0) - time.monotonic()))
        _added.clear()


def _run_task(task: Task, *, is_last: bool = False) -> None:
    # the parent of the workers does not load Django
    from boardsite.availability.writing import current_outage, note_failure

    if current_outage() is not None and not is_last:
        return
    try:
        task()
    except Exception as error:
        if is_last or note_failure(error) is None:
            logger.exception("%s failed", getattr(task, "__qualname__", task))
