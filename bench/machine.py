"""Describes the machine of the measurement."""

import os
import platform
import re
from datetime import datetime
from pathlib import Path


def cores() -> int:
    """The CPUs that this process may use; each site gets as many workers."""
    return len(os.sched_getaffinity(0))


def about() -> str:
    return (
        f"{datetime.now().astimezone():%Y-%m-%d}, {cores()} cores ({model()}), load {os.getloadavg()[0]:.1f},"
        f" {memory_gib():.0f} GiB, Python {platform.python_version()}"
    )


def model() -> str:
    """Of the processor."""
    return _found(r"^model name\s*: (.*)", "/proc/cpuinfo") or platform.machine()


def memory_gib() -> float:
    return int(_found(r"^MemTotal:\s*(\d+)", "/proc/meminfo") or 0) / 1024**2


def _found(pattern: str, path: str) -> str:
    match = re.search(pattern, Path(path).read_text(), re.MULTILINE)
    return match[1] if match else ""
