"""The production server: waitress, pre-forked.

`serve_site` takes open sockets, loads the site and forks one worker a core, so that the workers share
the memory of what they have in common; connections to the database each opens by itself. Then the
parent forgets the site: it becomes `main`, which needs no Django. It brings back workers that die, has
the chores done at their times, and ends everything on one SIGTERM, SIGINT or SIGHUP (0010, 0038).
"""

import contextlib
import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from boardsite.worker import STOP_SIGNALS, work

GRACE = 5.0  # seconds that running requests get to finish once the server is told to stop
STEADY = 10.0  # seconds; a worker that dies younger than this counts as a crash
CRASHES = 5  # so many in a row, and the server gives up
CHORE_DELAY = 30.0  # seconds from the start to the first chores
CHORES = {  # command of manage.py: seconds from one start of it to the next
    "tidy": 24 * 3600.0,
    "mail_notifications": 60.0,
    "settle_visits": 300.0,
    "collect": 300.0,
    "ping_hub": 60.0,
}
IDLE_WITHOUT = {"ping_hub": "WEBSUB_HUB"}  # chore: the setting without which it has nothing to do
A_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h
BIG_BLOCK = 1024 * 1024  # bytes
OPEN_FILES = 16_384  # a worker keeps 2,000 connections, with up to three files each


def worker_count() -> int:
    """WEB_CONCURRENCY, else one a core that this process may use."""
    asked = os.environ.get("WEB_CONCURRENCY", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_work(chore: str) -> bool:
    """Whether this site's settings leave it something to do."""
    from django.conf import settings

    return chore not in IDLE_WITHOUT or bool(getattr(settings, IDLE_WITHOUT[chore]))


@dataclass
class Chore:
    """A program that is run soon after the start, and then again and again.

    `every`: seconds from one start to the next; while one still runs, no second one is started.
    """

    command: Sequence[str]
    every: float
    due: float = 0.0
    process: subprocess.Popen | None = None

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
        **adjustments,
    ):
        self.sockets = sockets
        self.load_application = load_application
        self.grace = grace
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
            work(
                self.sockets,
                self.load_application,
                parent=parent,
                grace=self.grace,
                **self.adjustments,
            )
            status = 0
        except BaseException:
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


def hold_little_memory() -> None:
    """Has malloc return what a picture has taken (36 MB for 12 megapixels) as soon as it is free.

    glibc would learn from the first picture to keep such blocks, in a heap of each thread. On
    systems without mallopt(3) nothing is done.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, BIG_BLOCK)
        mallopt(M_TRIM_THRESHOLD, BIG_BLOCK)


def load_site() -> Callable:
    """The site's WSGI application, with all that a worker would import, compile or read sooner or
    later, ready to be forked.

    Asks no database and no cache, and starts no thread: neither outlives a fork.
    """
    hold_little_memory()
    from django.conf import settings
    from django.contrib.auth.password_validation import get_default_password_validators
    from django.db import connections
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils import translation

    from boardsite import agents
    from boardsite.wsgi import application

    translation.activate(settings.LANGUAGE_CODE)
    get_resolver().app_dict  # noqa: B018  (imports the views and compiles each address's pattern)
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for file in sorted(folder.rglob("*.html")):
            get_template(file.relative_to(folder).as_posix())
    get_default_password_validators()  # reads a list of 20,000
    agents.is_robot(A_BROWSER)
    agents.describe(A_BROWSER)
    connections.close_all()  # what a command has opened before: it must not be carried over a fork
    # The collector writes into what it looks at, and so would make each worker a copy of it all.
    gc.collect()
    gc.freeze()
    return application


def believe_proxy(address: str | None) -> dict:
    """Takes the visitor's address and HTTPS from the proxy at `address` ("*": any), if there is one.

    waitress removes such headers when they come from anyone else.
    """
    if not address:
        return {}
    return {
        "trusted_proxy": address,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


def refusal_page(status: int) -> str:
    """What the server itself refuses, before the site has seen it."""
    from django.template.loader import render_to_string

    return render_to_string(
        "refused.html", {"is_too_large": status == 413, "is_busy": status == 503}
    )


def site_chores() -> list[Chore]:
    """What this site's settings leave to be done, as `main` is told it."""
    from django.conf import settings
    from django.core.management import get_commands

    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    return [
        Chore([*manage, command, "--verbosity=0"], every)
        for command, every in CHORES.items()
        if settings.HOUSEKEEPING and command in get_commands() and has_work(command)
    ]


def site_server(sockets: Sequence[socket.socket], load: Callable, **asked) -> Server:
    """`asked`: `workers`, `chores`, `proxy` (believe_proxy) and `body_limit`, in bytes."""
    return Server(
        sockets,
        load,
        workers=asked["workers"],
        chores=[Chore(command, every) for command, every in asked["chores"]],
        error_page=refusal_page,
        max_request_body_size=asked["body_limit"],
        **believe_proxy(asked["proxy"]),
    )


def serve_site(sockets: Sequence[socket.socket], announce: Callable[[], None]) -> NoReturn:
    """Serves this site as the settings say, until told to stop: this process becomes `main`.

    `announce` is called as soon as a signal to stop is understood, if only by and by.
    """
    from django.conf import settings

    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # until `main` has handlers for them
    application = load_site()
    asked = {
        "workers": worker_count(),
        "chores": [[chore.command, chore.every] for chore in site_chores()],
        # One MiB for the rest of the form: the site's own refusal, a Korean sentence, comes first.
        "body_limit": settings.UPLOAD_LIMIT + 1024 * 1024,
        "proxy": settings.TRUSTED_PROXY,
    }
    server = site_server(sockets, lambda: application, **asked)
    server.open_more_files()
    for _number in range(asked["workers"]):
        server.fork_worker()
    announce()
    sys.stdout.flush()
    sys.stderr.flush()
    for opened in sockets:
        opened.set_inheritable(True)
    asked |= {"sockets": [opened.fileno() for opened in sockets], "born": [*server.born]}
    path = os.pathsep.join(filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "boardsite.serve", json.dumps(asked)]
    os.execve(sys.executable, command, {**os.environ, "PYTHONPATH": path})  # noqa: S606


def main() -> int:
    """The parent without the site: its workers are born already, and a new one loads it by itself."""
    asked = json.loads(sys.argv[1])
    sockets = [socket.socket(fileno=number) for number in asked.pop("sockets")]
    for opened in sockets:
        opened.set_inheritable(False)  # no chore's business
    born = dict.fromkeys(asked.pop("born"), time.monotonic())
    server = site_server(sockets, load_site, **asked)
    server.born = born
    return server.run()


if __name__ == "__main__":
    sys.exit(main())
