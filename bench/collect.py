"""Measures the collector: minutes, memory, statements and requests for many articles.

    python -m bench.collect                              # on SQLite
    DATABASE_URL=postgres://… python -m bench.collect    # on a temporary database

A server in a separate process plays the papers, each at its own address of this machine
(127.0.0.N): feeds with whole articles, generated from a fixed seed. The first round collects
everything, the second finds nothing new. Both run through `manage.py collect`, with the guard
opened for that server.
"""

import argparse
import multiprocessing
import os
import platform
import random
import resource
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from urllib.request import urlopen

import django
from django.conf import settings

from bench import visits

SYLLABLES = (
    "가나다라마바사아자차카타파하고노도로모보소오조초구누두루무부수우주추강남동산선신정한국인"
)
PARAGRAPHS, WORDS = 5, 60  # of an article: some 1,100 characters


def words_of(chance: random.Random, count: int, vocabulary: list[str]) -> str:
    return " ".join(chance.choices(vocabulary, k=count))


def feed(number: int, articles: int) -> bytes:
    """The feed of paper `number`, newest articles first."""
    chance = random.Random(number)
    vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(3_000)]
    now = datetime.now(UTC)
    items = []
    for index in range(articles):
        address = f"http://paper-{number}.example/news/{index}"
        body = "".join(
            f"<p>“{words_of(chance, WORDS, vocabulary)}” &amp; {index}.</p>"
            for _ in range(PARAGRAPHS)
        )
        at = format_datetime(now - timedelta(minutes=index))
        items.append(
            f"<item><title>{words_of(chance, 6, vocabulary)}</title><link>{address}</link>"
            f"<guid>{address}</guid><pubDate>{at}</pubDate><description>{escape(body)}"
            "</description></item>"
        )
    text = (
        f'<rss version="2.0"><channel><title>신문 {number}</title>{"".join(items)}</channel></rss>'
    )
    return text.encode()


class Papers(BaseHTTPRequestHandler):
    """`/N` is the feed of paper N; `/asked` counts the requests since its last call."""

    protocol_version = "HTTP/1.1"
    feeds: dict[str, bytes] = {}
    asked: Counter = Counter()
    lock = threading.Lock()

    def do_GET(self) -> None:
        if self.path == "/asked":
            with self.lock:
                body = "\n".join(f"{n} {what}" for what, n in sorted(self.asked.items())).encode()
                self.asked.clear()
            self._answer(200, body)
        elif (body := self.feeds.get(self.path)) is None:
            self._note("robots.txt" if self.path == "/robots.txt" else "others")
            self._answer(404)
        elif self.headers.get("If-None-Match") == '"1"':
            self._note("feeds, 304")
            self._answer(304)
        else:
            self._note("feeds, 200")
            self._answer(200, body, 'ETag: "1"')

    def _note(self, what: str) -> None:
        with self.lock:
            self.asked[what] += 1

    def _answer(self, status: int, body: bytes = b"", header: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if header:
            self.send_header(*header.split(": "))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def log_message(self, *args) -> None:
        pass


def serve_papers(sources: int, articles: int, sender: Connection) -> None:
    """Body of a process: sends its port when it is ready, and serves until it is killed."""
    Papers.feeds = {f"/{number}": feed(number, articles) for number in range(sources)}
    server = ThreadingHTTPServer(("", 0), Papers)
    sender.send(server.server_port)
    server.serve_forever()


def asked(port: int) -> dict[str, int]:
    """The requests since the last call."""
    with urlopen(f"http://127.0.0.1:{port}/asked", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {what: int(n) for n, _, what in (line.partition(" ") for line in lines)}


def open_guard(port: int) -> None:
    """Allows the collector to connect to this machine, at `port` only."""
    from collector.fetching import guard

    strict = guard.policy

    def policy():
        open_policy = strict()
        open_policy.add_allowed_addresses(["127.0.0.0/8"])
        return open_policy

    guard.policy, guard.is_ours, guard.PORTS = policy, lambda host: False, {port}


def count_statements() -> list[int]:
    """Counts the statements of all threads from now on."""
    from django.db.backends.signals import connection_created

    seen, lock = [0], threading.Lock()

    def count(execute, sql, params, many, context):
        with lock:
            seen[0] += 1
        return execute(sql, params, many, context)

    def watch(connection, **_kwargs) -> None:
        if count not in connection.execute_wrappers:
            connection.execute_wrappers.append(count)

    connection_created.connect(watch, weak=False)
    return seen


def make_sources(sources: int, articles: int, port: int) -> None:
    from accounts.models import Member
    from boards.models import Board, BoardGroup
    from collector.models import Source

    group = BoardGroup.objects.create(slug="news", name="소식")
    boards = [
        Board.objects.create(group=group, slug=f"news-{number}", name=f"소식 {number}")
        for number in range(min(10, sources))
    ]
    robot = Member.objects.create_user(
        "gatherer", "gatherer@example.com", None, nickname="수집기", is_robot=True
    )
    Source.objects.bulk_create(
        Source(
            name=f"신문 {number}",
            address=f"http://127.0.0.{number + 1}:{port}/{number}",
            board=boards[number % len(boards)],
            member=robot,
            is_on=True,
            shows=Source.Shows.FULL,
            first_posts=articles,
            hourly_limit=articles,
        )
        for number in range(sources)
    )


def memory() -> float:
    """The maximum memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(name: str, port: int, statements: list[int], jobs: int) -> str:
    """Runs one round; returns a row of the table."""
    from django.core.management import call_command
    from django.utils import timezone

    from boards.models import Post
    from collector.models import Source

    Source.objects.update(next_at=timezone.now())
    before, posts = statements[0], Post.objects.count()
    asked(port)
    began, cpu = time.perf_counter(), time.process_time()
    call_command("collect", verbosity=0, jobs=jobs)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    posts = Post.objects.count() - posts
    requests = ", ".join(f"{n:,} {what}" for what, n in asked(port).items())
    return (
        f"| {name} | {posts:,} | {took / 60:.2f} | {cpu / 60:.2f} | {memory():.0f} |"
        f" {statements[0] - before:,} | {requests} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=int, default=100, help="at most 250")
    parser.add_argument("--articles", type=int, default=100, help="of each source")
    parser.add_argument("--jobs", type=int, default=4)
    options = parser.parse_args()
    here, there = multiprocessing.get_context("fork").Pipe()
    papers = multiprocessing.get_context("fork").Process(
        target=serve_papers, args=(options.sources, options.articles, there), daemon=True
    )
    papers.start()
    port = here.recv()
    with tempfile.TemporaryDirectory(prefix="boardsite-bench-") as folder:
        visits.set_up(folder)
        settings.MEDIA_ROOT = os.path.join(folder, "media")
        from django.db import connection

        name = settings.DATABASES["default"]["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            make_sources(options.sources, options.articles, port)
            open_guard(port)
            statements = count_statements()
            connection.close()  # so that the next connection is counted
            print(
                f"Python {platform.python_version()}, Django {django.get_version()},"
                f" {connection.vendor} {'.'.join(map(str, connection.get_database_version()))},"
                f" {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f};"
                f" {options.sources} sources, {options.jobs} at once; {memory():.0f} MiB to begin with\n"
            )
            print("| round | posts | minutes | of CPU | most memory, MiB | statements | requests |")
            print("|---|---|---|---|---|---|---|")
            for round_name in ("all is new", "nothing is new"):
                print(measure(round_name, port, statements, options.jobs), flush=True)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
            papers.terminate()


if __name__ == "__main__":
    main()
