"""A web server within the test that plays the sources over real sockets."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from collector.fetching import guard

Play = Callable[[BaseHTTPRequestHandler], None]


class Asked(NamedTuple):
    path: str
    headers: dict[str, str]


class Sources(ThreadingHTTPServer):
    """Returns what was `put` at a path, or what `play` writes; 404 elsewhere.

    `asked` lists the requests. `connections` counts all connections, to any address of this
    machine.
    """

    daemon_threads = True
    address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET

    def __init__(self):
        self.asked: list[Asked] = []
        self.connections = 0
        self._plays: dict[str, Play] = {}
        super().__init__(("::" if self.address_family == socket.AF_INET6 else "", 0), _Handler)

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def address(self, path: str = "/feed", *, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.server_port}{path}"

    def put(self, path: str, body: bytes = b"", *, status: int = 200, **headers: str) -> None:
        """`put("/feed", b"…", content_type="text/xml", etag='"1"')`. A request with the same ETag
        or Last-Modified gets a 304."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        conditions = [("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")]

        def answer(to: BaseHTTPRequestHandler) -> None:
            known = any(to.headers.get(ask, "") == headers.get(is_, 0) for ask, is_ in conditions)
            to.send_response(304 if known else status)
            for name, value in headers.items():
                to.send_header(name, value)
            if not known:
                to.send_header("Content-Length", str(len(body)))
            to.end_headers()
            if not known:
                to.wfile.write(body)

        self.play(path, answer)

    def play(self, path: str, play: Play) -> None:
        """`play(handler)` writes the whole response; `handler.wfile` takes raw bytes."""
        self._plays[path] = play

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        self.asked.append(Asked(to.path, dict(to.headers)))
        play = self._plays.get(to.path)
        if play is None:
            to.send_error(404)
        else:
            play(to)

    def get_request(self):
        self.connections += 1
        return super().get_request()

    def handle_error(self, request, client_address) -> None:
        pass  # the client has closed the connection


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.answer(self)

    def log_message(self, *args) -> None:
        pass


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[Sources]:
    """A running server. With `certificate`, a file that also contains the key, it uses TLS."""
    server = Sources()
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        # The handshake happens in the handler's thread, so that a failing one does not block the
        # others.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def let_in(monkeypatch, server: Sources) -> None:
    """Makes the guard allow connections to `server` on this machine."""
    strict = guard.policy

    def policy():
        policy = strict()
        policy.add_allowed_addresses(["127.0.0.1"])
        return policy

    monkeypatch.setattr(guard, "policy", policy)
    monkeypatch.setattr(guard, "is_ours", lambda host: False)
    monkeypatch.setattr(guard, "PORTS", {server.server_port})


def write_certificate(path: Path, *names: str) -> Path:
    """Writes a self-signed certificate for `names` and its key to one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(pem))
    return path


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
