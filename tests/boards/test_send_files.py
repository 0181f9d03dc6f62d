"""Files sent by the real server, alone and behind nginx with deploy/nginx.conf.

Slow clients delay nobody, ranges work, and visitors without permission get no byte.
"""

import contextlib
import email
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from boards.actions.files import store_file, store_picture
from boards.actions.posts import write_post
from boards.models import Attachment, Board
from tests.boards.browsing import document, picture
from tests.page import CHROME
from tests.services import free_port, heed_signals, missing
from tests.sources import ROOT

PATIENCE = 120  # seconds; far more than anything here takes, on a busy machine too
BIG = bytes(range(256)) * 80 * 1024  # 20 MiB
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")


class Site:
    """The site's own server with one worker, on the tests' database and files."""

    def __init__(self, **environment: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.boards.served"],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database_address(),
                "CACHE_URL": "locmemcache://",
                "SECRET_KEY": "only-for-tests-" + "x" * 40,
                "SITE_URL": "http://localhost:8000",
                "HOST": "127.0.0.1",
                "PORT": "0",
                "WEB_CONCURRENCY": "1",
                "HOUSEKEEPING": "off",
                "LOG_LEVEL": "WARNING",
                "PYTHONUTF8": "1",
                **environment,
            },
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed_signals,
        )
        self.port = int(self.process.stdout.readline().strip().rstrip("/").rsplit(":", 1)[1])

    def copied(self) -> int:
        """Return the bytes in unnamed files of its worker, such as request bodies."""
        pid = self.process.pid
        worker = int(Path(f"/proc/{pid}/task/{pid}/children").read_text())
        sizes = []
        for opened in Path(f"/proc/{worker}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                if str(opened.readlink()).endswith(" (deleted)"):
                    sizes.append(opened.stat().st_size)
        return sum(sizes)

    def end(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def database_address() -> str:
    """Return the address of the tests' database, for another process."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    user, password = (quote(known[name], safe="") for name in ("USER", "PASSWORD"))
    host, port = known["HOST"] or "localhost", known["PORT"] or 5432
    return f"postgres://{user}{password and ':' + password}@{host}:{port}/{known['NAME']}"


@pytest.fixture
def site(side_by_side, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "data" / "media"  # the directory that the server searches
    started = []

    def start(**environment: str) -> Site:
        started.append(Site(DATA_DIR=str(tmp_path / "data"), **environment))
        return started[-1]

    yield start
    for each in started:
        each.end()


def ask(port: int, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """Return the response with its body as `content`."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as opened:
        opened.request(method, path, headers={"Host": "localhost", "User-Agent": CHROME} | headers)
        answer = opened.getresponse()
        answer.content = answer.read()
        return answer


def written(author, board, name: str, content: bytes, **fields) -> Attachment:
    upload = document(name, content)
    file = store_file(uploader=author, upload=upload, limit=len(content))
    write_post(
        author=author, board=board, subject="자료", source="<p>글</p>", files=[file], **fields
    )
    return file


# -- alone -----------------------------------------------------------------------------------------
def slowly(stack: ExitStack, port: int, request: str, body: bytes = b"") -> socket.socket:
    """Open a connection that sends `request` and hardly reads the response."""
    slow = stack.enter_context(socket.socket())
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.settimeout(PATIENCE)
    slow.connect(("127.0.0.1", port))
    slow.sendall(request.replace("\n", "\r\n").encode() + body)
    return slow


def test_slow_clients_delay_nobody(site, minji, board):
    """Point 6: forty slow readers and forty slow senders at once, with one worker."""
    file = written(minji, board, "큰 파일.txt", BIG)
    port = (server := site()).port
    whole = f"GET {file.url} HTTP/1.1\nHost: localhost\n\n"
    part = f"GET {file.url} HTTP/1.1\nHost: localhost\nRange: bytes=1-\n\n"
    upload = "POST /free/upload/ HTTP/1.1\nHost: localhost\nContent-Length: 9000000\n\n"
    with ExitStack() as stack:
        for _ in range(40):
            slowly(stack, port, whole)
            reader = slowly(stack, port, part)
            slowly(stack, port, upload, body=bytes(64 * 1024))
            slowly(stack, port, "GET / HTTP/1.1\nHost: local")
        for _ in range(5):
            # none waited for the timeout of a slow client
            assert ask(port, "/free/1/").status == 200
        assert server.copied() < len(BIG)  # readers share the file instead of copying it
        received = read_all(reader)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 206 ")
    assert f"content-range: bytes 1-{len(BIG) - 1}/{len(BIG)}".encode() in head
    assert body == BIG[1:]


def read_all(opened: socket.socket) -> bytes:
    """Read the rest of a response, whose body is BIG without its first byte."""
    received, whole = bytearray(), None
    while (whole is None or len(received) < whole) and (piece := opened.recv(1 << 20)):
        received += piece
        if whole is None and (end := received.find(b"\r\n\r\n")) >= 0:
            whole = end + 4 + len(BIG) - 1
    return bytes(received)


# -- behind nginx ----------------------------------------------------------------------------------
@pytest.fixture
def nginx(tmp_path) -> Iterator:
    """Start nginx in front of the site with the second server of deploy/nginx.conf, without TLS;
    return its port.
    """
    if not NGINX:
        missing("no nginx here", required_by="REQUIRE_SERVICES")
    running = []

    def start(site: Site) -> int:
        port = free_port()
        example = (ROOT / "deploy/nginx.conf").read_text("utf-8")
        zone = next(line for line in example.splitlines() if line.startswith("limit_conn_zone"))
        server = f"{zone}\nserver {{" + example.split("\nserver {")[2]
        server = re.sub(r"(listen|http2|ssl_\w+) [^;]*;", "", server)
        server = server.replace("server_name", f"listen 127.0.0.1:{port};\nserver_name")
        server = server.replace("127.0.0.1:8000", f"127.0.0.1:{site.port}")
        server = server.replace("/srv/boardsite/data", str(tmp_path / "data"))
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
        # else it runs as nobody, who cannot read tmp_path
        user = "user root;" if os.geteuid() == 0 else ""
        whole = tmp_path / "nginx.conf"
        whole.write_text(
            f"daemon off; {user} pid {tmp_path}/pid; error_log stderr; events {{}}"
            f" http {{ access_log off; {places}\n{server} }}",
            "utf-8",
        )
        running.append(subprocess.Popen([NGINX, "-p", tmp_path, "-c", whole]))
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port)).close()
                return port
            assert running[-1].poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)

    yield start
    for each in running:
        each.terminate()
        each.wait()


