"""One address of the web, fetched for an owner who typed it, within limits of time and size.

Each redirect is judged again (guard.py): nothing inside our network is reached, also by a name that
changes its answer.
"""

import http.client
import io
import logging
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin

import requests
from AntiSSRF import AntiSSRFError
from django.utils.translation import gettext as _
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.exceptions import SSLError as UrllibSSLError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError

from collector import guard

logger = logging.getLogger(__name__)

SECONDS = 10.0
"""In all: names, connections, redirects and reading together, however slowly the bytes drip."""
BODY_BYTES = 3 * 1024 * 1024
"""As sent and as inflated, which is done by pieces: no more is ever in memory."""
HEADER_BYTES = 64 * 1024
"""Of all headers together; and as much for what chunks add to a body."""
REDIRECTS = 5
LONGEST_WAIT = 24 * 3600  # seconds: more is not believed of Retry-After
TAG_LENGTH, DATE_LENGTH, TYPE_LENGTH = 300, 100, 200  # characters
PIECE = 16 * 1024  # bytes

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)
SECRETS = re.compile(r"(?<=//)[^/]*@|^[^/]*@|[?#].*", re.DOTALL)  # what no log shall hold


class Fetched(NamedTuple):
    """What was answered: 200, 304, 404, 410, 429 or 5xx. `body` is empty but for 200.

    `address` is where the redirects ended. `etag` and `last_modified` are to be sent the next time;
    empty when there are none or they are unreasonable. `retry_after`: seconds, at most a day.
    """

    status: int
    address: str
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    retry_after: int | None


class FetchFailed(Exception):
    """Nothing was fetched. Its text is a sentence for the owner, and says nothing of what is inside
    our network: all refused addresses have the same one."""


def fetch(address: str, *, etag: str = "", last_modified: str = "") -> Fetched:
    """What stands at `address`, unless it is still what had this `etag` or `last_modified`: 304.

    Takes SECONDS at most. Keeps nothing for the next fetch: no cookies, no connections. Raises
    FetchFailed for refused addresses, for servers that are not found, do not answer, answer too
    much, too slowly or unreadably, and for statuses that Fetched does not list.
    """
    headers = {
        "If-None-Match": _plain(etag, TAG_LENGTH),
        "If-Modified-Since": _plain(last_modified, DATE_LENGTH),
    }
    fetching = _Fetching(address, {name: value for name, value in headers.items() if value})
    fetching.start()
    fetching.join(SECONDS)
    outcome = fetching.outcome
    if outcome is None:
        fetching.stop()
        raise _too_slow()
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


# -- Connections -----------------------------------------------------------------------------------
class _CountedReader(io.RawIOBase):
    """What comes from a socket. Raises FetchFailed after `left` bytes.

    Counted here because a chunk that says its length is -1 makes http.client and urllib3 read on
    to the end, however far that is.
    """

    def __init__(self, raw: io.RawIOBase):
        self._raw, self.left = raw, HEADER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:
        count = self._raw.readinto(buffer)
        self.left -= count or 0
        if self.left < 0:
            raise _too_large()
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
        self._reader.left += BODY_BYTES


class _WatchedConnection:
    """A connection of a _Fetching, which can shut it; never to this machine."""

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


def _open_session() -> requests.Session:
    session = guard.policy().get_antissrf_session()
    session.trust_env = False  # no proxy, no .netrc
    session.headers = {
        "User-Agent": f"Boardsite collector (+{guard.own_address()})",
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
    }
    for adapter in session.adapters.values():
        adapter.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return session


