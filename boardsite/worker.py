"""One worker of the production server: waitress around the site's WSGI application.

Sockets with slow people behind them wait in the event loop; the two threads run views only.
"""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence

import waitress
from waitress import wasyncore
from waitress.server import BaseWSGIServer

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def work(
    sockets: Sequence[socket.socket],
    load_application: Callable,
    *,
    parent: int,
    grace: float,
    **adjustments,
) -> None:
    """Serves until a stop signal or the death of process `parent`.

    Then requests that run get `grace` seconds to finish. Expects STOP_SIGNALS to be blocked.
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
