"""Receives request bodies in the event loop, so that a slow sender occupies no thread."""

import asyncio
import tempfile
import time
from collections import Counter
from io import BytesIO
from typing import Any, BinaryIO

from boardsite.visitors.addresses import network

IN_MEMORY = 64 * 1024
"""Bytes of one body. A larger one goes to an unnamed file, because thousands may arrive at once."""
ROOM = 16
"""How many requests of the largest size a worker holds until they are answered. Small ones, which
stay in memory, do not count, so that nobody is kept from logging in."""
SHARE = 4
"""One network may use a fourth of ROOM, so that it cannot use up the room of the others."""
START = 30.0
"""Seconds within which a body must arrive or reach the speed SLOWEST; also how long it may pause."""
SLOWEST = 1024
"""Bytes per second that a body must have reached on average once START is over."""


class Refused(Exception):
    """The body is not accepted; `status` is the answer."""

    def __init__(self, status: int):
        self.status = status


class Gone(Exception):
    """The client disconnected before the end of its body."""


class Arriving:
    """A body that the current task is receiving."""

    def __init__(self, visitor: str, length: int):
        self.visitor, self.length = visitor, length
        self.is_large = length > IN_MEMORY
        self.task = asyncio.current_task()
        self.began = self.active_at = time.monotonic()
        self.size = 0
        self.refusal = 408  # the status of the answer once its task is cancelled

    def is_late(self, now: float) -> bool:
        age = now - self.began
        return now - self.active_at > START or (age > START and self.size < (age - START) * SLOWEST)


class Bodies:
    """All bodies that a worker is receiving, or has received and not answered yet. For the event
    loop's thread only."""

    def __init__(self, limit: int):
        self.limit = limit
        self.arriving: set[Arriving] = set()
        self.received: dict[BinaryIO, Arriving] = {}  # large ones only
        self.held: Counter[str] = Counter()  # bytes of large bodies, by network

    async def receive(self, proto: Any, length: int, address: str) -> BinaryIO:
        """Returns the body, which `release` takes back. Raises Refused and Gone."""
        if length > self.limit:
            raise Refused(413)
        body = Arriving(network(address, 56), length)
        self.arriving.add(body)
        try:
            file = await self._collect(body, proto)
        except asyncio.CancelledError:
            self._forget(body)
            raise Refused(body.refusal) from None
        except BaseException:
            self._forget(body)
            raise
        self.arriving.discard(body)
        if body.is_large:
            self.received[file] = body
        return file

    def release(self, file: BinaryIO) -> None:
        """To be called when the request is over and its body is closed."""
        if body := self.received.pop(file, None):
            self._subtract(body)

    def stop_late(self) -> None:
        """Cancels bodies that arrive too slowly."""
        now = time.monotonic()
        for body in [each for each in self.arriving if each.is_late(now)]:
            self._stop(body, 408)

    async def _collect(self, body: Arriving, proto: Any) -> BinaryIO:
        file: BinaryIO = tempfile.TemporaryFile() if body.is_large else BytesIO()  # noqa: SIM115 (the request closes it)
        try:
            async for chunk in proto:
                body.size += len(chunk)
                body.active_at = time.monotonic()
                if body.is_large:
                    self.held[body.visitor] += len(chunk)
                    self._make_room(body)
                file.write(chunk)
            if body.size != body.length:
                raise Gone
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def _make_room(self, body: Arriving) -> None:
        """Cancels the body with the longest pause in the network that holds the most; raises
        Refused if it is this network."""
        room = ROOM * self.limit
        if self.held[body.visitor] > room // SHARE:
            raise Refused(503)
        while self.held.total() > room:
            most = max(self.held, key=self.held.__getitem__)
            if most == body.visitor:
                raise Refused(503)
            theirs = [each for each in self.arriving if each.visitor == most and each.is_large]
            if not theirs:  # a complete body stays for its answer
                raise Refused(503)
            self._stop(min(theirs, key=lambda each: each.active_at), 503)

    def _stop(self, body: Arriving, status: int) -> None:
        body.refusal = status
        if body.task is not None:
            body.task.cancel()
        self._forget(body)

    def _forget(self, body: Arriving) -> None:
        if body not in self.arriving:
            return
        self.arriving.discard(body)
        if body.is_large:
            self._subtract(body)

    def _subtract(self, body: Arriving) -> None:
        self.held[body.visitor] -= body.size
        if self.held[body.visitor] <= 0:
            del self.held[body.visitor]
