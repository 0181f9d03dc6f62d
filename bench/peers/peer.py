"""One peer: its environment, its site of a size, its server."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import postgresql
from bench.commands import ROOT, output_of, run
from bench.load import serving


@dataclass(frozen=True)
class Peer:
    """`packages` are what pip installs for it; the modules of bench.peers.<name> do the rest."""

    name: str
    packages: Sequence[str]
    commands: Sequence[Sequence[str]]
    """Of its Django, which make its tables and files."""
    project: str = ""
    """The program of its own that makes a project, which its settings build on."""


PEERS = {
    "misago": Peer("misago", ["misago==0.39.6"], [["migrate"], ["collectstatic", "--noinput"]]),
    "spirit": Peer(
        "spirit",
        ["django-spirit==0.14.3", "psycopg[binary]==3.2.*"],
        [["migrate"], ["createcachetable"], ["collectstatic", "--noinput"]],
        project="spirit startproject forum",
    ),
}
SERVER = ["gunicorn==23.*"]
"""Both peers' guides put a pre-forking WSGI server behind a proxy; as many workers and threads as ours."""


@dataclass(frozen=True)
class PeerSite:
    """A peer with so many posts under `folder`, on a PostgreSQL server and a Redis of the machine."""

    peer: Peer
    posts: int
    folder: Path
    python: str
    postgresql: str
    redis: str

    def set_up(self) -> None:
        """Environment, tables and posts; what is there already stays."""
        self._install()
        if (self.data / "filled").exists():
            return
        self.data.mkdir(parents=True, exist_ok=True)
        postgresql.make_anew(self.postgresql, self._database)
        for command in self.peer.commands:
            run([self._program("python"), "-m", "django", *command, "-v0"], self.environment)
        self._module("fill")
        (self.data / "filled").touch()

    def pages(self) -> dict:
        return json.loads(self._module("pages"))

    def serving(self, workers: int):
        """A context in which it runs."""
        return serving(
            lambda port: [
                self._program("gunicorn"),
                "bench.peers.wsgi",
                f"--workers={workers}",
                "--threads=2",
                f"--bind=127.0.0.1:{port}",
                "--log-level=error",
            ],
            self.environment,
        )

    @property
    def data(self) -> Path:
        return self.home / str(self.posts)

    @property
    def home(self) -> Path:
        return self.folder / self.peer.name

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": f"bench.peers.{self.peer.name}.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(self.home / "project" / "forum")]),
            "PYTHONHASHSEED": "0",
            "PEER_FOLDER": str(self.data),
            "PEER_POSTS": str(self.posts),
            "PEER_DATABASE": postgresql.address_of(self.postgresql, self._database),
            "PEER_REDIS": self.redis,
        }

    @property
    def _database(self) -> str:
        return f"bench_{self.peer.name}_{self.posts}"

    def _install(self) -> None:
        if (self.home / "installed").exists():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        run([self.python, "-m", "venv", "--clear", str(self.home / "venv")])
        run([self._program("pip"), "install", "-q", *self.peer.packages, *SERVER])
        if self.peer.project:
            self._start_project()
        (self.home / "installed").touch()

    def _start_project(self) -> None:
        program, *arguments = self.peer.project.split()
        folder = self.home / "project"
        folder.mkdir(exist_ok=True)
        path = os.pathsep.join([str(self.home / "venv" / "bin"), os.environ.get("PATH", "")])
        subprocess.run(
            [self._program(program), *arguments],
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdout=sys.stderr,
            check=True,
        )

    def _program(self, name: str) -> str:
        return str(self.home / "venv" / "bin" / name)

    def _module(self, name: str) -> str:
        module = f"bench.peers.{self.peer.name}.{name}"
        return output_of([self._program("python"), "-m", module], self.environment)
