"""A small application for test_serve.py that runs under boardsite.server; environment variables
configure it."""

import ctypes
import json
import os
import sys
import threading
import time

from django.conf import settings

settings.configure(USE_I18N=False)

from boardsite.health.counters import counters  # noqa: E402
from boardsite.server import bodies, gateway, listening, watchdog  # noqa: E402
from boardsite.server.gateway import Gateway  # noqa: E402
from boardsite.server.listening import CannotListen, address_of, open_asked_sockets  # noqa: E402
from boardsite.server.processes import GRACE, HEADER_SECONDS, Server  # noqa: E402
from boardsite.server.site import worker_count  # noqa: E402
from boardsite.server.timetable import Keeper  # noqa: E402


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/fails":
        raise RuntimeError("this page is broken")
    if path == "/slow":
        seconds, _, begun = environ["QUERY_STRING"].partition("&")
        if begun:
            open(begun, "w").close()
        time.sleep(float(seconds))
    if path == "/written":
        with open(environ["QUERY_STRING"], "a") as file:
            file.write("x")
    if path == "/held":
        hold_the_interpreter()
    if path == "/file":
        start_response(
            "200 OK", [("Content-Length", str(os.path.getsize(environ["QUERY_STRING"])))]
        )
        return environ["wsgi.file_wrapper"](open(environ["QUERY_STRING"], "rb"))
    if path == "/stream":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"x" * 10_000 for _ in range(int(environ["QUERY_STRING"])))
    if path == "/later":
        late = [environ["QUERY_STRING"]]
        threading.Thread(target=write_late, args=late, daemon=False).start()
    about = {
        "pid": os.getpid(),
        "address": environ["REMOTE_ADDR"],
        "scheme": environ["wsgi.url_scheme"],
        "agent": environ.get("HTTP_USER_AGENT"),
        "forwarded": environ.get("HTTP_X_FORWARDED_FOR"),
        "counted": counters.sums()["2xx"],
        "is_forwarded": environ.get("boardsite.forwarded", False),
    }
    body = json.dumps(about).encode()
    size = ("Content-Length", str(len(body)))
    start_response("200 OK", [("Content-Type", "application/json"), size])
    return [body]


def hold_the_interpreter() -> None:
    """Like C code that never lets another thread run."""
    ctypes.PyDLL(None).sleep(60)


def write_late(path: str) -> None:
    time.sleep(0.7)
    with open(path, "w") as file:
        file.write("done")


def refusal(status: int) -> str:
    if status == 500:
        raise RuntimeError("its refusal is broken too")
    return f"<h1>{status} 너무 큽니다</h1>"


def load() -> Gateway:
    if os.environ.get("BROKEN"):
        raise RuntimeError("the application is broken")
    return Gateway(
        application,
        server=opened[0].getsockname()[:2],
        body_limit=100_000,
        error_page=refusal,
        proxy=os.environ.get("TRUSTED_PROXY"),
        regular=int(os.environ.get("REGULAR", "2")),
        reserve=2,
    )


if __name__ == "__main__":
    bodies.START = float(os.environ.get("BODY_SECONDS", bodies.START))
    gateway.WAITING = int(os.environ.get("WAITING", gateway.WAITING))
    gateway.WAITING_OF_ONE = gateway.WAITING // 2
    listening.UNREAD_SECONDS = int(os.environ.get("UNREAD_SECONDS", listening.UNREAD_SECONDS))
    watchdog.LIMIT = float(os.environ.get("WATCHDOG_SECONDS", watchdog.LIMIT))
    try:
        opened = open_asked_sockets(worker_count())
    except CannotListen as trouble:
        sys.exit(str(trouble))
    chores = [
        (["sh", "-c", os.environ[name]], every)
        for name, every in (("CHORE", 24 * 3600), ("OFTEN", 0.2))
        if name in os.environ
    ]
    server = Server(
        opened,
        load,
        chores=Keeper(chores, path=os.getcwd(), delay=0.1) if chores else None,
        announce=lambda: print(address_of(opened), flush=True),
        grace=float(os.environ.get("GRACE", GRACE)),
        header_seconds=float(os.environ.get("HEADER_SECONDS", HEADER_SECONDS)),
    )
    sys.exit(server.run())
