import re
from datetime import UTC, datetime

import pytest

from boardsite.caching.ttl_cache import TTLCache
from boardsite.visitors import identity
from visits import tallies

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)


@pytest.fixture(autouse=True)
def a_process_just_started():
    def forget():
        identity._salts.clear()
        TTLCache.forget_all()
        tallies.forget()

    forget()
    yield forget
    forget()


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """It is noon of 24 November 2026 in Seoul; `clock(day, hour, minute)` sets another time of that
    month there."""
    now = datetime(2026, 11, 24, 12, tzinfo=identity.timezone.get_default_timezone())
    monkeypatch.setattr("django.utils.timezone.now", lambda: now.astimezone(UTC))

    def set_clock(day, hour=12, minute=0):
        nonlocal now
        now = now.replace(day=day, hour=hour, minute=minute)

    return set_clock


@pytest.fixture
def visit(client):
    """Opens a page like a browser with an address; returns the response."""

    def open_page(path="/", address="203.0.113.7", method="GET", **headers):
        headers = {"user-agent": CHROME, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return client.generic(method, path, REMOTE_ADDR=address, headers=headers)

    return open_page


@pytest.fixture
def fetch_beacon(visit):
    """Fetches the beacon that `page` shows beside 접속자집계, as its browser does."""

    def fetch(page, **headers):
        beacon = re.search(r'src="(/visits/beacon/[^"]+)"', page.text)
        assert beacon, "the page has no beacon"
        picture = visit(beacon[1], sec_fetch_dest="image", **headers)
        assert picture.status_code == 200

    return fetch


@pytest.fixture
def browse(visit, fetch_beacon):
    """Like `visit`, and fetches the page's beacon: a person with a browser."""

    def open_page(path="/", **headers):
        page = visit(path, **headers)
        fetch_beacon(page, **headers)
        return page

    return open_page
