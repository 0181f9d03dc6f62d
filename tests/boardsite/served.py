"""A small application under boardsite.serve, for test_serve.py; variables say what is tried."""

import json
import os
import sys
import threading
import time

from django.conf import settings

settings.configure(USE_I18N=False)

from boardsite import prefork, serve  # noqa: E402
from boardsite.listen import CannotListen, address_of, open_asked_sockets  # noqa: E402


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/fails":
        raise RuntimeError("this page is broken")
    if path == "/slow":
        time.sleep(float(environ["QUERY_STRING"]))
    if path == "/later":
        late = [environ["QUERY_STRING"]]
        threading.Thread(target=write_late, args=late, daemon=False).start()
    about = {
        "pid": os.getpid(),
        "address": environ["REMOTE_ADDR"],
        "scheme": environ["wsgi.url_scheme"],
        "forwarded": environ.get("HTTP_X_FORWARDED_FOR"),
    }
    body = json.dumps(about).encode()
    size = ("Content-Length", str(len(body)))
    start_response("200 OK", [("Content-Type", "application/json"), size])
    return [body]


def write_late(path: str) -> None:
    time.sleep(0.7)
    with open(path, "w") as file:
        file.write("done")


def refusal(status: int) -> str:
    if status == 500:
        raise RuntimeError("its refusal is broken too")
    return f"<h1>{status} 너무 큽니다</h1>"


def load_application():
    if os.environ.get("BROKEN"):
        raise RuntimeError("the application is broken")
    return application


if __name__ == "__main__":
    try:
        sockets = open_asked_sockets()
    except CannotListen as trouble:
        sys.exit(str(trouble))
    prefork.CHORE_DELAY = 0.1
    chores = [
        prefork.Chore(["sh", "-c", os.environ[name]], every)
        for name, every in (("CHORE", 24 * 3600), ("OFTEN", 0.2))
        if name in os.environ
    ]
    server = prefork.Server(
        sockets,
        load_application,
        workers=serve.worker_count(),
        chores=chores,
        grace=float(os.environ.get("GRACE", prefork.GRACE)),
        error_page=refusal,
        in_turn="IN_TURN" in os.environ,
        max_request_body_size=100_000,
        **serve.believe_proxy(os.environ.get("TRUSTED_PROXY")),
    )
    sys.exit(server.run(lambda: print(address_of(sockets), flush=True)))
