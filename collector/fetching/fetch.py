"""Fetches one URL that an owner has entered, within limits of time and size.

guard.py checks each redirect again, so that nothing inside our network can be reached, not even
through a name whose DNS answer changes.
"""

import logging
import re
import socket
import threading
import time
import zlib
from contextlib import closing, suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin

import requests
from AntiSSRF import AntiSSRFError
from django.utils.translation import gettext as _
from urllib3.exceptions import HTTPError

from collector.fetching import guard
from collector.fetching.connections import Watcher, open_session
from collector.fetching.failures import (
    FetchFailed,
    refused,
    too_large,
    too_many_redirects,
    too_slow,
    unanswered,
)
from collector.fetching.inflating import decoded

logger = logging.getLogger(__name__)

SECONDS = 10.0
"""Seconds for DNS, connections, redirects and reading together, however slowly the bytes arrive."""
BODY_BYTES = 3 * 1024 * 1024
"""Limit for the bytes on the wire and for the decompressed body, which is decompressed in pieces:
no more is ever in memory. For a feed, a listing or an article; pictures may have more (argument
`limit`)."""
REDIRECTS = 5
LATER = (429, 503)
"""Statuses with which a site asks us to come back later."""
LONGEST_WAIT = 24 * 3600  # seconds; a longer Retry-After is cut to this
TAG_LENGTH, DATE_LENGTH, TYPE_LENGTH = 300, 100, 200  # characters
PIECE = 16 * 1024  # bytes on the wire

NAME = "Boardsite"
"""Our name in robots.txt."""
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)
SECRETS = re.compile(r"(?<=//)[^/]*@|^[^/]*@|[?#].*", re.DOTALL)  # must not appear in logs


class Fetched(NamedTuple):
    """A response with status 200, 304, 404, 410, 429 or 5xx. `body` is empty unless the status is
    200.

    `address` is where the redirects ended. Without `follow` a redirect is returned as it is, with
    its target as `address` ("" if it has none). `etag` and `last_modified` are validators for the
    next request, "" if missing or unusable. `retry_after`: seconds, at most a day.
    """

    status: int
    address: str
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    retry_after: int | None


def fetch(
    address: str,
    *,
    etag: str = "",
    last_modified: str = "",
    limit: int | None = None,
    follow: bool = True,
) -> Fetched:
    """Fetches `address`; the status is 304 if `etag` or `last_modified` still match.

    Takes at most SECONDS and `limit` bytes (default BODY_BYTES), and follows at most REDIRECTS
    redirects. Keeps neither cookies nor connections. Raises FetchFailed for refused addresses, for
    servers that are not found, do not answer, or answer too much, too slowly or unreadably, and for
    statuses that Fetched does not list.
    """
    headers = {
        "If-None-Match": _plain(etag, TAG_LENGTH),
        "If-Modified-Since": _plain(last_modified, DATE_LENGTH),
    }
    headers = {name: value for name, value in headers.items() if value}
    fetching = _Fetching(address, headers, limit or BODY_BYTES, follow)
    fetching.start()
    fetching.join(SECONDS)
    outcome = fetching.outcome
    if outcome is None:
        fetching.stop()
        raise too_slow(SECONDS)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


