"""What some tests need and a plain machine lacks: PostgreSQL, Redis, a browser.

Such tests are skipped and say why; in .ci/run, where everything is there, a skip fails.
"""

import os
import signal

import pytest
from django.db import connection


def missing(what: str, *, required_by: str) -> None:
    """Skips the running test because `what`; fails it where the variable `required_by` is set."""
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


def heed_signals():
    """Whoever runs the tests under nohup or in the background ignores these, and it is inherited."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
