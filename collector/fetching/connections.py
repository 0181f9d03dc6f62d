"""Connections that count what comes, can be shut from outside, and are never to this machine.

They belong to the thread that opens them, which knows how long and how much they may: a Watcher.
"""

import http.client
import io
import socket
import threading
from abc import ABC, abstractmethod

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from collector.fetching import guard
from collector.fetching.failures import too_large

HEADER_BYTES = 64 * 1024
"""Of all headers together; and as much for what chunks add to a body."""


class Watcher(ABC, threading.Thread):
    """The thread of a fetch. `limit`: bytes of a body."""

    limit: int

    @abstractmethod
    def seconds_left(self) -> float:
        """Raises FetchFailed when there are none."""

    @abstractmethod
    def watch(self, connection: socket.socket) -> None:
        """Takes note of a socket, which may have to be shut."""


class _CountedReader(io.RawIOBase):
    """What comes from a socket of a Watcher. Raises FetchFailed after `left` bytes.

    Counted here because a chunk that says its length is -1 makes http.client and urllib3 read on
    to the end, however far that is.
    """

    def __init__(self, raw: io.RawIOBase):
        self._raw, self.left = raw, HEADER_BYTES
        self.limit = threading.current_thread().limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:
        count = self._raw.readinto(buffer)
        self.left -= count or 0
        if self.left < 0:
            raise too_large(self.limit)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _CountedResponse(http.client.HTTPResponse):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._reader = _CountedReader(self.fp.detach())
        self.fp = io.BufferedReader(self._reader)

    def begin(self) -> None:
        super().begin()
        self._reader.left += self._reader.limit


class _WatchedConnection:
    """A connection of a Watcher, which can shut it; never to this machine."""

    response_class = _CountedResponse

    def connect(self) -> None:
        if guard.is_ours(self.host.strip("[]")):  # by now an address
            raise guard.Refused
        fetching = threading.current_thread()
        self.timeout = fetching.seconds_left()  # the name server has taken its share
        super().connect()
        fetching.watch(self.sock)


class _PlainConnection(_WatchedConnection, HTTPConnection):
    pass


class _SecureConnection(_WatchedConnection, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def open_session(headers: dict[str, str]) -> requests.Session:
    """Sends `headers` and keeps nothing for the next fetch."""
    session = guard.policy().get_antissrf_session()
    session.trust_env = False  # no proxy, no .netrc
    session.headers = headers
    for adapter in session.adapters.values():
        adapter.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return session
