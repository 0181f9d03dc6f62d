"""Loads this site and serves it as the settings say."""

import gc
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from boardsite.databases.sqlite3.files import begin_process, when_replaced
from boardsite.server.gateway import Gateway
from boardsite.server.processes import STOP_SIGNALS, Server
from boardsite.server.timetable import Keeper, site_chores

A_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # constants of glibc's malloc.h
BIG_BLOCK = 1024 * 1024  # bytes
RESERVE = 3
"""Threads of a worker that help while the regular ones are held up."""


def worker_count() -> int:
    """WEB_CONCURRENCY, or the number of CPU cores that this process may use."""
    asked = os.environ.get("WEB_CONCURRENCY", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_here(database: Mapping[str, Any]) -> bool:
    """Whether the database server (an entry of DATABASES) runs on this machine. A page that waits
    for it then leaves no core idle, so a second page at the same time would only be in the way."""
    if "sqlite3" in database["ENGINE"]:
        return True
    host = (database.get("OPTIONS") or {}).get("host") or database["HOST"]
    return host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")


def hold_little_memory() -> None:
    """Makes malloc return the memory of a picture (36 MB for 12 megapixels) as soon as it is freed.

    By default glibc keeps such blocks in a heap per thread after the first picture. Does nothing on
    systems without mallopt(3)."""
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, BIG_BLOCK)
        mallopt(M_TRIM_THRESHOLD, BIG_BLOCK)


def load_site() -> Callable:
    """The site's WSGI application, ready to be forked, with everything loaded that a worker would
    otherwise import, compile or read later.

    It uses neither a database nor a cache and starts no thread, because none of them survives a
    fork."""
    hold_little_memory()
    from django.conf import settings
    from django.contrib.auth.password_validation import get_default_password_validators
    from django.db import connections
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils import formats, translation
    from django.utils.module_loading import import_string

    from boardsite.visitors import user_agents
    from boardsite.wsgi import application

    translation.activate(settings.LANGUAGE_CODE)
    get_resolver().app_dict  # noqa: B018  (imports the views and compiles each address's pattern)
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for file in sorted([*folder.rglob("*.jinja"), *folder.rglob("*.html")]):
            get_template(file.relative_to(folder).as_posix())
    for name in imported_late():
        import_string(name)
    formats.get_format("DATE_FORMAT")  # reads the formats of the language
    get_default_password_validators()  # reads a list of 20,000 passwords
    user_agents.is_robot(A_BROWSER)
    user_agents.describe(A_BROWSER)
    # connections that a command opened before must not be shared across a fork
    connections.close_all()
    # The garbage collector writes into the objects that it visits, which would give each worker its
    # own copy of their memory.
    gc.collect()
    gc.freeze()
    return application


def imported_late() -> list[str]:
    """Modules that each worker would otherwise import by itself, for serving or with its first
    page."""
    from django.conf import settings

    return [
        *settings.TEMPLATES[0]["OPTIONS"]["context_processors"],
        *settings.AUTHENTICATION_BACKENDS,
        *settings.DATABASE_ROUTERS,
        *(cache["BACKEND"] for cache in settings.CACHES.values()),
        settings.MESSAGE_STORAGE,
        f"{settings.SESSION_ENGINE}.SessionStore",
        settings.SESSION_SERIALIZER,
        "django.db.models.sql.compiler.SQLCompiler",
    ]


def refusal_page(status: int) -> str:
    """The page of refusals that never reach the site."""
    from django.template.loader import render_to_string

    return render_to_string("refused.jinja", {"status": status})


def stop_this_process() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def serve_site(opened: Sequence[socket.socket], announce: Callable[[], None]) -> int:
    """Serves this site, with a worker for each socket, until told to stop. Returns the exit status.

    `announce` is called as soon as stop signals are handled."""
    from django.conf import settings
    from django.db import connection

    # until the server has installed its handlers
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    application = load_site()
    regular = 1 if is_here(connection.settings_dict) else 2

    def load() -> Gateway:
        # Its caches hold what was in the former database: a new worker takes over.
        begin_process()
        when_replaced.append(stop_this_process)
        return Gateway(
            application,
            server=opened[0].getsockname()[:2],
            # One MiB more, so that the site's own refusal, a Korean sentence, comes first.
            body_limit=settings.UPLOAD_LIMIT + 1024 * 1024,
            error_page=refusal_page,
            proxy=settings.TRUSTED_PROXY,
            regular=regular,
            reserve=RESERVE,
        )

    chores = site_chores()
    path = os.pathsep.join(filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")]))
    keeper = Keeper(chores, path=path) if chores else None
    return Server(opened, load, chores=keeper, announce=announce).run()
