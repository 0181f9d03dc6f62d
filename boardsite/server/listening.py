"""Opens the sockets of HOST and PORT before anything else is done."""

import errno
import os
import socket
import sys
from collections.abc import Sequence

from django.utils.translation import gettext as _

HOST = "127.0.0.1"
PORT = 8000
BACKLOG = 1024
"""Connections that wait to be accepted."""
UNREAD_SECONDS = 60
"""Seconds for which a client may acknowledge nothing of its response."""


class CannotListen(Exception):
    """The address cannot be opened; the message is a sentence for the operator."""


def open_asked_sockets(count: int) -> list[socket.socket]:
    """Listens on the address of the variables HOST and PORT (default 127.0.0.1:8000), with one
    socket for each of `count` workers. Raises CannotListen."""
    host = os.environ.get("HOST") or HOST
    port = os.environ.get("PORT") or str(PORT)
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise CannotListen(_("PORT=%s: 포트는 1에서 65535까지의 숫자입니다.") % port)
    return open_sockets(host, int(port), count)


def open_sockets(host: str, port: int, count: int) -> list[socket.socket]:
    """Listens on the first address of `host` that can be opened, IPv4 before IPv6; `::` means all
    addresses of both kinds. Raises CannotListen."""
    names = ("::", "0.0.0.0") if host == "::" else (host,)
    try:
        places = [
            place
            for name in names
            for place in sorted(
                socket.getaddrinfo(name, port, type=socket.SOCK_STREAM),
                key=lambda place: place[0] != socket.AF_INET,
            )
        ]
    except (OSError, UnicodeError):
        raise CannotListen(_("HOST=%s: 이런 주소를 찾을 수 없습니다.") % host) from None
    troubles: list[OSError] = []
    for family, _kind, _protocol, _name, address in dict.fromkeys(places):
        try:
            return _listen_together(family, address, count)
        except OSError as error:
            troubles.append(error)
            if error.errno == errno.EADDRINUSE:
                break
    trouble = next((each for each in troubles if each.errno == errno.EADDRINUSE), troubles[0])
    raise CannotListen(_explain(trouble, host, port)) from trouble


def _listen_together(family: int, address: tuple, count: int) -> list[socket.socket]:
    """Opens a socket for each worker, because Linux distributes new connections among sockets that
    share a port. With a single socket one worker would accept nearly all of them, and browsers and
    proxies keep their connections open."""
    only = _listen(family, address)  # so that a port of another server is refused
    if count == 1 or sys.platform != "linux":
        return [only] * count
    address = only.getsockname()
    only.close()
    return [_listen(family, address, socket.SO_REUSEPORT) for _ in range(count)]


def _listen(family: int, address: tuple, *options: int) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        for option in (socket.SO_REUSEADDR, *options):
            opened.setsockopt(socket.SOL_SOCKET, option, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(address[0] != "::"))
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Accepted connections inherit it: a client that reads nothing for so long is
            # disconnected.
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


def _explain(trouble: OSError, host: str, port: int) -> str:
    where = {"host": host, "port": port}
    if trouble.errno == errno.EADDRINUSE:
        return _("포트 %(port)s번은 이미 쓰이고 있습니다. PORT에 다른 번호를 정해 주세요.") % where
    if trouble.errno == errno.EACCES:
        return _("포트 %(port)s번을 열 권한이 없습니다. PORT를 1024 이상으로 정해 주세요.") % where
    where["why"] = trouble.strerror
    return _("%(host)s의 포트 %(port)s번을 열 수 없습니다: %(why)s") % where


def address_of(opened: Sequence[socket.socket]) -> str:
    """The address to open in a browser on this machine. Passkeys need a name, so a loopback address
    becomes `localhost`."""
    host, port = opened[0].getsockname()[:2]
    if host in ("0.0.0.0", "::", "127.0.0.1", "::1"):
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
