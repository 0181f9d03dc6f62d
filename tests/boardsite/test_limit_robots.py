"""Robots: each may read a limited number of pages per minute, and people are not limited."""

import pytest
from django.test import Client

from boardsite.visitors.robots import Buckets
from tests.page import CHROME

YETI = "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
BUSY = "요청이 너무 잦습니다. 천천히 다시 와 주세요.\n"


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr("boardsite.visitors.robots.monotonic", lambda: now[0])
    return now


@pytest.fixture
def limited(settings, clock, db):
    settings.ROBOT_PAGES = 5


def ask(agent: str, address: str = "203.0.113.5", path: str = "/feed/"):
    return Client(headers={"user-agent": agent}, REMOTE_ADDR=address).get(path)


def statuses(agent: str, count: int, path: str = "/feed", **more) -> list[int]:
    return [ask(agent, path=path, **more).status_code for _ in range(count)]


def test_a_robot_waits_after_the_pages_of_a_minute(
    limited, clock, settings, django_assert_num_queries
):
    settings.ROBOT_PAGES = 120
    ask(YETI)
    assert 429 not in statuses(YETI, 119)
    with django_assert_num_queries(0):
        refused = ask(YETI)
    assert (refused.status_code, refused.content.decode()) == (429, BUSY)
    assert refused.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert refused.headers["Retry-After"] == "1"
    assert not refused.cookies
    clock[0] += 1
    assert statuses(YETI, 3, "/feed/") == [200, 200, 429]
    clock[0] += 60
    assert ask(YETI).status_code == 200


def test_other_clients_do_not_wait_for_it(limited):
    assert statuses(YETI, 6) == [301] * 5 + [429]
    assert ask(CHROME).status_code == 200  # a person with the same address
    assert ask(GOOGLEBOT).status_code == 200  # another robot
    assert ask(YETI, "203.0.113.6").status_code == 200  # the same robot from another network
    assert ask(YETI, "2001:db8:0:1::1").status_code == 200


def test_people_are_not_limited(limited):
    assert statuses(CHROME, 60) == [301] * 60


def test_one_network_counts_as_one_client(limited):
    for last in range(5):
        assert ask(YETI, f"2001:db8::{last:x}", "/feed").status_code == 301
    assert ask(YETI, "2001:db8::ffff:1").status_code == 429


def test_a_robot_with_many_addresses_is_limited_too(limited):
    addresses = [f"198.51.100.{n}" for n in range(51)]
    answers = [ask(YETI, address, "/feed").status_code for address in addresses]
    assert answers == [301] * 50 + [429]
    assert ask(GOOGLEBOT, addresses[50]).status_code == 200


@pytest.mark.parametrize(
    "path", ["/robots.txt", "/healthz", "/favicon.ico", "/static/css/board.css"]
)
def test_unlimited_requests(path, limited, settings):
    settings.ROBOT_PAGES = 1
    assert statuses(YETI, 2, "/feed/") == [200, 429]
    assert ask(YETI, path=path).status_code in (200, 302)


def test_the_operator_can_switch_it_off(limited, settings):
    assert 429 in statuses(YETI, 6)
    settings.ROBOT_PAGES = 0
    assert 429 not in statuses(YETI, 6)
    assert "Crawl-delay" not in ask(YETI, path="/robots.txt").content.decode()


@pytest.mark.parametrize(("pages", "seconds"), [(120, 1), (60, 1), (40, 2), (1, 60)])
def test_robots_txt_names_the_delay(pages, seconds, limited, settings):
    settings.ROBOT_PAGES = pages
    assert f"\nCrawl-delay: {seconds}\n" in ask(YETI, path="/robots.txt").content.decode()


def test_a_robot_that_keeps_the_delay_never_waits():
    buckets = Buckets()
    for turn in range(1000):
        assert buckets.take("robot", 7, turn * 60 / 7) == 0


def test_a_refused_request_does_not_prolong_the_wait():
    buckets = Buckets()
    assert [buckets.take("robot", 2, 0.0) for _ in range(4)] == [0, 0, 30, 30]
    assert buckets.take("robot", 2, 20.0) == 10
    assert buckets.take("robot", 2, 30.0) == 0


def test_beyond_the_maximum_the_oldest_are_forgotten():
    buckets = Buckets(most=3)
    for key in ("a", "b", "c", "a", "d"):
        buckets.take(key, 1, 0.0)
    assert len(buckets) == 3
    assert buckets.take("a", 1, 0.0) == 60  # b came before it and was removed
    assert buckets.take("b", 1, 0.0) == 0


def test_a_full_bucket_is_forgotten():
    buckets = Buckets()
    for key in ("a", "b", "c"):
        buckets.take(key, 60, 0.0)
    buckets.take("d", 60, 0.9)
    assert len(buckets) == 4
    for _ in range(2):
        buckets.take("d", 60, 1.0)
    assert len(buckets) == 1
