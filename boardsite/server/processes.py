"""Runs Granian with our own sockets: workers are forked from the loaded site, replaced and stopped."""

import multiprocessing
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from boardsite.health.counters import counters
from boardsite.scheduling import background
from boardsite.server import timetable
from boardsite.server.gateway import Gateway
from boardsite.server.listening import BACKLOG
from boardsite.server.watchdog import LIMIT, Beats, Watchdog

GRACE = 5.0  # seconds for running requests after a stop signal
STEADY = 10.0  # seconds; a worker that dies younger than this counts as a crash
CRASHES = 5  # after so many in a row the server gives up
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
CONNECTIONS = 4000
"""The most connections of a worker; each needs one or two open files."""
OPEN_FILES = 16_384
SILENT = LIMIT + 2
"""Seconds after which the parent kills a worker that its watchdog has not ended."""
HEADER_SECONDS = 20
"""Seconds for a client to send its headers, and for a connection to stay idle."""
HEADER_BYTES = 64 * 1024
LOGGING = {
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "generic"}},
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}


class Server(MPServer):
    """`load` is called in each worker and returns its Gateway. `opened` are the workers' sockets;
    the parent keeps them open, so that connections wait while a worker is replaced.

    The overridden names with an underscore are Granian's; tests/boardsite/test_serve.py fails when
    they change."""

    def __init__(
        self,
        opened: Sequence[socket.socket],
        load: Callable[[], Gateway],
        *,
        chores: timetable.Keeper | None = None,
        announce: Callable[[], None] = lambda: None,
        grace: float = GRACE,
        header_seconds: float = HEADER_SECONDS,
    ):
        self.opened, self.load, self.grace, self.chores = opened, load, grace, chores
        self.crashes = 0  # in a row
        self.beats = Beats(len(opened))
        counters.share(len(opened))
        self.ignores_hangup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        super().__init__(
            "boardsite",
            interface=Interfaces.RSGI,
            workers=len(opened),
            backpressure=CONNECTIONS,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=int(header_seconds * 1000), max_buffer_size=HEADER_BYTES
            ),
            websockets=False,
            log_level=LogLevels.error,
            log_dictconfig=LOGGING,
            respawn_failed_workers=True,
            workers_kill_timeout=int(grace) + 2,
        )
        self.on_startup(lambda: self._begin(announce))

    def run(self) -> int:
        """Serves until told to stop. Returns the exit status: 0, or 1 after a crash loop."""
        multiprocessing.set_start_method("fork", force=True)
        open_more_files()
        # A signal between the fork and the installation of the worker's handlers must neither be
        # lost nor run the parent's handlers.
        masks: list = []
        os.register_at_fork(
            before=lambda: masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)),
            after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, masks.pop()),
        )
        try:
            # Without its wrapper Granian calls __rsgi__ of what is loaded.
            self.serve(self._work, self._load, wrap_loader=False)  # type: ignore[arg-type] # Granian takes any callable
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    def _begin(self, announce: Callable[[], None]) -> None:
        # nohup ignores SIGHUP, and it stays ignored; otherwise it stops the server.
        handler = signal.SIG_IGN if self.ignores_hangup else self.signal_handler_interrupt
        signal.signal(signal.SIGHUP, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        if self.chores:
            self.chores.start()
        announce()
        sys.stdout.flush()

    def shutdown(self, exit_code: int = 0) -> None:
        if self.chores:
            self.chores.stop()
        try:
            super().shutdown(exit_code)
        finally:
            if self.chores:
                self.chores.wait()

    def _init_shared_socket(self) -> None:
        self._ssp = self._sso = None  # Granian would bind its own sockets

    def _spawn_worker(self, idx: int, *args, **options):
        # Granian's stubs leave out what its constructor takes.
        self._shd = SocketHolder(self.opened[idx].fileno(), False, BACKLOG)  # type: ignore[call-arg, assignment] # written in Rust
        self.beats.start(idx)
        return super()._spawn_worker(idx, *args, **options)

    def _respawn_workers(self, workers: Sequence[int], *args, **options) -> None:
        """Respawns after a growing pause. Granian itself gives up when one worker dies twice within
        seconds."""
        now = time.monotonic()
        for number in workers:
            complain(f"작업 프로세스 {self.wrks[number]._id()}번이 끝나 다시 시작합니다.")
        # A worker that stops by itself (server/site.py) ends with 0.
        is_crash = any(
            now - worker.birth < STEADY and worker.inner.exitcode != 0
            for worker in (self.wrks[number] for number in workers)
        )
        self.crashes = self.crashes + 1 if is_crash else 0
        if self.crashes >= CRASHES:
            try:
                self.shutdown(1)
            finally:
                complain("작업 프로세스가 시작하자마자 거듭 죽어 멈춥니다.")
        if self.crashes:
            self.main_loop_interrupt.wait(min(0.25 * 2**self.crashes, 5))
        if not self.interrupt_signal:
            super()._respawn_workers(workers, *args, **options)
            self.respawned_wrks.clear()

    def _work(self, *args) -> None:
        """Runs in the worker, with STOP_SIGNALS blocked."""
        # A rendering thread releases the interpreter lock after one millisecond instead of five.
        sys.setswitchinterval(0.001)
        self.index = args[0] - 1
        counters.take_row(self.index)
        self._spawn_rsgi_worker(*args)
        deadline = time.monotonic() + self.grace
        self.watchdog.stop()
        for thread in threading.enumerate():  # the rest of a request's work, such as sending a mail
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join(max(0.5, deadline - time.monotonic()))
        background.finish()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)  # a thread that does not end must not delay the stop

    def _watch(self) -> None:
        """Runs in a thread of the parent: kills workers whose watchdog cannot run."""
        while not self.interrupt_signal:
            time.sleep(1)
            for worker in list(self.wrks):
                if self.beats.silence(worker.idx) > SILENT and worker.is_alive():
                    complain(f"작업 프로세스 {worker._id()}번이 응답하지 않아 강제로 끝냅니다.")
                    self.beats.start(worker.idx)
                    os.kill(worker._id(), signal.SIGKILL)

    def _load(self) -> Gateway:
        self.gateway = self.load()
        self.gateway.on_start = self._start_watching
        return self.gateway

    def _start_watching(self) -> None:
        """Called in the worker as soon as its own handlers are installed. SIGINT and SIGHUP stay
        blocked: they may reach the whole group, so the parent gets them as well and stops its
        workers."""
        self.watchdog = Watchdog(
            self.gateway.is_stuck, self.gateway.describe, lambda: self.beats.beat(self.index)
        )
        self.watchdog.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


def open_more_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def complain(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
