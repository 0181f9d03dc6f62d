"""One worker of the production server: waitress around the site's WSGI application.

Sockets with slow people behind them wait in the event loop; the two threads run views only.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import Error

from boardsite import background
from boardsite.balance import Balance
from boardsite.prefork import STOP_SIGNALS
from boardsite.relief import Relief

logger = logging.getLogger(__name__)
THREADS = 2
ROOM = 16
"""So many requests of the largest size may lie half sent on the disk of a worker."""
STEP = 64 * 1024
"""Bytes of a request after which it is asked again whether there is room."""
HOLD = 0.02
"""Seconds after which a worker that has let others go first asks again whether they did."""


class NoRoom(Error):
    code, reason = 503, "Service Unavailable"


def parser_with(held: Callable[[], int]) -> type[HTTPRequestParser]:
    """Requests that are refused with 503 once the worker holds more than ROOM of the largest: what
    is being sent, however slowly, must not fill the disk. `held`: the bytes of all requests."""

    class Parser(HTTPRequestParser):
        def received(self, data: bytes) -> int:
            before = self.body_bytes_received // STEP
            taken = super().received(data)
            if not self.completed and self.body_bytes_received // STEP > before:
                if held() > ROOM * self.adj.max_request_body_size:
                    self.error, self.completed = NoRoom("too much is being sent"), True
            return taken

    return Parser


def channel_with(
    error_page: Callable[[int], str], parser: type[HTTPRequestParser]
) -> type[HTTPChannel]:
    """Connections on which waitress's own refusals (a request that is too large, that is none, or for
    which there is no room) show the HTML that `error_page` gives for their status."""

    class PageTask(ErrorTask):
        def execute(self) -> None:
            status, _headers, _text = self.request.error.to_response()
            try:
                page = error_page(self.request.error.code).encode()
            except Exception:  # else the connection would hang, and hold its place
                logger.exception("The page of a refusal could not be made")
                super().execute()
                return
            self.status = status
            self.response_headers.append(("Content-Type", "text/html; charset=utf-8"))
            self.set_close_on_finish()
            self.content_length = len(page)
            self.write(page)

    class Channel(HTTPChannel):
        error_task_class = PageTask
        parser_class = parser

    return Channel


def courteous(readable: Callable[[], bool], has_turn: Callable[[], bool]) -> Callable[[], bool]:
    """`readable` of a listener, which takes no connection while others have fewer."""
    return lambda: readable() and has_turn()


def head_alone(application: Callable) -> Callable:
    """`application`, of which a HEAD gets no body: Django leaves that to the server, and waitress
    to the application. The next answer on the connection would begin in the midst of it."""

    def answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []

    return answer


def work(
    sockets: Sequence[socket.socket],
    load_application: Callable,
    *,
    parent: int,
    grace: float,
    balance: Balance,
    error_page: Callable[[int], str] | None = None,
    in_turn: bool = False,
    **adjustments,
) -> None:
    """Serves until a stop signal or the death of process `parent`.

    Then requests that run, and threads that they have started, get `grace` seconds to finish.
    Expects STOP_SIGNALS to be blocked. `in_turn`: pages are made one after another, as far as they
    take their time alike (boardsite.relief); else two at a time.
    """
    # A thread that makes a page hands on the interpreter each millisecond, not after five: who only has
    # a short statement to put waits five times for it else.
    sys.setswitchinterval(0.001)
    stopping = False
    listeners: list[BaseWSGIServer] = []

    def stop(*_args) -> None:
        nonlocal stopping
        stopping = True
        if listeners:
            listeners[0].pull_trigger()  # wakes the event loop

    for number in STOP_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue of one is no news

    channels: dict = {}
    dispatcher = Relief() if in_turn else ThreadedTaskDispatcher()
    waitress.create_server(
        head_alone(load_application()),
        map=channels,
        sockets=list(sockets),
        threads=THREADS,
        _dispatcher=dispatcher,
        asyncore_use_poll=True,
        connection_limit=2000,
        channel_timeout=30,
        log_socket_errors=False,
        ident="",
        **adjustments,
    )
    dispatcher.set_thread_count(THREADS)
    listeners += [each for each in channels.values() if isinstance(each, BaseWSGIServer)]

    def held() -> int:
        channels = [each for one in listeners for each in one.active_channels.values()]
        requests = [each for one in channels for each in (*one.requests, one.request) if each]
        return sum(each.body_bytes_received for each in requests)

    if error_page is not None:
        for listener in listeners:
            listener.channel_class = channel_with(error_page, parser_with(held))

    def turn(seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=channels, count=1)

    def has_turn() -> bool:
        return balance.has_turn(len(channels))

    for listener in listeners:
        listener.readable = courteous(listener.readable, has_turn)
    balance.join()

    # Looking at the parent each second also covers kill -9, on every Unix.
    while not stopping and os.getppid() == parent:
        turn(1 if has_turn() else HOLD)

    deadline = time.monotonic() + grace
    for listener in listeners:
        listener.accepting = False
    turn(0)  # what has already arrived counts as running
    while time.monotonic() < deadline and any(
        channel.requests or channel.total_outbufs_len
        for listener in listeners
        for channel in listener.active_channels.values()
    ):
        turn(0.2)
    dispatcher.shutdown(timeout=max(0.5, deadline - time.monotonic()))
    for thread in threading.enumerate():  # what a request has left to do, such as a mail
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(max(0.5, deadline - time.monotonic()))
    background.finish()
