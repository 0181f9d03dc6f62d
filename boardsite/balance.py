"""Which worker takes the next connection: one with no more than the others have.

Browsers and proxies keep their connections, so whoever answers the first request on one answers all.
Left to chance, one of two workers took eleven to sixteen of sixteen, and half of the machine was idle.
"""

import fcntl
import mmap
import os
import struct
import time

SLOT = struct.Struct("=qqd")  # process, connections, when it said so (time.monotonic)
SLOTS = 256  # workers
MORE = 1  # connections that one may have more than another before it lets that one go first
SILENT = 3.0  # seconds after which a worker that says nothing is not waited for; each says it every second


class Balance:
    """Memory that all workers share, behind an open file without a name."""

    def __init__(self, number: int | None = None):
        """`number`: of such a file that is open already."""
        if number is None:
            import tempfile  # not for `main` (boardsite.serve), to which the number is told

            with tempfile.TemporaryFile() as file:
                file.truncate(SLOT.size * SLOTS)
                number = os.dup(file.fileno())
        self.number = number
        self._memory = mmap.mmap(number, SLOT.size * SLOTS)
        self._place: int | None = None

    def join(self) -> None:
        """For a worker, once it can serve: takes a place of its own."""
        fcntl.lockf(self.number, fcntl.LOCK_EX)  # lest two take the same
        try:
            for place in range(SLOTS):
                process, _connections, _at = self._read(place)
                if not (process and _is_alive(process)):
                    self._place = place
                    self._write(0)
                    return
        finally:
            fcntl.lockf(self.number, fcntl.LOCK_UN)

    def has_turn(self, connections: int) -> bool:
        """Whether the worker, which has so many, may take another one; to be asked every second."""
        if self._place is None:  # there are more than SLOTS
            return True
        self._write(connections)
        now = time.monotonic()
        for place in range(SLOTS):
            process, others, at = self._read(place)
            if not process:
                return True  # places are taken in their order
            if others + MORE < connections and now - at < SILENT and _is_alive(process):
                return False
        return True

    def _read(self, place: int) -> tuple[int, int, float]:
        return SLOT.unpack_from(self._memory, place * SLOT.size)

    def _write(self, connections: int) -> None:
        SLOT.pack_into(
            self._memory, self._place * SLOT.size, os.getpid(), connections, time.monotonic()
        )


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
