"""Measures the visitor counter: CPU time and database statements of one request.

    python -m bench.visits                              # on SQLite
    DATABASE_URL=postgres://… python -m bench.visits    # on a temporary database

The page is an empty view behind the site's middleware, called in this process, so that nothing but
the request is measured. The floor is the same without the counter.
"""

import argparse
import gc
import io
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import django
from django.conf import settings

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
YETI = "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"
COUNTER = "visits.middleware.CountVisits"
PAGE = "/bench/"


def empty_page(request):
    from django.http import HttpResponse

    return HttpResponse("<p>글</p>")


@dataclass
class Case:
    """`requests` returns new requests (WSGI environments) for each round."""

    name: str
    handler: Callable
    requests: Callable[[int], list[dict]]
    milliseconds: float = float("inf")  # CPU per request in the best round
    statements: float = 0.0  # per request

    def run(self, count: int) -> None:
        """Runs one round."""
        environments = self.requests(count)
        gc.collect()  # garbage of the previous case
        before = time.process_time()
        for environment in environments:
            answer(self.handler, environment)
        spent = (time.process_time() - before) * 1000 / count
        self.milliseconds = min(self.milliseconds, spent)


def answer(handler: Callable, environment: dict) -> None:
    """Reads the whole response and closes it, like a server."""
    statuses = []
    response = handler(environment, lambda status, headers: statuses.append(status))
    for _part in response:
        pass
    response.close()
    if not statuses[0].startswith("200"):
        raise RuntimeError(statuses[0])


def request(path: str = PAGE, agent: str = CHROME, address: str = "203.0.113.7") -> dict:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": address,
        "HTTP_HOST": "localhost",
        "HTTP_USER_AGENT": agent,
        "HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": "ko-KR,ko;q=0.9",
        "HTTP_REFERER": "https://search.naver.com/search.naver?query=seoul",
        "HTTP_SEC_FETCH_DEST": "document",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def set_up(folder: str) -> None:
    """The settings of the site with a temporary database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boardsite.settings")
    os.environ.setdefault("SECRET_KEY", "only-to-measure-" + "x" * 40)
    os.environ.setdefault("CACHE_URL", "locmemcache://")
    os.environ["DATA_DIR"] = folder
    os.environ["VISITS_WRITE_SECONDS"] = "0"  # no thread: its work is measured separately
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"] = {"NAME": os.path.join(folder, "bench.sqlite3")}
    else:
        database["TEST"] = {"NAME": f"bench_visits_{os.getpid()}"}
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    django.setup()

    from django.urls import path

    from boardsite import urls

    urls.urlpatterns.insert(0, path(PAGE.strip("/") + "/", empty_page))


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    from django.db import connection

    seen: list[str] = []

    def count(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield seen


def cases() -> list[Case]:
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import reverse

    from boardsite.visitors.identity import today
    from visits.beacon import beacon_name

    with_counter = WSGIHandler()
    place = settings.MIDDLEWARE.index(COUNTER)
    settings.MIDDLEWARE.remove(COUNTER)
    without = WSGIHandler()
    settings.MIDDLEWARE.insert(place, COUNTER)
    numbers = iter(range(1 << 24))
    beacon = reverse("show_beacon", args=[beacon_name(today(), 0x9F3C)])

    def new_visitors(count: int) -> list[dict]:
        return [request(address=f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}") for n in _next(count)]

    def _next(count: int) -> list[int]:
        return [next(numbers) for _ in range(count)]

    return [
        Case("floor: VISITS=off", without, lambda count: [request() for _ in range(count)]),
        Case("known visitor", with_counter, lambda count: [request() for _ in range(count)]),
        Case("robot", with_counter, lambda count: [request(agent=YETI) for _ in range(count)]),
        Case("beacon", with_counter, lambda count: [request(beacon) for _ in range(count)]),
        Case("new visitor", with_counter, new_visitors),
    ]


def measure(all_cases: list[Case], *, count: int, rounds: int) -> None:
    """Runs the cases in turn, so that a busy moment of the machine does not spoil a single one."""
    from visits import tallies

    for case in all_cases:
        case.run(20)  # loads modules, settings, the day's salt and the visitor
    for case in all_cases:
        with counted_statements() as seen:
            case.run(20)
        case.statements = len(seen) / 20
        case.milliseconds = float("inf")
    for _ in range(rounds):
        for case in all_cases:
            case.run(count)
            tallies.take()


def measure_writing(visitors: int) -> tuple[float, int]:
    """Milliseconds and statements of one write for `visitors` with one page each.

    On SQLite new visitors wait for so long.
    """
    from django.db import connection

    from boardsite.visitors.identity import now_here
    from visits import tallies
    from visits.actions.tallies import write_tallies
    from visits.models import DayVisitor

    keys = DayVisitor.objects.order_by("?").values_list("day", "key")[:visitors]
    found = list(keys)
    times, statements = [], 0
    for _ in range(5):
        for day, key in found:
            tallies.note_page(day, key, now_here(), path=PAGE, member=None, leaf_offered=True)
        taken = tallies.take()
        connection.ensure_connection()
        with counted_statements() as seen:
            began = time.perf_counter()
            write_tallies(taken)
            times.append((time.perf_counter() - began) * 1000)
        statements = len(seen)
    return min(times), statements


def table(all_cases: list[Case]) -> str:
    floor = all_cases[0].milliseconds
    lines = ["| request | CPU, ms | above the floor, ms | × the floor | statements |"]
    lines.append("|---|---|---|---|---|")
    lines += [
        f"| {case.name} | {case.milliseconds:.3f} | {case.milliseconds - floor:+.3f} |"
        f" {case.milliseconds / floor:.2f} | {case.statements:g} |"
        for case in all_cases
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500, help="requests of a round")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="boardsite-bench-") as folder:
        set_up(folder)
        from django.db import connection

        name = settings.DATABASES["default"]["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            measured = cases()
            measure(measured, count=asked.count, rounds=asked.rounds)
            print(
                f"Python {platform.python_version()}, Django {django.get_version()},"
                f" {connection.vendor} {'.'.join(map(str, connection.get_database_version()))},"
                f" {os.cpu_count()} cores; best of {asked.rounds} rounds of {asked.count}\n"
            )
            print(table(measured))
            spent, statements = measure_writing(1_000)
            print(
                f"\nWriting the page views of 1,000 visitors: {spent:.0f} ms in one transaction"
                f" ({statements} statements)"
            )
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
