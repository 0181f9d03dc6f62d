"""Ends a worker that no longer responds, after printing what each of its threads was doing."""

import faulthandler
import mmap
import os
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable

LIMIT = 10.0
"""Seconds without a sign of life. Waiting views get longer (boardsite.server.gateway.WAITS)."""
BEAT = 1.0


class Beats:
    """The time of each worker's latest sign of life, in memory that it shares with the parent."""

    TIME = struct.Struct("=d")  # a value of time.monotonic

    def __init__(self, workers: int):
        self.memory = mmap.mmap(-1, self.TIME.size * workers)

    def beat(self, number: int) -> None:
        self.TIME.pack_into(self.memory, self.TIME.size * number, time.monotonic())

    start = beat

    def silence(self, number: int) -> float:
        """Seconds since the worker's latest sign of life."""
        (at,) = self.TIME.unpack_from(self.memory, self.TIME.size * number)
        return time.monotonic() - at


class Watchdog:
    """Ends this process with the tracebacks of all threads on stderr; the parent starts another
    one.

    There are two ways to hang. When C code holds the interpreter lock, no Python thread runs: then
    a timer of faulthandler, which needs no interpreter, is not reset any more and expires. When
    only views hang, the event loop still runs, and `is_stuck(limit)` says whether a request has
    waited for so long without any progress. Uploads and downloads wait in the event loop and never
    count."""

    def __init__(
        self,
        is_stuck: Callable[[float], bool],
        describe: Callable[[], list[str]],
        beat: Callable[[], None] = lambda: None,
    ):
        self.is_stuck, self.describe, self.beat, self.limit = is_stuck, describe, beat, LIMIT
        self.parent = os.getppid()

    def start(self) -> None:
        threading.Thread(target=self._beat, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """The process is shutting down and may take its time."""
        self.limit = float("inf")
        faulthandler.cancel_dump_traceback_later()

    def _beat(self) -> None:
        while self.limit != float("inf"):
            if self.is_stuck(self.limit):
                self._give_up()
            faulthandler.dump_traceback_later(self.limit, exit=True)
            self.beat()
            # the parent was killed, and nobody would restart this worker
            if os.getppid() != self.parent:
                os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(min(BEAT, self.limit / 5))
        faulthandler.cancel_dump_traceback_later()

    def _give_up(self) -> None:
        requests = "; ".join(self.describe()) or "-"
        print(
            f"작업 프로세스 {os.getpid()}번이 응답하지 않아 끝냅니다: {requests}",
            file=sys.stderr,
            flush=True,
        )
        faulthandler.dump_traceback(all_threads=True)
        os._exit(1)
