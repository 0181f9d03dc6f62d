"""What a process does again and again beside its requests, in one thread, and once more at its end."""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

Deed = Callable[[], None]

_lock = threading.Lock()
_added = threading.Event()
_deeds: dict[Deed, float] = {}  # seconds from one time to the next
_process: int | None = None  # whose thread does them


def repeat(deed: Deed, *, every: float) -> None:
    """Has `deed` done every so many seconds from now on, in this process; to be called whenever there
    is something for it to do. What it raises is logged, and it is done again the next time.

    When the process ends, `finish` does it a last time.
    """
    global _process
    if deed in _deeds and _process == os.getpid():
        return
    with _lock:
        if _process != os.getpid():  # also after a fork: the child has no thread yet
            _process = os.getpid()
            _deeds.clear()
            threading.Thread(target=_go_on, name="background", daemon=True).start()
            atexit.register(finish)  # for servers other than ours, which does not come to it
        _deeds[deed] = every
    _added.set()


def finish() -> None:
    """For the end of a process: does all that it repeats, once more."""
    if _process == os.getpid():
        for deed in list(_deeds):
            _do(deed)


def _go_on() -> None:
    from django.db import close_old_connections  # the parent of the workers stays without Django

    due: dict[Deed, float] = {}
    while True:
        now = time.monotonic()
        for deed, every in list(_deeds.items()):
            if due.setdefault(deed, now + every) <= now:
                due[deed] = now + every
                _do(deed)
        close_old_connections()  # one that broke; outside of requests nobody else does so
        _added.wait(max(0.0, min(due.values(), default=60.0) - time.monotonic()))
        _added.clear()


def _do(deed: Deed) -> None:
    try:
        deed()
    except Exception:
        logger.exception("%s failed", getattr(deed, "__qualname__", deed))
