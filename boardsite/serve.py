"""The production server: waitress, pre-forked.

`serve_site` takes open sockets, loads the site and forks one worker a core, so that the workers share
the memory of what they have in common; connections to the database each opens by itself. Then the
parent forgets the site: it becomes `main`, which needs no Django, and a boardsite.prefork.Server that
lives on: it brings back workers that die, has the chores done at their times, and ends everything on
one SIGTERM, SIGINT or SIGHUP (0010, 0038).
"""

import gc
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from boardsite.balance import Balance
from boardsite.prefork import STOP_SIGNALS, Chore, Server

CHORES = {  # command of manage.py: seconds from one start of it to the next
    "tidy": 24 * 3600.0,
    "mail_notifications": 60.0,
    "settle_visits": 300.0,
    "collect": 300.0,
    "ping_hub": 60.0,
}
IDLE_WITHOUT = {"ping_hub": "WEBSUB_HUB"}  # chore: the setting without which it has nothing to do
A_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h
BIG_BLOCK = 1024 * 1024  # bytes


def worker_count() -> int:
    """WEB_CONCURRENCY, else one a core that this process may use."""
    asked = os.environ.get("WEB_CONCURRENCY", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_here(database: Mapping[str, Any]) -> bool:
    """Whether what answers (of DATABASES) works on the cores of this machine: a page that waits for it
    leaves nothing idle, and a second one beside it would only be in the way (boardsite.relief)."""
    if "sqlite3" in database["ENGINE"]:
        return True
    host = (database.get("OPTIONS") or {}).get("host") or database["HOST"]
    return host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")


def has_work(chore: str) -> bool:
    """Whether this site's settings leave it something to do."""
    from django.conf import settings

    return chore not in IDLE_WITHOUT or bool(getattr(settings, IDLE_WITHOUT[chore]))


def hold_little_memory() -> None:
    """Has malloc return what a picture has taken (36 MB for 12 megapixels) as soon as it is free.

    glibc would learn from the first picture to keep such blocks, in a heap of each thread. On
    systems without mallopt(3) nothing is done.
    """
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, BIG_BLOCK)
        mallopt(M_TRIM_THRESHOLD, BIG_BLOCK)


def load_site() -> Callable:
    """The site's WSGI application, with all that a worker would import, compile or read sooner or
    later, ready to be forked.

    Asks no database and no cache, and starts no thread: neither outlives a fork.
    """
    hold_little_memory()
    from django.conf import settings
    from django.contrib.auth.password_validation import get_default_password_validators
    from django.db import connections
    from django.template import engines
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils import formats, translation
    from django.utils.module_loading import import_string

    from boardsite import agents
    from boardsite.wsgi import application

    translation.activate(settings.LANGUAGE_CODE)
    get_resolver().app_dict  # noqa: B018  (imports the views and compiles each address's pattern)
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for file in sorted(folder.rglob("*.html")):
            get_template(file.relative_to(folder).as_posix())
    parts = engines["parts"].env
    for name in parts.list_templates():
        parts.get_template(name)
    for name in imported_late():
        import_string(name)
    formats.get_format("DATE_FORMAT")  # reads those of the language
    get_default_password_validators()  # reads a list of 20,000
    agents.is_robot(A_BROWSER)
    agents.describe(A_BROWSER)
    connections.close_all()  # what a command has opened before: it must not be carried over a fork
    # The collector writes into what it looks at, and so would make each worker a copy of it all.
    gc.collect()
    gc.freeze()
    return application


def imported_late() -> list[str]:
    """What each worker would import by itself: what serves, and Django's own with the first page that
    somebody asks for."""
    from django.conf import settings

    return [
        "boardsite.worker.work",
        *settings.TEMPLATES[0]["OPTIONS"]["context_processors"],
        *settings.AUTHENTICATION_BACKENDS,
        *settings.DATABASE_ROUTERS,
        *(cache["BACKEND"] for cache in settings.CACHES.values()),
        settings.MESSAGE_STORAGE,
        f"{settings.SESSION_ENGINE}.SessionStore",
        settings.SESSION_SERIALIZER,
        "django.db.models.sql.compiler.SQLCompiler",
    ]


def believe_proxy(address: str | None) -> dict:
    """Takes the visitor's address and HTTPS from the proxy at `address` ("*": any), if there is one.

    waitress removes such headers when they come from anyone else.
    """
    if not address:
        return {}
    return {
        "trusted_proxy": address,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


def refusal_page(status: int) -> str:
    """What the server itself refuses, before the site has seen it."""
    from django.template.loader import render_to_string

    return render_to_string(
        "refused.html", {"is_too_large": status == 413, "is_busy": status == 503}
    )


def site_chores() -> list[Chore]:
    """What this site's settings leave to be done, as `main` is told it."""
    from django.conf import settings
    from django.core.management import get_commands

    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    return [
        Chore([*manage, command, "--verbosity=0"], every)
        for command, every in CHORES.items()
        if settings.HOUSEKEEPING and command in get_commands() and has_work(command)
    ]


def site_server(sockets: Sequence[socket.socket], load: Callable, **asked) -> Server:
    """`asked`: `workers`, `chores`, `proxy` (believe_proxy), `in_turn`, `body_limit`, in bytes, and
    `balance`, if workers have one already."""
    return Server(
        sockets,
        load,
        workers=asked["workers"],
        chores=[Chore(command, every) for command, every in asked["chores"]],
        balance=asked.get("balance"),
        error_page=refusal_page,
        in_turn=asked["in_turn"],
        max_request_body_size=asked["body_limit"],
        **believe_proxy(asked["proxy"]),
    )


def serve_site(sockets: Sequence[socket.socket], announce: Callable[[], None]) -> None:
    """Serves this site as the settings say, until told to stop: this process becomes `main`.

    `announce` is called as soon as a signal to stop is understood, if only by and by.
    """
    from django.conf import settings
    from django.db import connection

    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # until `main` has handlers for them
    application = load_site()
    asked = {
        "workers": worker_count(),
        "chores": [[chore.command, chore.every] for chore in site_chores()],
        # One MiB for the rest of the form: the site's own refusal, a Korean sentence, comes first.
        "body_limit": settings.UPLOAD_LIMIT + 1024 * 1024,
        "proxy": settings.TRUSTED_PROXY,
        "in_turn": is_here(connection.settings_dict),
    }
    server = site_server(sockets, lambda: application, **asked)
    server.open_more_files()
    for _number in range(asked["workers"]):
        server.fork_worker()
    announce()
    sys.stdout.flush()
    sys.stderr.flush()
    for opened in sockets:
        opened.set_inheritable(True)
    os.set_inheritable(server.balance.number, True)
    asked |= {
        "sockets": [opened.fileno() for opened in sockets],
        "balance": server.balance.number,
        "born": [*server.born],
    }
    path = os.pathsep.join(filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "boardsite.serve", json.dumps(asked)]
    os.execve(sys.executable, command, {**os.environ, "PYTHONPATH": path})  # noqa: S606 (our own words)


def main() -> int:
    """The parent without the site: its workers are born already, and a new one loads it by itself."""
    asked = json.loads(sys.argv[1])
    sockets = [socket.socket(fileno=number) for number in asked.pop("sockets")]
    for opened in sockets:
        opened.set_inheritable(False)  # no chore's business
    os.set_inheritable(asked["balance"], False)
    asked["balance"] = Balance(asked["balance"])
    born = dict.fromkeys(asked.pop("born"), time.monotonic())
    server = site_server(sockets, load_site, **asked)
    server.born = born
    return server.run()


if __name__ == "__main__":
    sys.exit(main())
