"""Measures the pages of filled sites under load, compared with an empty page of the same server.

    python -m bench.run --sizes 10000,1000000          # creates, fills and keeps sites in --folder
    python -m bench.run --on sqlite,postgresql --postgresql postgres://…
    python -m bench.run --sizes 10000 --beside other.json

Guests' pages are measured twice: as the site serves them, and without its page cache. `other.json`
describes another running site: {"name": "gnuboard5", "address": "http://…", "pid": 123,
"pages": {"list, page 1": ["/bbs/board.php?bo_table=large"], …}}; rows of the same names are
compared. The report goes to standard output, progress to standard error. Needs wrk (Debian).
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bench import comments, machine, report, sites
from bench.commands import ROOT
from bench.load import Server
from bench.report import FLOOR, Measured

READERS = 4  # connections that read while others write
COMMENTS = (1, 5)  # a second, in the board whose posts are read
READ = "post, of 500"


def main() -> None:
    options = arguments()
    print(machine.about())
    print(
        f"\n{options.seconds} s of wrk for each page, on the same cores;"
        f" {machine.cores()} workers for each site."
    )
    sizes = [int(size) for size in options.sizes.split(",")]
    ours: dict[str, dict[int, Measured]] = {}
    for size in sizes:
        for database in options.on.split(","):
            measured = measure_ours(options, database, size)
            ours.setdefault(database, {})[size] = measured
            print_lines(report.tables(measured, measured.pages[FLOOR]))
    if options.beside:
        compare(ours, sizes[-1], measure_other(options, json.loads(options.beside.read_text())))
    if len(sizes) > 1:
        for database, of_sizes in ours.items():
            print(f"\n{database}:")
            print_lines(report.growth(of_sizes))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="10000", help="posts, by commas")
    parser.add_argument("--on", default="sqlite", help="sqlite, postgresql or both, by a comma")
    parser.add_argument(
        "--postgresql",
        default=os.environ.get("DATABASE_URL", ""),
        help="any database of the server on which the run makes its own (bench_…)",
    )
    parser.add_argument("--seconds", type=int, default=5, help="of load for each page")
    parser.add_argument("--comments", type=int, default=100, help="that each writer writes")
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "bench")
    parser.add_argument("--beside", type=Path, help="a JSON file that names another site")
    options = parser.parse_args()
    options.folder = options.folder.absolute()
    if "postgresql" in options.on and not options.postgresql:
        parser.error("--postgresql is needed")
    return options


def measure_ours(options: argparse.Namespace, database: str, size: int) -> Measured:
    server = options.postgresql if database == "postgresql" else ""
    environment = sites.site(options.folder, size, server)
    found = sites.pages_of(environment)
    measured = Measured(f"{size:,} posts, {found['about']}", queries=found["queries"])
    measured.size = found["size"]
    with sites.serving(environment) as site:
        measure_pages(site, found, measured, options.seconds)
        measure_beside_writer(site, found, measured, options.seconds)
        measure_writing(site, found, measured, options.comments)
        measured.memory = site.memory()
    with sites.serving(environment, **sites.UNCACHED) as site:
        for name, paths in found["pages"].items():
            log(f"{measured.title}, not cached: {name}")
            measured.uncached[name] = site.measure(paths, seconds=options.seconds)
    return measured


def measure_pages(
    site: Server, found: Mapping[str, dict], measured: Measured, seconds: int
) -> None:
    """Measures the pages in `found`: those of guests, and those of members."""
    for kind, cookies in (("pages", []), ("members", found.get("cookies", []))):
        for name, paths in found.get(kind, {}).items():
            log(f"{measured.title}: {name}")
            measured.pages[name] = site.measure(paths, seconds=seconds, cookies=cookies)


def measure_beside_writer(site: Server, found: dict, measured: Measured, seconds: int) -> None:
    """Measures cached posts while others of their board get comments."""
    paths, cookies = found["pages"][READ], found["cookies"]
    for rate in COMMENTS:
        name = f"{READ}, {rate} comment{'s' * (rate > 1)}/s"
        log(f"{measured.title}: {name}")
        with comments.writing(site.address, paths, cookies, rate):
            measured.pages[name] = site.measure(paths, seconds=seconds)


def measure_writing(site: Server, found: dict, measured: Measured, each: int) -> None:
    """Measures one writer, several at once, and several while others read."""
    posts, cookies = found["pages"]["post, any"], found["cookies"]

    def write(name: str, writers: int) -> None:
        log(f"{measured.title}: comments, {name}")
        written = comments.write(
            site.address, posts, cookies, writers=writers, each=each, name=name
        )
        measured.writings.append(written)

    site.idle_cpu_seconds()  # requests of wrk that are still running
    write("one after another", 1)
    write(f"{comments.WRITERS} at once", comments.WRITERS)
    with site.read_meanwhile(posts, READERS):
        write(f"{comments.WRITERS} at once, beside {READERS} readers", comments.WRITERS)


def measure_other(options: argparse.Namespace, other: dict) -> Measured:
    measured = Measured(other["name"])
    site = Server(other["address"], other.get("pid"))
    measure_pages(site, other, measured, options.seconds)
    measured.memory = site.memory()
    return measured


def compare(ours: dict[str, dict[int, Measured]], size: int, other: Measured) -> None:
    floor = next(iter(ours.values()))[size].pages[FLOOR]
    print_lines(report.tables(other, floor))
    for of_sizes in ours.values():
        print_lines(report.against(of_sizes[size], other))


def print_lines(lines) -> None:
    print("\n".join(lines), flush=True)


def log(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
