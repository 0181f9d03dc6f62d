"""Who does something too often is stopped, exactly at the limit."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory

from boardsite.models import RateWindow
from boardsite.ratelimit import TooMany, forget_old_windows, hit, hit_or_refuse, is_first_today
from boardsite.visitors import address_key

NOON = datetime(2026, 11, 24, 3, 0, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """It is noon; `clock(seconds)` moves the hands forward."""
    now = NOON
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    def forward(seconds):
        nonlocal now
        now += timedelta(seconds=seconds)

    return forward


def test_the_first_so_many_pass_and_no_more():
    assert [hit("write:1", 3, 60) for _ in range(5)] == [True, True, True, False, False]


def test_refused_hits_are_not_counted():
    for _ in range(10):
        hit("write:1", 3, 60)
    assert RateWindow.objects.get().count == 3


def test_each_key_has_its_own_count():
    assert hit("write:1", 1, 60)
    assert hit("write:2", 1, 60)
    assert not hit("write:1", 1, 60)


def test_a_minutes_and_an_hours_limit_of_one_key_do_not_mix():
    assert [hit("write:1", 2, 60) for _ in range(3)] == [True, True, False]
    assert [hit("write:1", 3, 3600) for _ in range(4)] == [True, True, True, False]


def test_the_next_window_begins_anew(clock):
    assert hit("write:1", 1, 60)
    clock(59)
    assert not hit("write:1", 1, 60)
    clock(1)
    assert hit("write:1", 1, 60)


def test_a_limit_of_nothing_lets_nothing_through():
    assert not hit("write:1", 0, 60)
    assert not RateWindow.objects.exists()


def test_a_key_too_long_for_its_column_is_a_mistake():
    with pytest.raises(ValueError, match="64 characters"):
        hit("x" * 65, 1, 60)
    assert hit("x" * 64, 1, 10**9)


def test_a_day_is_one_of_seoul(clock):
    clock(-12 * 3600)  # midnight of Seoul
    for hour in range(24):  # at 09:00 it is another day in Greenwich
        assert is_first_today("download:1") is (hour == 0), hour
        clock(3600)
    assert is_first_today("download:1")
    assert not is_first_today("download:1")
    assert forget_old_windows() == 1  # yesterday's


def test_the_refusal_says_how_long_to_wait(clock):
    hit_or_refuse("write:1", limit=1, seconds=60)
    clock(20)
    with pytest.raises(TooMany) as refusal:
        hit_or_refuse("write:1", limit=1, seconds=60)
    assert refusal.value.retry_after == 40
    assert str(refusal.value) == "요청이 너무 잦습니다. 40초 뒤에 다시 시도해 주세요."


def test_a_long_wait_is_told_in_minutes():
    assert "10분 뒤에" in TooMany(541).message


def test_windows_that_are_over_are_forgotten(clock):
    hit("write:1", 1, 60)
    hit("write:1", 1, 3600)
    assert forget_old_windows() == 0
    clock(60)
    assert forget_old_windows() == 1
    assert not hit("write:1", 1, 3600)


def test_an_address_is_kept_as_a_hash():
    def key(address, agent="a"):
        return address_key(
            RequestFactory().get("/", REMOTE_ADDR=address, headers={"user-agent": agent})
        )

    assert key("203.0.113.7") == key("203.0.113.7", agent="b")
    assert key("203.0.113.7") != key("203.0.113.8")
    assert "203.0.113.7" not in key("203.0.113.7")
    assert len(key("203.0.113.7")) == 32


def test_an_address_has_another_key_the_next_day(clock):
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")
    todays = address_key(request)
    clock(24 * 3600)
    assert address_key(request) != todays


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_exactly_what_the_limit_allows():
    passed = []
    start = threading.Barrier(50)

    def try_once():
        start.wait()
        try:
            passed.append(hit("write:1", 20, 60))
        finally:
            connection.close()

    threads = [threading.Thread(target=try_once) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 50
    assert passed.count(True) == 20
