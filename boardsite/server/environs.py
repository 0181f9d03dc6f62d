"""The environ of a WSGI request (PEP 3333), from Granian's scope."""

import sys
from typing import Any

from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from boardsite.server.files import FileWrapper
from boardsite.visitors.addresses import plain_address

UNREADABLE_AGENT = "Mozilla/5.0 (unreadable)"
"""Replaces a User-Agent with non-ASCII bytes, which Granian drops: without the header the visitor
would count as a robot."""
FORWARDED = ("FOR", "PROTO", "HOST", "PORT", "BY", "SERVER", "PREFIX")
NOT_FORWARDED = ("HTTP_FORWARDED", *(f"HTTP_X_FORWARDED_{name}" for name in FORWARDED))


class Environs:
    """`server`: our name and port. `proxy` is the address whose X-Forwarded-For and X-Forwarded-Proto
    are trusted ("*": every address)."""

    def __init__(self, server: tuple[str, int], proxy: str | None = None):
        self.believes_all = proxy == "*"
        self.believe = wrap_wsgi_with_proxy_headers(_keep, proxy) if proxy else _keep
        self.base: dict[str, Any] = {
            "wsgi.version": (1, 0),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileWrapper,
            "SCRIPT_NAME": "",
            "SERVER_SOFTWARE": "boardsite",
            "SERVER_NAME": server[0],
            "SERVER_PORT": str(server[1]),
        }

    def of(self, scope: Any) -> dict:
        path, query = scope.path, scope.query_string
        environ = self.base | {
            "REQUEST_METHOD": scope.method,
            # PEP 3333 decodes bytes as Latin-1.
            "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
            "QUERY_STRING": query if query.isascii() else query.encode().decode("latin-1"),
            "REMOTE_ADDR": plain_address(scope.client.rpartition(":")[0].strip("[]")),
            "SERVER_PROTOCOL": "HTTP/"
            + ("1.0" if scope.http_version == "1" else scope.http_version),
            "wsgi.url_scheme": scope.scheme,
        }
        for name, value in scope.headers.items():
            if "_" in name:
                continue  # with an underscore it would be mistaken for a header that a proxy sets
            if name in ("content-type", "content-length"):
                environ[name.upper().replace("-", "_")] = value
                continue
            key = "HTTP_" + name.upper().replace("-", "_")
            if key in environ:
                value = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
            environ[key] = value
        if "HTTP_USER_AGENT" not in environ and "user-agent" in scope.headers:
            environ["HTTP_USER_AGENT"] = UNREADABLE_AGENT
        if "HTTP_X_FORWARDED_FOR" in environ:
            passed = environ["HTTP_X_FORWARDED_FOR"].split(",")
            # Granian would trust the first entry, which the visitor can forge; the last one is the
            # proxy's. It compares proxies literally.
            passed = passed[-1:] if self.believes_all else passed
            environ["HTTP_X_FORWARDED_FOR"] = ",".join(
                plain_address(each.strip()) for each in passed
            )
        if "HTTP_X_FORWARDED_PROTO" in environ:
            last = environ["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2]
            environ["HTTP_X_FORWARDED_PROTO"] = last.strip().lower()
        self.believe(environ, None)
        environ["REMOTE_ADDR"] = plain_address(environ["REMOTE_ADDR"])
        for name in NOT_FORWARDED:
            if environ.pop(name, None) is not None:
                environ["boardsite.forwarded"] = True
        return environ


def _keep(_environ: dict, _start_response: Any) -> None:
    """Granian's proxy wrapper calls an application with the changed environ, and only the environ
    is needed here."""
