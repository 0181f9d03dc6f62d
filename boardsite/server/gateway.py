"""Connects Granian's event loop with the site's WSGI application.

The event loop does all network input and output: it receives bodies (boardsite.server.bodies) and
sends responses and files, so slow clients occupy a connection and no thread. Views run in the
threads of a boardsite.server.pool.Pool. Granian's own WSGI interface would occupy a thread for each
slow upload and download (0045)."""

import asyncio
import logging
import os
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from functools import cache, partial
from http import HTTPStatus
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import quote

from boardsite.health.counters import counters
from boardsite.server.admission import Admission
from boardsite.server.bodies import Bodies, Gone, Refused
from boardsite.server.environs import Environs
from boardsite.server.files import FileWrapper
from boardsite.server.pool import Pool
from boardsite.visitors.addresses import network

logger = logging.getLogger(__name__)

TICK = 0.5
"""Seconds between two rounds of the event loop's periodic checks."""
WAITS = 3
"""Idle threads may be waiting for a database lock (up to 20 s on SQLite) or for a bucket, and
restarting the worker would not help. They get so many times as long as the event loop."""
SMALL_FILE = 64 * 1024
"""Bytes. A smaller file is read at once, a larger one while its reader receives it."""
STREAM_IN_MEMORY = 1024 * 1024
"""Bytes of a streamed response. A longer one goes through a temporary file."""
WAITING = 512
"""The most requests that a worker has in its threads and queue; a further one gets 503."""
WAITING_OF_ONE = 256
"""How many of them may come from one network, so that the others are still served."""
OPENED_AFTER = 30.0
"""Seconds after which the server has certainly opened a temporary file that it is to send, so that
our own handle can be closed."""
READING = ("GET", "HEAD", "OPTIONS", "TRACE")
RETRY_AFTER = "10"
"""Seconds, in refusals because the site is busy."""


class Request:
    """One request on its way through the worker."""

    __slots__ = (
        *("begun", "body", "done", "gone", "proto", "visitor", "wsgi"),
        *("is_inside", "is_postponed", "is_writing"),
    )

    def __init__(self, environ: dict, proto: Any, body: BinaryIO, done: asyncio.Future):
        self.wsgi, self.proto, self.body, self.done = environ, proto, body, done
        self.visitor = network(environ["REMOTE_ADDR"], 56)
        self.begun = time.monotonic()
        # for Admission
        self.is_inside = self.is_postponed = False
        self.is_writing = environ["REQUEST_METHOD"] not in READING
        self.gone: asyncio.Future | None = None  # done as soon as the client disconnects

    def __str__(self) -> str:
        """Without the query string, which may be private."""
        return f"{self.wsgi['REQUEST_METHOD']} {self.wsgi['PATH_INFO']}"


