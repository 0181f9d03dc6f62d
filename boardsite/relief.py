"""One thread for the pages of a worker, and one that relieves it.

Where the database is on this machine, a page keeps a processor busy from its first line to its last, be
it with the database's part of it. Two threads that make pages at the same time then only take the
interpreter from each other, and each has pages of the database and of the program to warm up for itself:
together they make a fifth fewer. So one makes them all, and the other stands by for what takes long: an
upload, an export, a writer who waits for his turn.
"""

import threading
import time
from collections.abc import Callable

from waitress.task import ThreadedTaskDispatcher

PATIENCE = 0.02  # seconds that others wait for a page before the second thread takes them over


class Relief(ThreadedTaskDispatcher):
    """For two threads, the first of which takes all there is to do. The second takes what waits while
    the first has been at one task for longer than PATIENCE."""

    def __init__(self) -> None:
        super().__init__()
        self.relief_cv = threading.Condition(self.lock)
        self.began: float | None = None  # what the first thread is at (time.monotonic)
        self.is_watching = False  # the second thread looks at its clock

    def add_task(self, task) -> None:
        with self.lock:
            self.queue.append(task)
            if self.began is None:
                self.queue_cv.notify()
            else:
                self._have_watched()

    def set_thread_count(self, count: int) -> None:
        super().set_thread_count(count)
        with self.lock:
            self.relief_cv.notify_all()

    def handler_thread(self, thread_no: int) -> None:
        wait: Callable[[], None] = self._wait_to_work if thread_no == 0 else self._wait_to_relieve
        while True:
            with self.lock:
                wait()
                if self.stop_count:
                    self.stop_count -= 1
                    self.threads.discard(thread_no)
                    self.thread_exit_cv.notify()
                    return
                task = self.queue.popleft()
                if thread_no == 0:
                    self.began = time.monotonic()
                    self._have_watched()
            try:
                task.service()
            except BaseException:
                self.logger.exception("Exception when servicing %r", task)

    def _have_watched(self) -> None:
        if self.queue and not self.is_watching:
            self.is_watching = True
            self.relief_cv.notify()

    def _wait_to_work(self) -> None:
        self.began = None
        while not self.queue and not self.stop_count:
            self.queue_cv.wait()

    def _wait_to_relieve(self) -> None:
        while not self._is_held_up() and not self.stop_count:
            self.is_watching = bool(self.queue)
            self.relief_cv.wait(PATIENCE if self.is_watching else None)

    def _is_held_up(self) -> bool:
        is_late = self.began is not None and time.monotonic() - self.began > PATIENCE
        return is_late and bool(self.queue)