def test_nginx_sends_only_files_that_the_site_permits(site, nginx, log_in, minji, board):
    open_file = written(minji, board, "보고서 최종(2).txt", b"abcdefghij")
    shown = store_picture(uploader=minji, upload=picture(), is_inline=False)
    write_post(author=minji, board=board, subject="사진", source="", files=[shown])
    odd = written(minji, board, "이상한 이름.txt", b"odd")
    odd_place = odd.file.storage.save("2026/01/한글 50%25?a=b#c+d;\"'.bin", odd.file)
    Attachment.objects.filter(pk=odd.pk).update(file=odd_place)
    closed = Board.objects.create(group=board.group, slug="closed", name="운영진", read_level=5)
    secret = written(minji, closed, "비밀.txt", b"secret")
    stored = quote(open_file.file.name)
    minji.level = 5
    minji.save()
    session = log_in(minji).cookies["sessionid"].value

    server = site(ACCEL_REDIRECT="/protected/", TRUSTED_PROXY="127.0.0.1")
    port = nginx(server)

    # nginx sends the bytes under the name and with the headers of the site.
    answer = ask(port, open_file.url)
    assert (answer.status, answer.content) == (200, b"abcdefghij")
    assert re.fullmatch(r'"[0-9a-f]{8,}-[0-9a-f]+"', etag := answer.headers["ETag"])
    assert answer.headers["Last-Modified"]
    assert filename_of(answer) == "보고서 최종(2).txt"
    for name, value in {
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Accept-Ranges": "bytes",
        "X-Accel-Redirect": None,
        "Set-Cookie": None,
    }.items():
        assert answer.headers.get_all(name) == (value and [value]), name
    assert ask(server.port, open_file.url).headers["X-Accel-Redirect"] == f"/protected/{stored}"

    # Ranges work too.
    parts = {
        "bytes=0-0": (206, b"a"),
        "bytes=3-5": (206, b"def"),
        "bytes=-3": (206, b"hij"),
        "bytes=8-99": (206, b"ij"),
        "bytes=10-": (416, None),
    }
    for asked, (status, part) in parts.items():
        answer = ask(port, open_file.url, Range=asked)
        assert answer.status == status, asked
        assert part is None or answer.content == part, asked
    assert ask(port, open_file.url, Range="bytes=5-", If_Range=etag).content == b"fghij"
    assert ask(port, open_file.url, Range="bytes=5-", If_Range='"x"').content == b"abcdefghij"
    assert ask(port, open_file.url, If_None_Match=etag).status == 304

    # Pictures of both sizes, and a file whose path contains special characters.
    for address in (shown.url, shown.thumb_url):
        answer = ask(port, address)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
        assert answer.content[8:12] == b"WEBP"
        assert answer.headers["Cache-Control"] == "private, max-age=3600"
        assert answer.headers["Set-Cookie"] is None
    assert ask(port, odd.url).content == b"odd"

    # The internal address is closed, and a member without permission gets nothing; one with
    # permission does.
    for path in (stored, quote(odd_place), "../site.sqlite3", ""):
        assert ask(port, f"/protected/{path}").status == 404
        assert ask(port, f"/%70rotected/{path}", Range="bytes=0-").status == 404
    for headers in ({}, {"Range": "bytes=0-"}, {"X_Accel_Redirect": f"/protected/{stored}"}):
        answer = ask(port, secret.url, **headers)
        assert answer.status == 404
        assert b"secret" not in answer.content
    answer = ask(port, secret.url, Cookie=f"sessionid={session}")
    assert (answer.status, answer.content) == (200, b"secret")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Set-Cookie"] is None


def test_readers_behind_one_carrier_address_do_not_block_each_other(site, nginx):
    port = nginx(site(TRUSTED_PROXY="127.0.0.1"))
    upload = "POST /free/upload/ HTTP/1.1\nHost: localhost\nContent-Length: 9000000\n\n"
    with ExitStack() as stack:
        for _ in range(200):
            slowly(stack, port, upload)
        assert ask(port, "/healthz").status == 200


def filename_of(answer: http.client.HTTPResponse) -> str | None:
    header = answer.headers["Content-Disposition"]
    return email.message_from_string(f"Content-Disposition: {header}\n\n").get_filename()
