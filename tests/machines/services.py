"""A site on several machines, as processes of this one: PostgreSQL with a replica, Redis, an S3
storage, two web hosts, nginx. Each can be killed."""

import contextlib
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.services import free_port, heed_signals, missing
from tests.sources import ROOT

PATIENCE = 120  # timeout in seconds for starting; far more than needed on an idle machine
KEYS = {"aws_access_key_id": "tester", "aws_secret_access_key": "only-for-tests"}


def eventually(holds: Callable[[], object], *, seconds: float = PATIENCE):
    """Waits until `holds` returns a true value and returns it; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := holds()):
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.1)
    return answer


def in_memory() -> str | None:
    """A folder in memory, if there is one with room for two clusters: twice as fast."""
    memory = Path("/dev/shm")  # noqa: S108 (only a folder of our own is made in it)
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 2**30
    return str(memory) if has_room else None


def answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def program(name: str) -> str:
    """The path of an installed program; without it the test is skipped, or fails in CI."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: int(at.parent.name))
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin", *map(str, reversed(places))])
    found = shutil.which(name, path=path)
    if not found:
        missing(f"no {name} here", required_by="REQUIRE_SERVICES")
    return found


class Machines:
    """Starts the services in a temporary folder; all end with the `with` block."""

    def __init__(self) -> None:
        self.stack = ExitStack()

    def __enter__(self) -> "Machines":
        self.folder = Path(
            self.stack.enter_context(
                tempfile.TemporaryDirectory(
                    prefix="machines-", dir=in_memory(), ignore_cleanup_errors=True
                )
            )
        )
        self.folder.chmod(0o755)  # PostgreSQL runs as another user
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8", errors="replace")

    def start(
        self, name: str, *command: str | Path, port: int, end: int = signal.SIGKILL, **options
    ) -> subprocess.Popen:
        """Starts a program that logs to `name`.log, and waits until it listens on `port`."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=heed_signals,
                **options,
            )
        self.stack.callback(stop, process, end)
        eventually(lambda: answers(port) or process.poll() is not None)
        assert process.poll() is None, self.log(name)
        return process

    # -- PostgreSQL --------------------------------------------------------------------------------
    def postgres(self) -> "Cluster":
        """A new cluster without settings for durability, which tests do not need."""
        place = self.folder / "primary"
        own(place)
        as_postgres(
            program("initdb"), "--pgdata", place, "--username=boardsite", "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--locale=C.UTF-8", "--wal-segsize=1",
        )  # fmt: skip
        return self._cluster("primary", place)

    def replica_of(self, primary: "Cluster") -> "Cluster":
        place = self.folder / "replica"
        own(place)
        as_postgres(
            program("pg_basebackup"), "--pgdata", place, "--host=127.0.0.1", f"--port={primary.port}",
            "--username=boardsite", "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
        )  # fmt: skip
        return self._cluster("replica", place)

    def _cluster(self, name: str, place: Path) -> "Cluster":
        port = free_port()
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": place,
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "max_connections": "30",
            "dynamic_shared_memory_type": "mmap",  # deleted with the folder, however it ends
            "wal_retrieve_retry_interval": "200ms",
        }
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        process = self.start(
            name, program("postgres"), "-D", place, *words, port=port, end=signal.SIGQUIT, **user()
        )
        cluster = Cluster(port, process)
        eventually(cluster.is_ready)  # it accepts connections before it is ready
        return cluster

    # -- the others --------------------------------------------------------------------------------
    def redis(self) -> tuple[str, subprocess.Popen]:
        port = free_port()
        words = f"--port {port} --bind 127.0.0.1 --appendonly no".split()
        redis = program("redis-server")
        process = self.start("redis", redis, *words, "--save", "", port=port, cwd=self.folder)
        return f"redis://127.0.0.1:{port}/0", process

    def storage(self, bucket: str) -> tuple[str, object]:
        """Returns the address, and a boto3 client that has created the bucket."""
        import boto3
        from moto.server import ThreadedMotoServer

        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server.start()
        self.stack.callback(server.stop)
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **KEYS)
        client.create_bucket(Bucket=bucket)
        return address, client

    def web_host(self, name: str, environment: dict[str, str]) -> "WebHost":
        port = free_port()
        (self.folder / name).mkdir(exist_ok=True)
        process = self.start(
            name, sys.executable, "-m", "tests.boards.served", port=port, cwd=ROOT,
            env={**environment, "PORT": str(port), "DATA_DIR": str(self.folder / name)},
        )  # fmt: skip
        return WebHost(name, port, process)

    def nginx(self, *hosts: "WebHost") -> int:
        """Starts nginx with the configuration of deploy/, for two hosts and without TLS; returns
        its port."""
        port = free_port()
        upstream = (ROOT / "deploy/upstream.conf").read_text("utf-8")
        for host, example in zip(hosts, ("10.0.0.11:8000", "10.0.0.12:8000"), strict=True):
            upstream = upstream.replace(example, f"127.0.0.1:{host.port}")
        example = (ROOT / "deploy/nginx.conf").read_text("utf-8")
        zone = next(line for line in example.splitlines() if line.startswith("limit_conn_zone"))
        server = f"{zone}\nserver {{" + example.split("\nserver {")[2]
        server = re.sub(r"(listen|http2|ssl_\w+) [^;]*;", "", server)
        server = server.replace("server_name", f"listen 127.0.0.1:{port};\nserver_name")
        server = server.replace("http://127.0.0.1:8000", "http://boardsite")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        whole = self.folder / "nginx.conf"
        whole.write_text(
            f"daemon off; pid {self.folder}/nginx.pid; error_log stderr; events {{}}"
            f" http {{ access_log off; {places}\n{upstream}\n{server} }}",
            "utf-8",
        )
        command = [program("nginx"), "-p", self.folder, "-c", whole]
        self.start("nginx", *command, port=port, end=signal.SIGTERM)
        return port


class Cluster:
    """A running PostgreSQL."""

    def __init__(self, port: int, process: subprocess.Popen):
        self.port, self.process = port, process
        self.url = f"postgres://boardsite@127.0.0.1:{port}/boardsite"

    def ask(self, statement: str, database: str = "boardsite") -> list[tuple]:
        """The rows that the statement returns, if any."""
        address = f"host=127.0.0.1 port={self.port} user=boardsite dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def is_ready(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            return bool(self.ask("SELECT 1", database="postgres"))
        return False


class WebHost:
    """One of our web servers."""

    def __init__(self, name: str, port: int, process: subprocess.Popen):
        self.name, self.port, self.process = name, port, process
        self.address = f"http://127.0.0.1:{port}"


def kill(process: subprocess.Popen) -> None:
    """Kills a process and its children at once, like a power failure."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(process: subprocess.Popen, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    process.wait()


def user() -> dict:
    """The user for PostgreSQL, which refuses to run as root."""
    return (
        {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    )


def own(place: Path) -> None:
    place.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(place, "postgres", "postgres")


def as_postgres(*command: str | Path) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd="/", **user()
    )
    assert done.returncode == 0, done.stderr
