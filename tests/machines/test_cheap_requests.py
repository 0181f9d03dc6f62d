"""Requests that are cheap to send must not slow the site down: the real server gets the ones that
once froze it while others read."""

import secrets
import socket
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO

import pytest
import requests
from PIL import Image

from boards.actions.posts import write_post
from boards.models import Board
from tests.boards.browsing import guest_fields, post_form
from tests.boards.test_send_files import pytestmark as needs_linux
from tests.boards.test_send_files import site  # noqa: F401
from tests.page import CHROME

pytestmark = [needs_linux, pytest.mark.any_database]

SECONDS = 5
AT_ONCE = 3
"""Requests of each kind."""
LIMIT = 2.0
PATIENCE = 120


def big_picture() -> bytes:
    """A PNG of 25 megapixels in some 100 kB."""
    file = BytesIO()
    Image.new("RGB", (5000, 5000), "white").save(file, "PNG")
    return file.getvalue()


PICTURE = big_picture()
LONG_NAME = "a" + "\u0301\u0323" * 60_000
BRACKETS = "http://example.com/" + "]" * 100_000
KINDS = {
    "name": ("/accounts/check-name/", {"kind": "nickname", "name": LONG_NAME}, False),
    "link": (
        "/free/write/",
        post_form(source=BRACKETS, format="text") | guest_fields() | {"subject": ""},
        False,
    ),
    "subject": (
        "/free/write/",
        post_form(source=LONG_NAME) | guest_fields() | {"subject": LONG_NAME},
        False,
    ),
    "tag": ("/tags/" + "\u302e\u1715" * 5000 + "/", None, False),
    "pictures": ("/free/write/", {"subject": "", "source": "", "format": "html"}, True),
}


class Attacker:
    """Sends requests of one kind repeatedly, each from another IP address, to bypass limits by
    address."""

    def __init__(self, port: int, session: str):
        self.port, self.session = port, session
        self.stop = threading.Event()
        self.answers: list[int] = []

    def go_on(self, kind: str) -> None:
        while not self.stop.is_set():
            self.answers.append(self.send(kind))

    def send(self, kind: str) -> int:
        path, form, is_member = KINDS[kind]
        token = secrets.token_hex(16)
        headers = {
            "Host": "localhost",
            "User-Agent": CHROME,
            "X-Forwarded-For": f"198.51.{secrets.randbelow(250)}.{secrets.randbelow(250)}",
            "Cookie": f"csrftoken={token}" + (f"; sessionid={self.session}" if is_member else ""),
            "X-CSRFToken": token,
        }
        address = f"http://127.0.0.1:{self.port}{path}"
        files = [("files", (f"{n}.png", PICTURE, "image/png")) for n in range(3)]
        try:
            return requests.request(
                "GET" if form is None else "POST",
                address,
                data=form,
                files=files if is_member else None,
                headers=headers,
                timeout=PATIENCE,
                allow_redirects=False,
            ).status_code
        except requests.RequestException:
            return 0


def slow_connections(stack: ExitStack, port: int, count: int) -> None:
    for number in range(count):
        slow = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        kinds = (
            "",
            "GET / HTTP/1.1\r\nX-",
            "POST /free/write/ HTTP/1.1\r\nContent-Length: 9000\r\n\r\nx",
        )
        slow.sendall(kinds[number % 3].encode())


def slowest(port: int, seconds: float) -> float:
    """The time within which all but one of twenty requests for a cached page and /healthz
    finished."""
    waited, until = [], time.monotonic() + seconds
    while time.monotonic() < until or len(waited) < 20:
        for path in ("/healthz", "/free/1/"):
            began = time.monotonic()
            answer = requests.get(
                f"http://127.0.0.1:{port}{path}",
                headers={"Host": "localhost", "User-Agent": CHROME},
                timeout=PATIENCE,
            )
            waited.append(time.monotonic() - began)
            assert answer.status_code == 200
        time.sleep(0.05)
    return statistics.quantiles(waited, n=20)[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_readers_wait_less_than_a_second(site, log_in, minji, board, kind):  # noqa: F811
    Board.objects.update(write_level=1, comment_level=1)
    write_post(author=minji, board=board, subject="봄", source="<p>꽃이 피었습니다</p>")
    session = log_in(minji).cookies["sessionid"].value
    port = site(WEB_CONCURRENCY="2", TRUSTED_PROXY="127.0.0.1").port
    calm = slowest(port, 1)
    attacker = Attacker(port, session)
    with ExitStack() as stack, ThreadPoolExecutor(AT_ONCE) as threads:
        slow_connections(stack, port, 200)
        for _ in range(AT_ONCE):
            threads.submit(attacker.go_on, kind)
        time.sleep(0.3)
        try:
            attacked = slowest(port, SECONDS)
        finally:
            attacker.stop.set()
    assert attacked < max(LIMIT, 10 * calm), (calm, attacker.answers)
    assert attacker.answers
    assert 0 not in attacker.answers
