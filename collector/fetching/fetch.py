"""One address of the web, fetched for an owner who typed it, within limits of time and size.

Each redirect is judged again (guard.py): nothing inside our network is reached, also by a name that
changes its answer.
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
"""In all: names, connections, redirects and reading together, however slowly the bytes drip."""
BODY_BYTES = 3 * 1024 * 1024
"""As sent and as inflated, which is done by pieces: no more is ever in memory. A page of a feed, a
listing or an article; pictures may have more (the `limit` of fetch)."""
REDIRECTS = 5
LATER = (429, 503)
"""What a site answers that wants to be asked later."""
LONGEST_WAIT = 24 * 3600  # seconds: more is not believed of Retry-After
TAG_LENGTH, DATE_LENGTH, TYPE_LENGTH = 300, 100, 200  # characters
PIECE = 16 * 1024  # bytes, as sent

NAME = "Boardsite"
"""What a robots.txt calls us."""
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)
SECRETS = re.compile(r"(?<=//)[^/]*@|^[^/]*@|[?#].*", re.DOTALL)  # what no log shall hold


class Fetched(NamedTuple):
    """What was answered: 200, 304, 404, 410, 429 or 5xx. `body` is empty but for 200.

    `address` is where the redirects ended. Who does not `follow` them gets their 3xx, and as
    `address` where they lead ("" for nowhere). `etag` and `last_modified` are to be sent the next
    time; empty when there are none or they are unreasonable. `retry_after`: seconds, at most a day.
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
    """What stands at `address`, unless it is still what had this `etag` or `last_modified`: 304.

    Takes SECONDS at most, and `limit` bytes (BODY_BYTES unless told); follows REDIRECTS or none.
    Keeps nothing for the next fetch: no cookies, no connections. Raises FetchFailed for refused
    addresses, for servers that are not found, do not answer, answer too much, too slowly or
    unreadably, and for statuses that Fetched does not list.
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
    """One fetch. In a thread, because nothing else ends a name server's or a header's slowness.

    Left alone, the thread ends as soon as its socket is shut or the name server has answered.
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
        except Exception as error:  # raised again where somebody waits for it
            self.outcome = error

    def seconds_left(self) -> float:
        """Raises FetchFailed when there are none."""
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
        """Whatever waits for the server gets an end of file."""
        with self._lock:
            self._is_stopped = True
            if self._socket is not None:
                with suppress(OSError):  # closed already
                    # Not SSLSocket's own, which takes the TLS away under the reader.
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
        """The answer up to its headers."""
        try:
            request = guard.prepare(session, address, self.headers)
            # Not session.send: even without following, it inflates a redirect's whole body.
            adapter = session.get_adapter(request.url)
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
    """Of every request."""
    return {
        "User-Agent": f"{NAME} collector (+{guard.own_address()})",
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
    }


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


def retry_seconds(retry_after: str) -> int | None:
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
