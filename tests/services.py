"""Services that some tests need: PostgreSQL, Redis, MariaDB (tests/importer/servers.py), a browser.

Without them such tests are skipped with a reason; .ci/run has all of them, and there a skip fails.
"""

import os
import random
import signal
import socket

import pytest
from django.db import connection


def missing(what: str, *, required_by: str) -> None:
    """Skips the running test because `what` is missing; fails it if the variable `required_by` is
    set."""
    if os.environ.get(required_by):
        pytest.fail(f"{what} ({required_by} is set)", pytrace=False)
    pytest.skip(what)


def pytest_runtest_setup(item):
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("says something about PostgreSQL: run with DATABASE_URL=postgres://…")


@pytest.fixture(scope="session")
def redis_url():
    """The address of a Redis whose last database may be emptied."""
    import redis

    url = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/15")
    try:
        redis.Redis.from_url(url, socket_timeout=2).ping()
    except redis.RedisError:
        missing(f"no Redis answers at {url}", required_by="REQUIRE_SERVICES")
    return url


def free_port() -> int:
    """A port of 127.0.0.1 for a server that starts later. It is below the range from which the system
    takes ports for connections and for port 0, so that nobody else gets it meanwhile."""
    while True:
        port = random.randrange(10_000, 32_000)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue


def heed_signals():
    """Restores the default signal handlers: tests started by nohup or in the background inherit
    ignored signals."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
