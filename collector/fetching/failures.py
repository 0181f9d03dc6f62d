"""Why a fetch failed, as Korean sentences for the owner."""

import socket
import ssl

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import SSLError as UrllibSSLError
from urllib3.exceptions import TimeoutError as UrllibTimeoutError


class FetchFailed(Exception):
    """Nothing was fetched. The message is a sentence for the owner and reveals nothing about our
    network: it is the same for all refused addresses.

    `status` is the response status, if that is the reason. `wait` is the number of seconds after
    which the server may be asked again, if known. `is_refused`: our own guard forbids the address.
    """

    def __init__(
        self, words: str, *, status: int | None = None, wait: int | None = None, is_refused=False
    ):
        super().__init__(words)
        self.status, self.wait, self.is_refused = status, wait, is_refused


def refused() -> FetchFailed:
    return FetchFailed(
        _("가져올 수 없는 주소입니다. 인터넷에 공개된 http, https 주소만 쓸 수 있습니다."),
        is_refused=True,
    )


def too_many_redirects(status: int, most: int) -> FetchFailed:
    return FetchFailed(_("주소가 %d번 넘게 다른 곳으로 넘어갑니다.") % most, status=status)


def too_slow(seconds: float) -> FetchFailed:
    return FetchFailed(_("%g초 안에 다 받지 못했습니다.") % seconds)


def too_large(limit: int) -> FetchFailed:
    """`limit`: bytes."""
    return FetchFailed(_("받을 내용이 %d MB보다 큽니다.") % (limit // 1024**2))


def unanswered(error: Exception, seconds: float) -> FetchFailed:
    """For exceptions of sockets, TLS and HTTP."""
    if isinstance(error, socket.gaierror):
        return FetchFailed(_("서버를 찾지 못했습니다. 주소의 도메인 이름을 확인해 주세요."))
    if isinstance(error, requests.exceptions.SSLError | UrllibSSLError | ssl.SSLError):
        return FetchFailed(_("서버의 보안 인증서(HTTPS)를 믿을 수 없습니다."))
    if isinstance(error, requests.Timeout | UrllibTimeoutError | TimeoutError):
        return too_slow(seconds)
    return FetchFailed(_("서버에 연결하지 못했거나 받는 도중에 끊겼습니다."))
