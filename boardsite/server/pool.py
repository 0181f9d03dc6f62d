"""The threads in which a worker runs views."""

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)
J = TypeVar("J")

PATIENCE = 0.02
"""Seconds without progress after which a reserve thread takes a waiting job, and the next ones
while the regular threads are held up."""


class Pool(Generic[J]):
    """Runs jobs in `regular` threads; `reserve` threads help while those are held up.

    With a database on this machine a page uses the CPU from its first line to its last. Two threads
    that render at the same time only compete for the interpreter lock, and parallel writers wait
    for each other's transactions. So the number of regular threads bounds how many requests render
    or write at once. The reserve serves requests that wait behind something long: an export, a slow
    search, a writer that waits for a lock."""

    def __init__(self, run: Callable[[J], None], *, regular: int, reserve: int):
        self.run = run
        self.regular, self.reserve = regular, reserve
        self.jobs: queue.SimpleQueue[J] = queue.SimpleQueue()
        self.passes = threading.Semaphore(0)
        self.taken = 0  # number of jobs taken so far
        self.progress_at = time.monotonic()
        self.running: dict[int, tuple[float, J]] = {}  # thread → start and job
        self.regulars: list[int] = []  # the ids of their threads
        self.is_watched = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        for number in range(self.regular + self.reserve):
            work = self._work if number < self.regular else self._help
            threading.Thread(target=work, name=f"views-{number + 1}", daemon=True).start()

    def put(self, job: J) -> None:
        """To be called in the event loop's thread."""
        if self.jobs.empty():
            self.progress_at = time.monotonic()  # no job was waiting before
        self.jobs.put(job)
        if not self.is_watched and self.reserve:
            self.is_watched = True
            self.loop.call_later(PATIENCE, self._watch, self.taken)

    def stuck_for(self) -> float:
        """Seconds for which jobs have waited without any thread taking one."""
        return 0.0 if self.jobs.empty() else time.monotonic() - self.progress_at

    def _watch(self, taken_before: int) -> None:
        if self.jobs.empty():
            self.is_watched = False
            return
        if self.taken == taken_before:
            self.passes.release()
        self.loop.call_later(PATIENCE, self._watch, self.taken)

    def _is_held_up(self) -> bool:
        """Whether each regular thread has worked on its job for longer than PATIENCE."""
        late = time.monotonic() - PATIENCE
        since = [self.running.get(thread, (late, None))[0] for thread in self.regulars]
        return all(began < late for began in since)

    def _work(self) -> None:
        self.regulars.append(threading.get_ident())
        while True:
            self._run(self.jobs.get())

    def _help(self) -> None:
        while True:
            self.passes.acquire()
            while self.passes.acquire(blocking=False):
                pass  # released while the whole reserve was busy
            with contextlib.suppress(queue.Empty):
                self._run(self.jobs.get_nowait())
                while self._is_held_up():
                    self._run(self.jobs.get_nowait())

    def _run(self, job: J) -> None:
        self.taken += 1
        self.progress_at = time.monotonic()
        thread = threading.get_ident()
        self.running[thread] = self.progress_at, job
        try:
            self.run(job)
        except BaseException:
            logger.exception("A request failed outside of the application")
        finally:
            del self.running[thread]
            self.progress_at = time.monotonic()
