"""How faults (unexpected exceptions) are logged: once in full, then one line a minute, and by a name
that the error page shows.

Used by settings.LOGGING, so it imports nothing of Django."""

import copy
import json
import logging
import re
import sys
import threading
import time
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

from boardsite.health.counters import DATABASE_FAULTS, FAULTS, counters

SITE = Path(__file__).resolve().parent.parent
OUTAGES = ("OperationalError", "InterfaceError")
"""What drivers and Django raise when a database is away; the place in the code says nothing then."""
MINUTE = 60.0
HOUR = 3600.0
"""Seconds after which a fault that still repeats is logged in full again."""
KNOWN = 500
"""The most faults that a process remembers."""


def fault_id(error: BaseException) -> str:
    """Six letters and digits that are the same whenever the same line of the site fails in the same
    way, in every process and after a restart."""
    kind = type(error).__name__
    if kind in OUTAGES:
        where = re.sub(r"[\d'\"]+", "", str(error).partition("\n")[0])
    else:
        lines = list(_lines(error.__traceback__))
        ours = [line for line in lines if not line.startswith("/")]
        where = " ".join([*ours[-1:], *lines[-1:]])
    return b32encode(sha256(f"{kind} {where}".encode()).digest()).decode()[:6]


def current_fault() -> str:
    """The id of the exception that is being handled, or ""."""
    error = sys.exc_info()[1]
    return fault_id(error) if error is not None else ""


def _lines(trace: TracebackType | None) -> Iterator[str]:
    """`file:number` from the outermost frame in. Files of the site are relative to it."""
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        is_ours = file.is_relative_to(SITE) and ".venv" not in file.parts
        yield f"{file.relative_to(SITE) if is_ours else file}:{trace.tb_lineno}"
        trace = trace.tb_next


@dataclass(slots=True)
class _Seen:
    """When a fault was last logged in full and in one line, and how often it occurred since."""

    in_full_at: float
    logged_at: float
    times: int = 0


class OncePerMinute(logging.Filter):
    """Lets the first error of each fault pass, and after that one a minute, with the number of those
    in between. Sets `fault` and `times` for the formatters; records without an exception pass as
    they are."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, _Seen] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None or record.levelno < logging.ERROR:
            return True
        record.fault = fault = fault_id(error)
        record.times = 0
        counters.add(FAULTS)
        if any(kind.__name__ == "DatabaseError" for kind in type(error).__mro__):
            counters.add(DATABASE_FAULTS)
        now = time.monotonic()
        with self._lock:
            seen = self._seen.get(fault)
            if seen is None or now - seen.in_full_at >= HOUR:
                if len(self._seen) >= KNOWN:
                    del self._seen[next(iter(self._seen))]
                self._seen[fault] = _Seen(now, now)
                return True
            seen.times += 1
            if now - seen.logged_at < MINUTE:
                return False
            record.times, seen.times, seen.logged_at = seen.times, 0, now
            return True


class LineFormatter(logging.Formatter):
    """One line, and the traceback the first time."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {marks}{message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        fault, times = getattr(record, "fault", ""), getattr(record, "times", 0)
        record.marks = f"[fault {fault}] " if fault else ""
        if times:
            record.marks = f"[fault {fault}, {times:,} times more] "
            record.exc_info = record.exc_text = None
        return super().format(record)


class JSONFormatter(logging.Formatter):
    """One JSON object a line, for programs that collect logs. `path` has no query string."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            "fault": getattr(record, "fault", ""),
            "times": getattr(record, "times", 0),
            "status": getattr(record, "status_code", 0),
        }
        request: Any = getattr(record, "request", None)
        if hasattr(request, "method") and hasattr(request, "path"):
            line |= {"method": request.method, "path": request.path}
        if record.exc_info and not line["times"]:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(
            {name: value for name, value in line.items() if value}, ensure_ascii=False, default=str
        )
