"""A server under load: wrk's figures, the processor's time, memory."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
OURS = {
    "DJANGO_SETTINGS_MODULE": "bench.settings",
    "HOUSEKEEPING": "off",
    "TRUSTED_PROXY": "127.0.0.1",  # believes what wrk says of who asks
}
# All addresses in turn, asked by 2,500 visitors: limits are for each of them.
SCRIPT = """
local paths = {%s}
local at = math.random(#paths)
request = function()
  at = at %% #paths + 1
  local visitor = math.random(2500)
  wrk.headers["X-Forwarded-For"] = string.format("203.0.%%d.%%d", math.floor(visitor / 250), visitor %% 250)
  return wrk.format("GET", paths[at])
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %%d %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Figures:
    """Of one page under load. `errors` were answers of 400 and more, or none at all."""

    per_second: float
    p50: float  # ms
    p99: float  # ms
    cpu: float  # ms of all processes of the server, a request
    errors: int


class Server:
    """A site that runs at `address`; its processes are `pid` and its children."""

    def __init__(self, address: str, pid: int | None = None, headers: Sequence[str] = ()):
        self.address, self.pid, self.headers = address.rstrip("/"), pid, headers

    def measure(self, paths: Sequence[str], *, seconds: int, connections: int = 16) -> Figures:
        """`paths` in turn for so many seconds, after a short run that is not counted."""
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(SCRIPT % ",".join(json.dumps(path) for path in paths))
            script.flush()
            self._wrk(script.name, 2, connections)
            before = self.cpu_seconds()
            found = self._wrk(script.name, seconds, connections)
            cpu = self.cpu_seconds() - before
        count, microseconds, p50, p99, refused, lost = found
        return Figures(
            per_second=count / microseconds * 1e6,
            p50=p50 / 1000,
            p99=p99 / 1000,
            cpu=cpu * 1000 / max(count, 1),
            errors=refused + lost,
        )

    def _wrk(self, script: str, seconds: int, connections: int) -> list[int]:
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--latency",
            "-s",
            script,
        ]
        for header in (f"User-Agent: {AGENT}", *self.headers):
            command += ["-H", header]
        output = subprocess.run(
            [*command, self.address], capture_output=True, text=True, check=True
        ).stdout
        return [int(each) for each in re.search(r"RESULT (.*)", output)[1].split()]

    def processes(self) -> list[int]:
        if self.pid is None:
            return []
        found = [self.pid]
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            found += map(int, children.read_text().split()) if children.exists() else []
        return found

    def cpu_seconds(self) -> float:
        total = 0
        for pid in self.processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory(self) -> float:
        """MiB of all processes, what they share counted once (PSS)."""
        kib = 0
        for pid in self.processes():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kib += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])
        return kib / 1024


@contextmanager
def serving(**environment: str):
    """The site itself by its production server, as `bench.settings` has it."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt-get install wrk")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env={**os.environ, **OURS, "HOST": "127.0.0.1", "PORT": str(port), **environment},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    server = Server(f"http://127.0.0.1:{port}", process.pid)
    try:
        _wait_for(server.address)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(address: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            requests.get(f"{address}/healthz", timeout=2)
        except requests.ConnectionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
