"""A server that keeps worker processes alive, and has programs run at their times.

Knows neither Django nor the site, and what serves only once it has forked: the parent that stays
(boardsite.serve.main) loads nothing else, and so is small (0010, 0038).
"""

import contextlib
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from boardsite.balance import Balance

GRACE = 5.0  # seconds that running requests get to finish once the server is told to stop
STEADY = 10.0  # seconds; a worker that dies younger than this counts as a crash
CRASHES = 5  # so many in a row, and the server gives up
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
CHORE_DELAY = 30.0  # seconds from the start to the first chores
OPEN_FILES = 16_384  # a worker keeps 2,000 connections, with up to three files each


class Chore:
    """A program that is run soon after the start, and then again and again."""

    def __init__(self, command: Sequence[str], every: float):
        """`every`: seconds from one start to the next; while one still runs, no second one is
        started."""
        self.command = command
        self.every = every
        self.due = 0.0
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self.due = time.monotonic() + self.every
        if self.process is None:
            # A session of its own: Ctrl-C reaches it through us, not as a stack trace.
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # only its complaints are news
                start_new_session=True,
            )

    def end(self, code: int) -> None:
        """Takes note that its process has ended."""
        self.process.returncode = code
        self.process = None


class Server:
    """Keeps `workers` worker processes alive until told to stop.

    `load_application` is called once in each worker and returns the WSGI application. The rest goes
    to waitress (its "adjustments").
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        load_application: Callable,
        *,
        workers: int,
        chores: Sequence[Chore] = (),
        grace: float = GRACE,
        balance: Balance | None = None,
        **adjustments,
    ):
        self.sockets = sockets
        self.load_application = load_application
        self.grace = grace
        self.balance = balance or Balance()
        self.adjustments = adjustments
        self.wanted = workers
        self.chores = chores
        self.born: dict[int, float] = {}  # worker's process id → when it was forked
        self.crashes = 0  # in a row
        self.next_birth = 0.0
        self.wake_pipe: tuple[int, ...] = ()
        for chore in chores:
            chore.due = time.monotonic() + CHORE_DELAY
        self.stops = 0  # signals to stop, so far

    def run(self, announce: Callable[[], None] = lambda: None) -> int:
        """Serves until told to stop. Returns the exit status: 0, or 1 after a crash loop.

        `announce` is called as soon as a signal to stop is understood.
        """
        self.open_more_files()
        wake, wakened = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(wakened, False)
        self.wake_pipe = (wake, wakened)
        signal.set_wakeup_fd(wakened, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only so that the pipe hears of it
        for number in STOP_SIGNALS:
            # Under nohup SIGHUP comes ignored, and stays so.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._on_stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        self._reap()  # who has died before there was a pipe
        try:
            announce()
            while not self.stops and self.crashes < CRASHES:
                now = time.monotonic()
                if len(self.born) < self.wanted and now >= self.next_birth:
                    self.fork_worker()
                    continue
                for chore in self.chores:
                    if now >= chore.due:
                        chore.start()
                due = [3600, *(chore.due - now for chore in self.chores)]
                if len(self.born) < self.wanted:
                    due.append(self.next_birth - now)
                self._wait(max(0, min(due)))
                self._reap()
        finally:
            self._end_all()
        if self.crashes >= CRASHES:
            complain("작업 프로세스가 시작하자마자 거듭 죽어 멈춥니다.")
            return 1
        return 0

    def _on_stop(self, *_args) -> None:
        self.stops += 1

    def open_more_files(self) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

    def _wait(self, seconds: float) -> None:
        """Sleeps, but no longer than to the next signal."""
        if select.select([self.wake_pipe[0]], [], [], seconds)[0]:
            with contextlib.suppress(BlockingIOError):
                os.read(self.wake_pipe[0], 4096)

    def fork_worker(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        # Signals wait until the child has handlers of its own: none is lost, none lands in ours.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        parent = os.getpid()
        pid = os.fork()
        if pid:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            self.born[pid] = time.monotonic()
            return
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for end in self.wake_pipe:
                os.close(end)
            from boardsite.worker import work

            work(
                self.sockets,
                self.load_application,
                parent=parent,
                grace=self.grace,
                balance=self.balance,
                **self.adjustments,
            )
            status = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            with contextlib.suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)  # the parent's own clean-up is not the child's business

    def _reap(self) -> None:
        """Takes note of every process that has ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            code = os.waitstatus_to_exitcode(status)
            for chore in self._running_chores():
                if chore.process.pid == pid:
                    chore.end(code)
            if pid in self.born:
                age = time.monotonic() - self.born.pop(pid)
                if not self.stops and self.crashes < CRASHES:
                    self._note_death(pid, code, age)

    def _note_death(self, pid: int, code: int, age: float) -> None:
        self.crashes = 0 if age >= STEADY else self.crashes + 1
        pause = min(0.25 * 2**self.crashes, 5) if self.crashes else 0
        self.next_birth = time.monotonic() + pause
        complain(f"작업 프로세스 {pid}번이 끝나({code}) 다시 시작합니다.")

    def _running_chores(self) -> list[Chore]:
        return [chore for chore in self.chores if chore.process]

    def _end_all(self) -> None:
        """Asks every child to end, and makes it after the grace or at a second signal."""
        for opened in self.sockets:
            opened.close()
        self._signal_children(signal.SIGTERM)
        stops, deadline, killed = self.stops, time.monotonic() + self.grace + 2, False
        self._reap()
        while self.born or self._running_chores():
            if not killed and (time.monotonic() >= deadline or self.stops > stops):
                self._signal_children(signal.SIGKILL)
                killed = True
            self._wait(0.5)
            self._reap()

    def _signal_children(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            for pid in self.born:
                os.kill(pid, number)
        for chore in self._running_chores():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(chore.process.pid, number)  # and what it may have started


def complain(sentence: str) -> None:
    """In Korean only: to translate it the parent would have to load the site."""
    print(sentence, file=sys.stderr, flush=True)
