"""Measures the pages of filled sites under load, each beside the floor: an empty page of the same server.

    python -m bench.run --sizes 10000,1000000          # makes, fills and keeps sites under --folder
    python -m bench.run --on sqlite,postgresql --postgresql postgres://… --peers misago,spirit
    python -m bench.run --sizes 10000 --beside other.json

Guests' pages are measured twice: as the site serves them, and with its page cache off. With
--peers other forums are set up from PyPI, filled with as many posts and measured in the same run.
`other.json` names a site that runs already: {"name": "gnuboard5", "address": "http://…", "pid": 123,
"pages": {"list, page 1": ["/bbs/board.php?bo_table=large"], …}}; rows of the same names are compared.
The report goes to standard output, what is being done to standard error. Needs wrk (Debian).
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench import comments, machine, report, sites
from bench.commands import ROOT
from bench.load import Server
from bench.peers.peer import PEERS, PeerSite
from bench.report import FLOOR, Measured

READERS = 4  # connections, beside those who write


def main() -> None:
    asked = arguments()
    print(machine.about())
    print(
        f"\n{asked.seconds} s of wrk for each page, on the same cores;"
        f" {machine.cores()} workers for each site."
    )
    sizes = [int(size) for size in asked.sizes.split(",")]
    ours: dict[str, dict[int, Measured]] = {}
    for size in sizes:
        for database in asked.on.split(","):
            measured = measure_ours(asked, database, size)
            ours.setdefault(database, {})[size] = measured
            tell(report.tables(measured, measured.pages[FLOOR]))
        for peer in filter(None, asked.peers.split(",")):
            compare(ours, size, measure_peer(asked, peer, size))
    if asked.beside:
        compare(ours, sizes[-1], measure_other(asked, json.loads(asked.beside.read_text())))
    if len(sizes) > 1:
        for database, of_sizes in ours.items():
            print(f"\n{database}:")
            tell(report.growth(of_sizes))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="10000", help="posts, by commas")
    parser.add_argument("--on", default="sqlite", help="sqlite, postgresql or both, by a comma")
    parser.add_argument(
        "--postgresql",
        default=os.environ.get("DATABASE_URL", ""),
        help="any database of the server on which the run makes its own (bench_…)",
    )
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/9", help="for peers")
    parser.add_argument("--peers", default="", help=f"of {', '.join(PEERS)}, by commas")
    parser.add_argument("--peers-python", default=sys.executable, help="which Python runs peers")
    parser.add_argument("--seconds", type=int, default=5, help="of load for each page")
    parser.add_argument("--comments", type=int, default=100, help="that each writer writes")
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "bench")
    parser.add_argument("--beside", type=Path, help="a JSON file that names another site")
    asked = parser.parse_args()
    asked.folder = asked.folder.absolute()
    if ("postgresql" in asked.on or asked.peers) and not asked.postgresql:
        parser.error("--postgresql is needed")
    return asked


def measure_ours(asked: argparse.Namespace, database: str, size: int) -> Measured:
    server = asked.postgresql if database == "postgresql" else ""
    environment = sites.site(asked.folder, size, server)
    found = sites.pages_of(environment)
    measured = Measured(f"{size:,} posts, {found['about']}", queries=found["queries"])
    measured.size = found["size"]
    with sites.serving(environment) as site:
        measure_pages(site, found, measured, asked.seconds)
        measure_writing(site, found, measured, asked.comments)
        measured.memory = site.memory()
    with sites.serving(environment, **sites.ANEW) as site:
        for name, paths in found["pages"].items():
            say(f"{measured.title}, built anew: {name}")
            measured.anew[name] = site.measure(paths, seconds=asked.seconds)
    return measured


def measure_pages(
    site: Server, found: Mapping[str, dict], measured: Measured, seconds: int
) -> None:
    """What `found` names: the pages of guests, and those of members."""
    for kind, cookies in (("pages", []), ("members", found.get("cookies", []))):
        for name, paths in found.get(kind, {}).items():
            say(f"{measured.title}: {name}")
            measured.pages[name] = site.measure(paths, seconds=seconds, cookies=cookies)


def measure_writing(site: Server, found: dict, measured: Measured, each: int) -> None:
    """One writer, several at once, and several while others read."""
    posts, cookies = found["pages"]["post, any"], found["cookies"]

    def write(name: str, writers: int) -> None:
        say(f"{measured.title}: comments, {name}")
        written = comments.write(
            site.address, posts, cookies, writers=writers, each=each, name=name
        )
        measured.writings.append(written)

    site.idle_cpu_seconds()  # what wrk has asked for last is still being answered
    write("one after another", 1)
    write(f"{comments.WRITERS} at once", comments.WRITERS)
    with site.read_meanwhile(posts, READERS):
        write(f"{comments.WRITERS} at once, beside {READERS} readers", comments.WRITERS)


def measure_peer(asked: argparse.Namespace, name: str, size: int) -> Measured | None:
    """None where it could not be set up; the report says so."""
    peer = PeerSite(
        PEERS[name], size, asked.folder / "peers", asked.peers_python, asked.postgresql, asked.redis
    )
    try:
        peer.set_up()
    except subprocess.CalledProcessError as failure:
        print(f"\n{name} was not measured: {failure}")
        return None
    found = peer.pages()
    measured = Measured(
        f"{size:,} threads, {found['about']}", size=found["size"], note=found["note"]
    )
    with peer.serving(machine.cores()) as site:
        measure_pages(site, found, measured, asked.seconds)
        measured.memory = site.memory()
    return measured


def measure_other(asked: argparse.Namespace, other: dict) -> Measured:
    measured = Measured(other["name"])
    site = Server(other["address"], other.get("pid"))
    measure_pages(site, other, measured, asked.seconds)
    measured.memory = site.memory()
    return measured


def compare(ours: dict[str, dict[int, Measured]], size: int, other: Measured | None) -> None:
    if other is None:
        return
    floor = next(iter(ours.values()))[size].pages[FLOOR]
    tell(report.tables(other, floor))
    for of_sizes in ours.values():
        tell(report.against(of_sizes[size], other))


def tell(lines) -> None:
    print("\n".join(lines), flush=True)


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
