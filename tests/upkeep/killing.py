"""Kills a process in the middle of an action. For programs of their own: what is forked there has no
threads."""

import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from django.db import connections

from boardsite.databases.sqlite3.files import begin_process

EVENTS = (
    *("open", "os.rename", "os.remove", "os.mkdir", "os.link", "os.chmod", "os.utime"),
    *("sqlite3.connect", "subprocess.Popen"),
)


def in_child(action: Callable[[], object], **moment: float) -> int:
    """The exit code of a process that runs the action, or minus the signal that ended it. With a
    `moment` the process is killed then."""
    connections.close_all()
    if pid := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        begin_process()  # as a process of its own, which has not seen an earlier database
        if moment:
            _die_at(**moment)
        action()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def measure(action: Callable[[], object]) -> tuple[int, float]:
    """How many events and seconds it takes, in a child that ends well."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "measured")

        def run() -> None:
            count, begun = [0], time.monotonic()
            sys.addaudithook(lambda name, _: name in EVENTS and count.__setitem__(0, count[0] + 1))
            action()
            result.write_text(json.dumps([count[0], time.monotonic() - begun]))

        assert in_child(run) == 0
        events, seconds = json.loads(result.read_text())
    return events, seconds


def moment(number: int, events: int, seconds: float) -> dict[str, float]:
    """The same one for the same number: at an event, or after some time."""
    chance = random.Random(number)
    if number % 2:
        return {"seconds": chance.uniform(0.001, seconds)}
    return {"event": chance.randint(1, events)}


def _die_at(event: int | None = None, seconds: float | None = None) -> None:
    """Kills this process at the event of this number, or after so many seconds."""
    count = 0

    def watch(name: str, _arguments: tuple) -> None:
        nonlocal count
        if name in EVENTS:
            count += 1
            if count == event:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    if seconds is not None:
        signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        signal.setitimer(signal.ITIMER_REAL, seconds)
