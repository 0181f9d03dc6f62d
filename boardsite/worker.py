"""One worker of the production server: waitress around the site's WSGI application.

Sockets with slow people behind them wait in the event loop; the two threads run views only.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

# What a worker has left to do once its requests are done, named by apps when they are loaded.
before_end: list[Callable[[], None]] = []


def channel_with(error_page: Callable[[int], str]) -> type[HTTPChannel]:
    """Connections on which waitress's own refusals (a request that is too large, or that is none)
    show the HTML that `error_page` gives for their status."""

    class PageTask(ErrorTask):
        def execute(self) -> None:
            status, _headers, _text = self.request.error.to_response()
            page = error_page(self.request.error.code).encode()
            self.status = status
            self.response_headers.append(("Content-Type", "text/html; charset=utf-8"))
            self.set_close_on_finish()
            self.content_length = len(page)
            self.write(page)

    class Channel(HTTPChannel):
        error_task_class = PageTask

    return Channel


def work(
    sockets: Sequence[socket.socket],
    load_application: Callable,
    *,
    parent: int,
    grace: float,
    error_page: Callable[[int], str] | None = None,
    **adjustments,
) -> None:
    """Serves until a stop signal or the death of process `parent`.

    Then requests that run, and threads that they have started, get `grace` seconds to finish.
    Expects STOP_SIGNALS to be blocked.
    """
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
    server = waitress.create_server(
        load_application(),
        map=channels,
        sockets=list(sockets),
        threads=2,
        asyncore_use_poll=True,
        connection_limit=2000,
        channel_timeout=30,
        log_socket_errors=False,
        ident="",
        **adjustments,
    )
    listeners += [each for each in channels.values() if isinstance(each, BaseWSGIServer)]
    if error_page is not None:
        for listener in listeners:
            listener.channel_class = channel_with(error_page)

    def turn(seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=channels, count=1)

    # Looking at the parent each second also covers kill -9, on every Unix.
    while not stopping and os.getppid() == parent:
        turn(1)

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
    server.task_dispatcher.shutdown(timeout=max(0.5, deadline - time.monotonic()))
    for thread in threading.enumerate():  # what a request has left to do, such as a mail
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(max(0.5, deadline - time.monotonic()))
    for deed in before_end:
        deed()