# -- Asking ----------------------------------------------------------------------------------------
class _Fetching(Watcher):
    """One fetch. It runs in a thread because nothing else can end a slow name server or a slow
    header.

    When the caller gives up, the thread ends as soon as its socket is closed or the name server has
    answered.
    """

    def __init__(self, address: str, headers: dict[str, str], limit: int, follow: bool):
        super().__init__(name="fetch", daemon=True)
        self.address, self.headers, self.limit = address, headers, limit
        self._is_followed = follow
        self.outcome: Fetched | Exception | None = None
        self._until = time.monotonic() + SECONDS
        self._socket: socket.socket | None = None
        self._is_stopped = False
        self._lock = threading.Lock()

    def run(self) -> None:
        try:
            self.outcome = self._follow()
        except Exception as error:  # raised again in the waiting thread
            self.outcome = error

    def seconds_left(self) -> float:
        """Raises FetchFailed when no time is left."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise too_slow(SECONDS)
        return left

    def watch(self, connection: socket.socket) -> None:
        with self._lock:
            self._socket = connection
        if self._is_stopped:
            self.stop()

    def stop(self) -> None:
        """Makes the reading thread see an end of file."""
        with self._lock:
            self._is_stopped = True
            if self._socket is not None:
                with suppress(OSError):  # already closed
                    # Not SSLSocket.shutdown, which removes the TLS layer under the reader.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _follow(self) -> Fetched:
        address = self.address
        with open_session(_headers()) as session:
            for _hop in range(REDIRECTS + 1):
                with closing(self._ask(session, address)) as response:
                    if not response.is_redirect:
                        return self._read(response)
                    address = _join(response.url, response.headers["Location"])
                    if not self._is_followed:
                        return Fetched(response.status_code, address, b"", "", "", "", None)
        raise too_many_redirects(response.status_code, REDIRECTS)

    def _ask(self, session: requests.Session, address: str) -> requests.Response:
        """Sends the request; returns the response with its headers, body unread."""
        try:
            request = guard.prepare(session, address, self.headers)
            # Not session.send: even without redirects it reads and decompresses the whole body of
            # one.
            adapter = session.get_adapter(request.url or "")
            response = adapter.send(request, stream=True, timeout=self.seconds_left())
        except (guard.Refused, AntiSSRFError, requests.exceptions.InvalidURL) as error:
            logger.warning("Refused to fetch %r", SECRETS.sub("", address)[:200])
            raise refused() from error
        except (OSError, HTTPError) as error:
            raise unanswered(error, SECONDS) from error
        return response

    def _read(self, response: requests.Response) -> Fetched:
        status, headers = response.status_code, response.headers
        if status not in (200, 304, 404, 410, 429, *range(500, 600)):
            raise FetchFailed(_("서버가 내주지 않습니다(HTTP %d).") % status, status=status)
        body = bytearray()
        if status == 200:
            if (response.raw.length_remaining or 0) > self.limit:
                raise too_large(self.limit)
            try:
                pieces = response.raw.stream(PIECE, decode_content=False)
                for piece in decoded(pieces, headers.get("Content-Encoding", "")):
                    self.seconds_left()
                    body += piece
                    if len(body) > self.limit:
                        raise too_large(self.limit)
            except zlib.error as error:
                raise FetchFailed(_("받은 내용의 압축을 풀 수 없습니다.")) from error
            except (OSError, HTTPError, ValueError) as error:
                raise unanswered(error, SECONDS) from error
        return Fetched(
            status=status,
            address=urldefrag(response.url).url,
            body=bytes(body),
            content_type=_plain(headers.get("Content-Type", ""), TYPE_LENGTH),
            etag=_plain(headers.get("ETag", ""), TAG_LENGTH),
            last_modified=_plain(headers.get("Last-Modified", ""), DATE_LENGTH),
            retry_after=retry_seconds(headers.get("Retry-After", "")),
        )


# -- Headers ---------------------------------------------------------------------------------------
def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"{NAME} collector (+{guard.own_address()})",
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
    }


def _join(address: str, location: str) -> str:
    """The target of a redirect. Servers send Hangul unescaped, which arrives as Latin-1."""
    try:
        return urljoin(address, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError:
        return ""  # refused in the next step


def _plain(text: str, length: int) -> str:
    """A header value that may be stored and sent again; "" if it is too long or not ASCII."""
    text = text.strip()
    return text if len(text) <= length and text.isascii() and text.isprintable() else ""


def retry_seconds(retry_after: str) -> int | None:
    """Parses Retry-After (RFC 9110 10.2.3): seconds or a date. None if it is neither."""
    text = _plain(retry_after, DATE_LENGTH)
    if text.isdecimal():
        return min(int(text), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # "-0000" means UTC without a known local zone
            moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp() - time.time()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return round(min(max(seconds, 0), LONGEST_WAIT))
