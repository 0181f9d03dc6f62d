"""Rate limits refuse exactly what exceeds them."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from boardsite.limits.rate_limit import (
    Limit,
    TooMany,
    forget_old_windows,
    hit,
    hit_all_or_refuse,
    hit_or_refuse,
    is_first_today,
    is_used_up,
)
from boardsite.models import RateWindow
from boardsite.visitors.identity import address_key

NOON = datetime(2026, 11, 24, 3, 0, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def windows_begin_with_the_test():
    """Not here, where each test sets the clock."""


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """It is noon; `clock(seconds)` moves the clock forward."""
    now = NOON
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    def forward(seconds):
        nonlocal now
        now += timedelta(seconds=seconds)

    return forward


def test_exactly_the_limit_passes():
    assert [hit("write:1", 3, 60) for _ in range(5)] == [True, True, True, False, False]


def test_refused_hits_are_not_counted():
    for _ in range(10):
        hit("write:1", 3, 60)
    assert RateWindow.objects.get().count == 3


def test_each_key_has_its_own_count():
    assert hit("write:1", 1, 60)
    assert hit("write:2", 1, 60)
    assert not hit("write:1", 1, 60)


def test_limits_of_a_minute_and_of_an_hour_for_one_key_are_independent():
    assert [hit("write:1", 2, 60) for _ in range(3)] == [True, True, False]
    assert [hit("write:1", 3, 3600) for _ in range(4)] == [True, True, True, False]


def test_the_next_window_starts_at_zero(clock):
    assert hit("write:1", 1, 60)
    clock(59)
    assert not hit("write:1", 1, 60)
    clock(1)
    assert hit("write:1", 1, 60)


def test_a_limit_of_zero_refuses_everything():
    assert not hit("write:1", 0, 60)
    assert not RateWindow.objects.exists()


def test_a_key_too_long_for_its_column_is_an_error():
    with pytest.raises(ValueError, match="64 characters"):
        hit("x" * 65, 1, 60)
    assert hit("x" * 64, 1, 10**9)


def test_days_are_days_in_seoul(clock):
    clock(-12 * 3600)  # midnight in Seoul
    for hour in range(24):  # at 09:00 in Seoul the next day begins in UTC
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


def test_a_long_wait_is_given_in_minutes():
    assert "10분 뒤에" in TooMany(541).message


def test_past_windows_are_deleted(clock):
    hit("write:1", 1, 60)
    hit("write:1", 1, 3600)
    assert forget_old_windows() == 0
    clock(60)
    assert forget_old_windows() == 1
    assert not hit("write:1", 1, 3600)


def test_an_address_is_stored_as_a_hash():
    def key(address, agent="a"):
        return address_key(
            RequestFactory().get("/", REMOTE_ADDR=address, headers={"user-agent": agent})
        )

    assert key("203.0.113.7") == key("203.0.113.7", agent="b")
    assert key("203.0.113.7") != key("203.0.113.8")
    assert "203.0.113.7" not in key("203.0.113.7")
    assert len(key("203.0.113.7")) == 32


def key_of(address: str) -> str:
    return address_key(RequestFactory().get("/", REMOTE_ADDR=address))


def test_an_ipv4_address_has_one_key_however_it_is_written():
    """Attack case 113: a proxy may write IPv4 in IPv6."""
    assert key_of("::ffff:203.0.113.7") == key_of("203.0.113.7")
    assert key_of("::ffff:203.0.113.7") != key_of("::ffff:203.0.113.8")


@pytest.mark.parametrize(
    ("networks", "allowed"),
    [
        ([f"2001:db8:1:100::{number:x}" for number in range(9)], 2),  # one /64
        ([f"2001:db8:1:1{number:02x}::1" for number in range(14)], 2 * 4),  # of one /56
        ([f"2001:db8:1:{number:x}00::1" for number in range(1, 41)], 2 * 16),  # of one /48
        ([f"2001:db8:{number:x}::1" for number in range(1, 15)], 14),  # of 14 customers
        ([f"203.0.113.{number}" for number in range(14)], 14),
    ],
)
def test_whoever_has_many_ipv6_networks_is_still_limited(clock, networks, allowed):
    """Attack case 113: 14 networks of one /56 got 14 times the limit."""
    assert sum(hit(f"log_in:{key_of(each)}", 2, 600) for each in networks) == allowed
    is_refused = is_used_up(f"log_in:{key_of(networks[0])}", 2, 600)
    assert is_refused == (allowed < len(networks))


def test_the_key_of_an_address_changes_with_the_day(clock):
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7")
    todays = address_key(request)
    clock(24 * 3600)
    assert address_key(request) != todays


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_hits_get_exactly_the_limit():
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


class TooLate(TooMany):
    """The refusal of one of several limits."""


def test_several_limits_are_counted_by_one_statement(django_assert_num_queries):
    limits = [Limit("guest:1~2~3", 1, 60), Limit("guest:1~2~3", 9, 3_600)]
    with django_assert_num_queries(1):
        hit_all_or_refuse(limits)
    assert dict(RateWindow.objects.values_list("key", "count")) == {
        f"guest:{network}/{seconds}": 1
        for network in ("1~2~3", "1~2", "1")
        for seconds in (60, 3_600)
    }


def test_the_first_limit_that_is_used_up_refuses_all_of_them():
    def write() -> None:
        with transaction.atomic():
            hit_all_or_refuse(
                [Limit("write:1", 9, 60), Limit("day:1", 2, 90, TooLate), Limit("x", 2, 60)]
            )

    write()
    write()
    with pytest.raises(TooLate) as refusal:
        write()
    assert 0 < refusal.value.retry_after <= 90
    assert set(RateWindow.objects.values_list("count", flat=True)) == {2}


def test_a_limit_of_today_ends_at_midnight_in_the_site_s_time_zone(clock):
    def write() -> None:
        hit_all_or_refuse([Limit.of_today("posts:1", 1, TooMany)])

    write()
    with pytest.raises(TooMany) as refusal:
        write()
    assert refusal.value.retry_after == 12 * 3_600  # it is noon in Seoul
    clock(12 * 3_600)
    write()