class Gateway:
    """An RSGI application (Granian's interface) that answers with a WSGI application.

    `error_page(status)` returns the HTML of refusals that never reach the application. `server` and
    `proxy`: see Environs."""

    def __init__(
        self,
        application: Callable,
        *,
        server: tuple[str, int],
        body_limit: int,
        error_page: Callable[[int], str],
        proxy: str | None = None,
        regular: int = 2,
        reserve: int = 2,
    ):
        self.application = application
        self.environs = Environs(server, proxy)
        self.error_page = cache(error_page)  # many requests may be refused at once
        self.bodies = Bodies(body_limit)
        self.pool = Pool(self._answer, regular=regular, reserve=reserve)
        self.admission: Admission[Request] = Admission(regular + reserve - 1, self._begin_again)
        self.waiting: Counter[str] = Counter()  # number of requests, by network
        self.answered: deque[Request] = deque()
        # temporary files and when to close them
        self.opened: deque[tuple[float, BinaryIO]] = deque()
        self.ticked_at = time.monotonic()
        self.on_start: Callable[[], None] = lambda: None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.pool.start(loop)
        self._tick()
        self.on_start()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        environ = self.environs.of(scope)
        try:
            body = await self._body(environ, proto)
        except Refused as refusal:
            self._refuse(proto, refusal.status)
            return
        except Gone:
            proto.response_empty(400, [("connection", "close")])
            return
        self._settle()
        request = Request(environ, proto, body, self.loop.create_future())
        if self.waiting[request.visitor] >= WAITING_OF_ONE or self.waiting.total() >= WAITING:
            body.close()
            self.bodies.release(body)
            self._refuse(proto, 503)
            return
        if not self.pool.jobs.empty():  # it has to wait, and its client may leave meanwhile
            request.gone = asyncio.ensure_future(proto.client_disconnect())
        self.waiting[request.visitor] += 1
        environ["boardsite.enter_database"] = partial(self.admission.enter, request)
        self.pool.put(request)
        # Awaited although the response has been sent by then: Granian answers 500 when a coroutine
        # ends early. Finished coroutines are woken with the next request, which saves a wake-up of
        # the loop.
        try:
            await request.done
        finally:
            if request.gone is not None:
                request.gone.cancel()

    def _begin_again(self, request: Request) -> None:
        """In any thread: a request that was postponed may use the database now."""
        self.loop.call_soon_threadsafe(self.pool.put, request)

    def _refuse_late(self) -> None:
        for request in self.admission.take_late():
            self._refuse(request.proto, 503)
            request.body.close()
            self.answered.append(request)

    def _settle(self) -> None:
        while self.answered:
            request = self.answered.popleft()
            self.bodies.release(request.body)
            self.waiting[request.visitor] -= 1
            if not self.waiting[request.visitor]:
                del self.waiting[request.visitor]
            if not request.done.done():
                request.done.set_result(None)

    def _tick(self) -> None:
        self.ticked_at = time.monotonic()
        self._refuse_late()
        self._settle()
        waiting = self.pool.jobs.qsize() + len(self.admission.waiting)
        counters.set(waiting=waiting, running=len(self.pool.running))
        self.bodies.stop_late()
        while self.opened and self.opened[0][0] < self.ticked_at:
            self.opened.popleft()[1].close()
        self.loop.call_later(TICK, self._tick)

    def is_stuck(self, limit: float) -> bool:
        """Whether the event loop has not run for `limit` seconds, or requests wait and no thread
        has made progress for WAITS times as long."""
        waited = max(self.pool.stuck_for(), self.admission.stuck_for())
        return time.monotonic() - self.ticked_at > limit or waited > WAITS * limit

    def describe(self) -> list[str]:
        """The running requests, for the log."""
        now = time.monotonic()
        return [f"{job} ({now - since:.0f} s)" for since, job in [*self.pool.running.values()]]

    async def _body(self, environ: dict, proto: Any) -> BinaryIO:
        if "HTTP_TRANSFER_ENCODING" in environ:
            # Granian does not distinguish the end of such a body from a lost connection.
            raise Refused(411)
        length = environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            raise Refused(400)
        if int(length) == 0:
            return BytesIO()
        return await self.bodies.receive(proto, int(length), environ["REMOTE_ADDR"])

    def _refuse(self, proto: Any, status: int) -> None:
        headers = [("content-type", "text/html; charset=utf-8"), ("connection", "close")]
        if status == 503:
            headers.append(("retry-after", RETRY_AFTER))
        try:
            page = self.error_page(status)
        except Exception:  # otherwise the connection would hang
            logger.exception("The page of a refusal could not be rendered")
            page = HTTPStatus(status).phrase
        proto.response_bytes(status, headers, page.encode())

    def _answer(self, request: Request) -> None:
        """Runs in a thread of the pool."""
        environ, proto = request.wsgi, request.proto
        if request.gone is not None and request.gone.done():
            request.body.close()
            self.admission.leave(request)
            self.answered.append(request)
            return
        request.body.seek(0)
        environ["wsgi.input"] = request.body
        head: list = []

        def start_response(status: str, headers: list, exc_info: Any = None) -> None:
            head[:] = [int(status[:3]), [_safe(*header) for header in headers]]

        try:
            body = self.application(environ, start_response)
            try:
                if not request.is_postponed:
                    self._send(environ, proto, head, body)
            finally:
                if hasattr(body, "close"):
                    body.close()
        except Exception:
            logger.exception("The application failed at %s", request)
            self._refuse(proto, 500)  # unless it has been answered already
            head[:] = [500, []]
            request.is_postponed = False
        finally:
            if request.is_postponed:
                self.admission.postpone(request)
            else:
                self.admission.leave(request)
                request.body.close()
                counters.add_request(head[0] if head else 500, time.monotonic() - request.begun)
                self.answered.append(request)

    def _send(self, environ: dict, proto: Any, head: list, body: Iterable[bytes]) -> None:
        place = body.place() if isinstance(body, FileWrapper) else None
        if environ["REQUEST_METHOD"] == "HEAD":
            proto.response_empty(*head)
        elif place is not None and place[2] > SMALL_FILE:
            self._send_file(proto, head, *place)
        else:
            self._send_bytes(proto, head, body)

    def _send_file(self, proto: Any, head: list, path: str, first: int, length: int) -> None:
        status, headers = head
        if first == 0 and length == os.stat(path).st_size:
            proto.response_file(status, headers, path)
        else:
            proto.response_file_range(status, headers, path, first, first + length)

    def _send_bytes(self, proto: Any, head: list, body: Iterable[bytes]) -> None:
        chunks, size = [], 0
        rest = iter(body)
        for chunk in rest:
            chunks.append(chunk)
            size += len(chunk)
            if size > STREAM_IN_MEMORY:
                break
        else:
            if not head:
                raise RuntimeError("The application has not called start_response")
            proto.response_bytes(*head, b"".join(chunks))
            return
        # The rest occupies neither a thread nor memory, however slow its reader is.
        file = tempfile.TemporaryFile()  # noqa: SIM115 (_tick closes it)
        try:
            file.writelines(chunks)
            file.writelines(rest)
        except BaseException:
            file.close()
            raise
        size = file.tell()
        file.seek(0)  # outside of Linux this also moves the server's handle
        self.opened.append((time.monotonic() + OPENED_AFTER, file))
        status, headers = head
        if not any(name.lower() == "content-length" for name, _value in headers):
            headers.append(("content-length", str(size)))
        # the file has no other name
        proto.response_file(status, headers, f"/dev/fd/{file.fileno()}")


def _safe(name: str, value: str) -> tuple[str, str]:
    """Escapes non-ASCII characters: the server rejects them and would not answer at all."""
    if not (value.isascii() and value.isprintable()):
        value = quote(value.encode("latin-1", "replace"), safe=" !#$%&'()*+,/:;=?@[]\"<>^`{|}~")
    return name, value
