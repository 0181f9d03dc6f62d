"""Measures the pages of a filled site under load, each beside the floor: an empty page of the same server.

    python -m bench.run --sizes 10000,1000000          # makes, fills and keeps sites under --folder
    python -m bench.run --sizes 10000 --beside other.json

`other.json` names another site that runs already: {"name": "gnuboard5", "address": "http://…", "pid":
123, "pages": {"list": ["/bbs/board.php?bo_table=large"], …}}; its pages are measured in the same run.
Needs wrk (Debian). With DATABASE_URL=postgres://… the sites are databases of their own there.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from bench.load import ROOT, Figures, Server, serving

HEAD = "| page | requests/s | × the floor | p50 ms | p99 ms | CPU ms | × the floor | queries | errors |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="10000", help="posts, by commas")
    parser.add_argument("--seconds", type=int, default=5, help="of load for each page")
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "bench")
    parser.add_argument("--beside", type=Path, help="a JSON file that names another site")
    asked = parser.parse_args()
    for size in map(int, asked.sizes.split(",")):
        environment = site(asked.folder, size)
        pages = json.loads(python("bench.pages", environment))
        print(f"\n## {size:,} posts, {pages['about']}\n")
        with serving(**environment) as server:
            measure(server, pages["pages"], asked.seconds, pages["queries"])
    if asked.beside:
        other = json.loads(asked.beside.read_text())
        print(f"\n## {other['name']}\n")
        server = Server(other["address"], other.get("pid"))
        measure(server, other["pages"], asked.seconds, {})


def site(folder: Path, size: int) -> dict[str, str]:
    """The environment of a site with so many posts, which is made and filled if it is not there."""
    server = os.environ.get("DATABASE_URL", "")
    folder = folder / (f"{size}-postgresql" if server else str(size))
    environment = {
        "DATA_DIR": str(folder),
        "SECRET_KEY": "only-to-measure-" + "x" * 40,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "PYTHONHASHSEED": "0",
    }
    if server:
        environment["DATABASE_URL"] = database_of(server, size)
    if not (folder / "filled").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for command in (["migrate", "-v0"], ["createcachetable", "--database", "cache"]):
            run([sys.executable, "manage.py", *command], environment)
        run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], environment)
        run([sys.executable, "-m", "bench.fill", "--posts", str(size)], environment)
        (folder / "filled").touch()
    return environment


def database_of(server: str, size: int) -> str:
    """The address of the database for that size on a PostgreSQL server, which is made when it is not
    there."""
    import psycopg
    from psycopg import sql

    name = f"bench_{size}"
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def measure(
    server: Server, pages: dict[str, Sequence[str]], seconds: int, queries: dict[str, int]
) -> None:
    print(HEAD)
    print("|---|---|---|---|---|---|---|---|---|")
    floor: Figures | None = None
    for name, paths in pages.items():
        found = server.measure(paths, seconds=seconds)
        floor = floor or found
        print("|", " | ".join(cells(name, found, floor, queries.get(name, ""))), "|", flush=True)
    if server.pid:
        print(f"\nMemory of all its processes: {server.memory():.0f} MiB.")


def cells(name: str, found: Figures, floor: Figures, queries: int | str) -> Iterator[str]:
    yield name
    yield f"{found.per_second:,.0f}"
    yield f"{found.per_second / floor.per_second:.2f}"
    yield f"{found.p50:.1f}"
    yield f"{found.p99:.1f}"
    yield f"{found.cpu:.2f}"
    yield f"{found.cpu / floor.cpu:.1f}" if floor.cpu else ""
    yield str(queries)
    yield str(found.errors)


def python(module: str, environment: dict[str, str]) -> str:
    return run([sys.executable, "-m", module], environment, stdout=subprocess.PIPE)


def run(command: list[str], environment: dict[str, str], **options) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=True, text=True, **options
    )
    return done.stdout


if __name__ == "__main__":
    main()
