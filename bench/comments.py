"""Members who write comments through a running site, like browsers."""

import http.client
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from bench.load import AGENT

TOKEN = "b" * 32
"""The CSRF token of every client, for its cookie and its forms."""
WRITERS = 4
WARM_UP = 5
"""Comments per writer that are not counted: a new worker first compiles its SQL."""


@dataclass(frozen=True)
class Writing:
    """The response times of a number of comments, in ms."""

    name: str
    times: Sequence[float]

    @property
    def mean(self) -> float:
        return sum(self.times) / len(self.times)

    def within(self, share: float) -> float:
        """The time within which this share of the comments was answered."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))]


def write(
    address: str,
    posts: Sequence[str],
    cookies: Sequence[str],
    *,
    writers: int,
    each: int,
    name: str,
) -> Writing:
    """Writes comments from `writers` threads, `each` per thread, on `posts` in turn and as the
    members of `cookies` in turn. About 0.4 ms of each time is the cost of an empty page, including
    this client.

    Raises RuntimeError if a comment is refused.
    """
    times: list[list[float]] = [[] for _ in range(writers)]
    failures: list[Exception] = []

    def work(place: int) -> None:
        # Each writer has its own members and posts.
        own = slice(place, None, writers)
        try:
            took = list(_write(address, posts[own], cookies[own], WARM_UP + each))
            times[place] += took[WARM_UP:]
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Writing(name, [took for own in times for took in own])


@contextmanager
def writing(
    address: str, posts: Sequence[str], cookies: Sequence[str], per_second: float
) -> Iterator[None]:
    """One writer writes so many comments a second until the block is left. Raises RuntimeError as `write`
    does."""
    is_over, failures = threading.Event(), []

    def work() -> None:
        began = time.monotonic()
        try:
            for written, _took in enumerate(_write(address, posts, cookies, 1_000_000), 1):
                if is_over.wait(max(0, began + written / per_second - time.monotonic())):
                    return
        except Exception as failure:
            failures.append(failure)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
    if failures:
        raise failures[0]


def _write(
    address: str, posts: Sequence[str], cookies: Sequence[str], count: int
) -> Iterator[float]:
    netloc = urlsplit(address).netloc
    with closing(http.client.HTTPConnection(netloc, timeout=60)) as connection:
        for place in range(count):
            path = f"{posts[place % len(posts)]}comments/write/"
            headers = {
                "User-Agent": AGENT,
                "Cookie": f"{cookies[place % len(cookies)]}; csrftoken={TOKEN}",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            form = {
                "csrfmiddlewaretoken": TOKEN,
                "submission": str(uuid.uuid4()),
                "text": f"잘 읽었습니다. {uuid.uuid4()}",
            }
            began = time.perf_counter()
            connection.request("POST", path, urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
            took = (time.perf_counter() - began) * 1000
            if answer.status != 302:
                raise RuntimeError(f"{path} answers {answer.status}")
            yield took
