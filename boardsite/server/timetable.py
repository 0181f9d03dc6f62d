"""Runs the periodic commands (chores) in a small process beside the workers.

`python -m boardsite.server.timetable` gets them as JSON and does not load Django."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

CHORES = {  # command of manage.py: seconds between two starts
    "tidy": 24 * 3600.0,
    "mail_notifications": 60.0,
    "settle_visits": 300.0,
    "collect": 300.0,
    "send_alarms": 60.0,
    "ping_hub": 60.0,
    "weekly_check": 7 * 24 * 3600.0,
    "nightly_backup": 3600.0,  # it looks whether this night's is made
}
# chore: the setting without which it has nothing to do
IDLE_WITHOUT = {"ping_hub": "WEBSUB_HUB", "nightly_backup": "BACKUP_NIGHTLY"}
DELAY = 30.0  # seconds from the start to the first chores
PAUSE = 5.0  # seconds until a process that has ended is started again
GRACE = 7.0  # seconds for a running chore after a stop signal
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def has_work(chore: str) -> bool:
    """Whether this site's settings leave the chore something to do."""
    from django.conf import settings

    return chore not in IDLE_WITHOUT or bool(getattr(settings, IDLE_WITHOUT[chore]))


def site_chores() -> list[tuple[list[str], float]]:
    """The commands of this site with the seconds between their starts."""
    from django.conf import settings
    from django.core.management import get_commands

    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    return [
        ([*manage, command, "--verbosity=0"], every)
        for command, every in CHORES.items()
        if settings.HOUSEKEEPING and command in get_commands() and has_work(command)
    ]


class Chore:
    """A program that runs periodically, but never twice at the same time."""

    def __init__(self, command: Sequence[str], every: float, due: float):
        self.command, self.every, self.due = command, every, due
        self.process: subprocess.Popen | None = None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start_if_due(self, now: float) -> None:
        if now < self.due:
            return
        self.due = now + self.every
        if not self.is_running():
            # In its own session, so that Ctrl-C reaches it through us and prints no stack trace.
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # only errors are of interest
                start_new_session=True,
            )

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)  # its own child processes too


class Timetable:
    def __init__(self, chores: Sequence[tuple[Sequence[str], float]], *, delay: float = DELAY):
        first = time.monotonic() + delay
        self.chores = [Chore(command, every, first) for command, every in chores]
        self.is_stopping = False

    def run(self) -> None:
        """Runs until a stop signal or until the parent is dead."""
        wake, woken_by = os.pipe()
        os.set_blocking(woken_by, False)
        signal.set_wakeup_fd(woken_by)
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        parent = os.getppid()
        while not self.is_stopping and os.getppid() == parent:
            now = time.monotonic()
            for chore in self.chores:
                chore.start_if_due(now)
            due = min((chore.due for chore in self.chores), default=now + 1)
            select.select([wake], [], [], min(1.0, max(0.0, due - now)))
        self._end_all()

    def _stop(self, *_args) -> None:
        self.is_stopping = True

    def _end_all(self) -> None:
        deadline = time.monotonic() + GRACE
        for chore in self.chores:
            chore.signal(signal.SIGTERM)
        while any(chore.is_running() for chore in self.chores):
            if time.monotonic() > deadline:
                for chore in self.chores:
                    chore.signal(signal.SIGKILL)
            time.sleep(0.05)


class Keeper:
    """Belongs to the server's parent: restarts the process that runs `chores` when it dies."""

    def __init__(
        self, chores: Sequence[tuple[Sequence[str], float]], *, path: str, delay: float = DELAY
    ):
        self.command = [
            *(sys.executable, "-m", "boardsite.server.timetable"),
            json.dumps({"chores": chores, "delay": delay}),
        ]
        self.environment = {**os.environ, "PYTHONPATH": path}
        self.process: subprocess.Popen | None = None
        self.is_stopping = threading.Event()

    def start(self) -> None:
        process = self._start_process()
        threading.Thread(target=self._keep, args=[process], name="timetable", daemon=True).start()

    def stop(self) -> None:
        """Sends the stop signal; `wait` waits for the end."""
        self.is_stopping.set()
        if self.process:
            self.process.terminate()

    def wait(self) -> None:
        if self.process:
            self.process.wait()

    def _start_process(self) -> subprocess.Popen:
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            env=self.environment,
        )
        return self.process

    def _keep(self, process: subprocess.Popen) -> None:
        while not self.is_stopping.is_set():
            process.wait()
            if not self.is_stopping.wait(PAUSE):
                process = self._start_process()
                # a stop signal meanwhile went to the former process only
                if self.is_stopping.is_set():
                    process.terminate()


def main() -> None:
    asked = json.loads(sys.argv[1])
    Timetable(asked["chores"], delay=asked["delay"]).run()


if __name__ == "__main__":
    main()
