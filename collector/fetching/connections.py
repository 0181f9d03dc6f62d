"""Connections that count received bytes, can be closed from another thread, and never lead to this
machine.

Each belongs to the Watcher (a thread) that opens it, which knows the limits of time and size.
"""

import http.client
import io
import socket
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from collector.fetching import guard
from collector.fetching.failures import too_large

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEADER_BYTES = 64 * 1024
"""For all headers together, and again for the overhead of a chunked body."""


class Watcher(ABC, threading.Thread):
    """The thread of a fetch. `limit`: maximum size of a body in bytes."""

    limit: int

    @abstractmethod
    def seconds_left(self) -> float:
        """Raises FetchFailed when no time is left."""

    @abstractmethod
    def watch(self, connection: socket.socket) -> None:
        """Registers a socket that may have to be closed."""


def _watcher() -> Watcher:
    """The thread that is running."""
    thread = threading.current_thread()
    if not isinstance(thread, Watcher):
        raise TypeError(f"{thread} is no Watcher")
    return thread


class _CountedReader(io.RawIOBase):
    """Reads from the socket of a Watcher. Raises FetchFailed after `left` bytes.

    It counts at this level because a chunk with the length -1 makes http.client and urllib3 read to
    the end, however far that is.
    """

    def __init__(self, raw: io.RawIOBase):
        self._raw, self.left = raw, HEADER_BYTES
        self.limit = _watcher().limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
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


class _WatchedConnection(HTTPConnection):
    """A connection of a Watcher, which can close it; never leads to this machine."""

    response_class = _CountedResponse

    def connect(self) -> None:
        if guard.is_ours(self.host.strip("[]")):  # an IP address by now
            raise guard.Refused
        fetching = _watcher()
        self.timeout = fetching.seconds_left()  # resolving the name has taken part of the time
        super().connect()
        fetching.watch(self.sock)


class _SecureConnection(_WatchedConnection, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _WatchedConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def open_session(headers: dict[str, str]) -> requests.Session:
    """A session that sends `headers` and keeps no state for the next fetch."""
    session = guard.policy().get_antissrf_session()
    session.trust_env = False  # no proxy, no .netrc
    session.headers = headers
    for adapter in session.adapters.values():
        adapter.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return session
