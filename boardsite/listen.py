"""The address that the site is served on: HOST and PORT, opened before anything else is done."""

import errno
import os
import socket
from collections.abc import Sequence

from django.utils.translation import gettext as _

HOST = "127.0.0.1"
PORT = 8000


class CannotListen(Exception):
    """The address cannot be opened; the message is a sentence for the operator."""


def open_asked_sockets() -> list[socket.socket]:
    """Listens where the variables HOST and PORT say, or on 127.0.0.1:8000. Raises CannotListen."""
    host = os.environ.get("HOST") or HOST
    port = os.environ.get("PORT") or str(PORT)
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise CannotListen(_("PORT=%s: 포트는 1에서 65535까지의 숫자입니다.") % port)
    return open_sockets(host, int(port))


def open_sockets(host: str, port: int) -> list[socket.socket]:
    """Listens on every address that `host` stands for; `::` means IPv6 and IPv4.

    IPv4 gets a socket of its own, so that a visitor's address never reads `::ffff:192.0.2.1`.
    Raises CannotListen.
    """
    sockets: list[socket.socket] = []
    trouble: OSError | None = None
    try:
        places = [
            place
            for name in ((host, "0.0.0.0") if host == "::" else (host,))
            for place in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        ]
    except (OSError, UnicodeError):
        raise CannotListen(_("HOST=%s: 이런 주소를 찾을 수 없습니다.") % host) from None
    for family, _kind, _protocol, _name, address in dict.fromkeys(places):
        try:
            sockets.append(_listen(family, address))
        except OSError as error:
            trouble = error
            if error.errno == errno.EADDRINUSE:
                break
    # A machine without IPv6 still has its IPv4 half of `localhost`; a taken port is always trouble.
    if trouble and (trouble.errno == errno.EADDRINUSE or not sockets):
        for opened in sockets:
            opened.close()
        raise CannotListen(_explain(trouble, host, port)) from trouble
    return sockets


def _listen(family: int, address: tuple) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind(address)
        opened.listen(1024)
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


def address_of(sockets: Sequence[socket.socket]) -> str:
    """The address to open in a browser on this machine."""
    host, port = sockets[0].getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