# -- Asking ----------------------------------------------------------------------------------------
class _Fetching(threading.Thread):
    """One fetch. In a thread, because nothing else ends a name server's or a header's slowness.

    Left alone, the thread ends as soon as its socket is shut or the name server has answered.
    """

    def __init__(self, address: str, headers: dict[str, str]):
        super().__init__(name="fetch", daemon=True)
        self.address, self.headers = address, headers
        self.outcome: Fetched | Exception | None = None
        self._until = time.monotonic() + SECONDS
        self._socket: socket.socket | None = None
        self._is_stopped = False
        self._lock = threading.Lock()

    def run(self) -> None:
        try:
            self.outcome = self._follow()
        except Exception as error:  # raised again where somebody waits for it
            self.outcome = error

    def seconds_left(self) -> float:
        """Raises FetchFailed when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise _too_slow()
        return left

    def watch(self, connection: socket.socket) -> None:
        with self._lock:
            self._socket = connection
        if self._is_stopped:
            self.stop()

    def stop(self) -> None:
        """Whatever waits for the server gets an end of file."""
        with self._lock:
            self._is_stopped = True
            if self._socket is not None:
                with suppress(OSError):  # closed already
                    # Not SSLSocket's own, which takes the TLS away under the reader.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _follow(self) -> Fetched:
        address = self.address
        with _open_session() as session:
            for _hop in range(REDIRECTS + 1):
                with closing(self._ask(session, address)) as response:
                    if not response.is_redirect:
                        return self._read(response)
                    address = _join(response.url, response.headers["Location"])
        raise FetchFailed(_("주소가 %d번 넘게 다른 곳으로 넘어갑니다.") % REDIRECTS)

    def _ask(self, session: requests.Session, address: str) -> requests.Response:
        """The answer up to its headers."""
        try:
            request = guard.prepare(session, address, self.headers)
            # Not session.send: even without following, it inflates a redirect's whole body.
            adapter = session.get_adapter(request.url)
            response = adapter.send(request, stream=True, timeout=self.seconds_left())
        except (guard.Refused, AntiSSRFError, requests.exceptions.InvalidURL) as error:
            logger.warning("Refused to fetch %r", SECRETS.sub("", address)[:200])
            raise FetchFailed(
                _("가져올 수 없는 주소입니다. 인터넷에 공개된 http, https 주소만 쓸 수 있습니다.")
            ) from error
        except (OSError, HTTPError) as error:
            raise _failure(error) from error
        return response

    def _read(self, response: requests.Response) -> Fetched:
        status, headers = response.status_code, response.headers
        if status not in (200, 304, 404, 410, 429, *range(500, 600)):
            raise FetchFailed(_("서버가 내주지 않습니다(HTTP %d).") % status)
        body = bytearray()
        if status == 200:
            if (response.raw.length_remaining or 0) > BODY_BYTES:
                raise _too_large()
            try:
                pieces = response.raw.stream(PIECE, decode_content=False)
                for piece in _decoded(pieces, headers.get("Content-Encoding", "")):
                    self.seconds_left()
                    body += piece
                    if len(body) > BODY_BYTES:
                        raise _too_large()
            except zlib.error as error:
                raise FetchFailed(_("받은 내용의 압축을 풀 수 없습니다.")) from error
            except (OSError, HTTPError, ValueError) as error:
                raise _failure(error) from error
        return Fetched(
            status=status,
            address=urldefrag(response.url).url,
            body=bytes(body),
            content_type=_plain(headers.get("Content-Type", ""), TYPE_LENGTH),
            etag=_plain(headers.get("ETag", ""), TAG_LENGTH),
            last_modified=_plain(headers.get("Last-Modified", ""), DATE_LENGTH),
            retry_after=_seconds(headers.get("Retry-After", "")),
        )


# -- Reading ---------------------------------------------------------------------------------------
def _decoded(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """`pieces` without their Content-Encoding. Raises zlib.error for any but one layer of gzip."""
    match coding.strip().lower():
        case "" | "identity":
            return pieces
        case "gzip" | "x-gzip":
            return _inflated(pieces)
        case _:
            raise zlib.error(f"Content-Encoding {coding!r} was not asked for")


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """gzip of one or more members, inflated by PIECE bytes. What follows the last is ignored."""
    member, is_whole = zlib.decompressobj(31), None
    for piece in pieces:
        rest = piece
        while rest:
            try:
                yield member.decompress(rest, PIECE)
            except zlib.error:
                if is_whole:
                    return
                raise
            rest = member.unconsumed_tail
            is_whole = is_whole or member.eof
            if member.eof:
                rest = member.unused_data
                member = zlib.decompressobj(31)
    if is_whole is False:  # None: nothing came at all
        raise zlib.error("cut off")


def _join(address: str, location: str) -> str:
    """Where a redirect from `address` leads; servers send Hangul as it is, which is read Latin-1."""
    try:
        return urljoin(address, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError:
        return ""  # refused by the next step


def _plain(text: str, length: int) -> str:
    """A header's value that may be stored and sent again; empty when it is too long or not ASCII."""
    text = text.strip()
    return text if len(text) <= length and text.isascii() and text.isprintable() else ""


def _seconds(retry_after: str) -> int | None:
    """RFC 9110 10.2.3: a number of seconds or a date. None when it is neither."""
    text = _plain(retry_after, DATE_LENGTH)
    if text.isdecimal():
        return min(int(text), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # "-0000": a time of which the sender knows only that it is UTC
            moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp() - time.time()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return round(min(max(seconds, 0), LONGEST_WAIT))


# -- Why not ---------------------------------------------------------------------------------------
def _too_slow() -> FetchFailed:
    return FetchFailed(_("%g초 안에 다 받지 못했습니다.") % SECONDS)


def _too_large() -> FetchFailed:
    return FetchFailed(_("받을 내용이 %d MB보다 큽니다.") % (BODY_BYTES // 1024**2))


def _failure(error: Exception) -> FetchFailed:
    if isinstance(error, socket.gaierror):
        return FetchFailed(_("서버를 찾지 못했습니다. 주소의 도메인 이름을 확인해 주세요."))
    if isinstance(error, requests.exceptions.SSLError | UrllibSSLError | ssl.SSLError):
        return FetchFailed(_("서버의 보안 인증서(HTTPS)를 믿을 수 없습니다."))
    if isinstance(error, requests.Timeout | UrllibTimeoutError | TimeoutError):
        return _too_slow()
    return FetchFailed(_("서버에 연결하지 못했거나 받는 도중에 끊겼습니다."))
