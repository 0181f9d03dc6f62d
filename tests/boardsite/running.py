"""The production server as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.services import heed_signals
from tests.sources import ROOT

PATIENCE = 120  # seconds; far more than anything here takes, on a busy machine too

needs_linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")


class Served:
    """A running server: its process, its address, requests to it and its output."""

    def __init__(self, *command, **environment):
        self.process = subprocess.Popen(
            [sys.executable, *(command or ("-m", "tests.boardsite.served"))],
            cwd=ROOT,
            env={**os.environ, "PORT": "0", "WEB_CONCURRENCY": "2", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed_signals,
        )
        self.url = (self.process.stdout.readline().split() or [""])[0]

    def ask(self, path="/", url=None, **headers):
        request = Request((url or self.url).rstrip("/") + path, headers=headers)
        with urlopen(request, timeout=PATIENCE) as response:
            return json.load(response)

    def ask_later(self, path):
        """Sends a request and returns the open connection without waiting for the response."""
        return self.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def begin(self, seconds, begun):
        """The open connection of a request that takes so long, when the application has it: then it
        creates the file `begun`."""
        connection = self.ask_later(f"/slow?{seconds}&{begun}")
        wait_until(begun.exists)
        return connection

    def send(self, text):
        host, port = self.url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        connection = socket.create_connection((host, int(port)), timeout=PATIENCE)
        connection.sendall(text.encode())
        return connection

    def workers(self):
        pid = self.process.pid
        return {int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    def wait_for_workers(self, count=2):
        wait_until(lambda: len(self.workers()) == count)
        return self.workers()

    def end(self, number=signal.SIGTERM):
        """Sends the signal to the parent only. Returns the exit status and stderr."""
        self.process.send_signal(number)
        return self.result()

    def result(self):
        complaints = self.process.communicate(timeout=PATIENCE)[1]
        return self.process.returncode, complaints


def wait_until(true):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
