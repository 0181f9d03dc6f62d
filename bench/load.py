"""Measures a server under load: the figures of wrk, CPU time, memory."""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from bench.commands import ROOT

TICKS = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 16
WARM_UP = 2  # seconds of a run that is not counted,
WARM_UPS = 5  # at most this many runs,
FASTER = 1.1  # while each is faster than the one before by this factor
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
# Requests all URLs in turn, starting with a random one, as 2,500 anonymous visitors or as members:
# rate limits apply to each of them.
SCRIPT = """
local function lines(name)
  local all = {}
  for line in io.lines(name) do all[#all + 1] = line end
  return all
end
local paths, cookies = lines("paths"), lines("cookies")
math.randomseed(%d)
local at = math.random(#paths)
request = function()
  at = at %% #paths + 1
  if #cookies > 0 then
    wrk.headers["Cookie"] = cookies[math.random(#cookies)]
  end
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
    """Figures of one page under load. `errors` counts statuses of 400 and more, and missing
    responses."""

    per_second: float
    p50: float  # ms
    p99: float  # ms
    cpu: float  # ms of all server processes per request; 0 if unknown
    errors: int


class Server:
    """A site that runs at `address`, with the process `pid` and its children."""

    def __init__(self, address: str, pid: int | None = None):
        self.address, self.pid = address.rstrip("/"), pid

    def measure(
        self, paths: Sequence[str], *, seconds: int, cookies: Sequence[str] = ()
    ) -> Figures:
        """Requests `paths` in turn for `seconds`, after warm-up runs until they get no faster.
        Requests are made by the members of `cookies` in turn, or by guests.

        Raises RuntimeError if a path does not return a page.
        """
        self._look(paths, cookies)
        with self._script(paths, cookies) as folder:
            self._warm_up(folder)
            before = self.idle_cpu_seconds()
            found = self._wrk(folder, seconds)
            cpu = self.cpu_seconds() - before
        count, microseconds, p50, p99, refused, lost = found
        return Figures(
            per_second=count / microseconds * 1e6,
            p50=p50 / 1000,
            p99=p99 / 1000,
            cpu=cpu * 1000 / max(count, 1),
            errors=refused + lost,
        )

    def _warm_up(self, folder: Path) -> None:
        """It takes two workers five seconds to cache five hundred posts."""
        rate = 0.0
        for _time in range(WARM_UPS):
            count, microseconds, *_rest = self._wrk(folder, WARM_UP)
            before, rate = rate, count / microseconds
            if rate < before * FASTER:
                return

    def _look(self, paths: Sequence[str], cookies: Sequence[str]) -> None:
        """Checks the pages first, because wrk would count a redirect to the log-in as a page."""
        headers = {"User-Agent": AGENT} | ({"Cookie": cookies[0]} if cookies else {})
        for path in {paths[0], paths[len(paths) // 2], paths[-1]}:
            answer = requests.get(
                self.address + path, headers=headers, timeout=120, allow_redirects=False
            )
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answers {answer.status_code}")

    @contextmanager
    def _script(self, paths: Sequence[str], cookies: Sequence[str]) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="boardsite-bench-") as name:
            folder = Path(name)
            (folder / "paths").write_text("".join(f"{path}\n" for path in paths))
            (folder / "cookies").write_text("".join(f"{cookie}\n" for cookie in cookies))
            yield folder

    def _wrk(self, folder: Path, seconds: int, connections: int = CONNECTIONS) -> list[int]:
        # Each run starts elsewhere, so that it does not find the pages of the last run in a cache.
        (folder / "load.lua").write_text(SCRIPT % random.randrange(2**31))
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--latency",
            "--timeout",
            "60s",
        ]
        command += ["-s", "load.lua", "-H", f"User-Agent: {AGENT}", self.address]
        output = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True
        ).stdout
        return [int(each) for each in re.search(r"RESULT (.*)", output)[1].split()]

    @contextmanager
    def read_meanwhile(self, paths: Sequence[str], connections: int) -> Iterator[None]:
        """`connections` guests read `paths` until the block is left."""
        with self._script(paths, ()) as folder:
            (folder / "load.lua").write_text(SCRIPT % random.randrange(2**31))
            command = ["wrk", "-t1", f"-c{connections}", "-d3600s", "-s", "load.lua"]
            command += ["-H", f"User-Agent: {AGENT}", self.address]
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
            try:
                yield
            finally:
                process.kill()
                process.wait()

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

    def idle_cpu_seconds(self) -> float:
        """CPU seconds after the server has finished requests that wrk no longer waits for."""
        until, before = time.monotonic() + 30, -1.0
        while (now := self.cpu_seconds()) != before and time.monotonic() < until:
            before = now
            time.sleep(0.1)
        return now

    def memory(self) -> float:
        """MiB of all processes, with shared memory counted once (PSS)."""
        kib = 0
        for pid in self.processes():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kib += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])
        return kib / 1024


@contextmanager
def serving(
    command: Callable[[int], Sequence[str]], environment: Mapping[str, str]
) -> Iterator[Server]:
    """What `command` of a free port starts, while the block runs. HOST and PORT say it as well."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt-get install wrk")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command(port),
        cwd=ROOT,
        env={**os.environ, **environment, "HOST": "127.0.0.1", "PORT": str(port)},
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
    until = time.monotonic() + 60
    while True:
        try:
            requests.get(f"{address}/healthz", timeout=5)
        except (requests.ConnectionError, requests.Timeout):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
