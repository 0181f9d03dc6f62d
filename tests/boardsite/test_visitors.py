"""Visitors are distinguished for a day, and afterwards nobody can tell who they were."""

import threading
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from boardsite.models import DaySalt
from boardsite.visitors import identity
from boardsite.visitors.identity import day_salt, is_person, today, visitor_key

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def a_process_just_started():
    identity._salts.clear()
    yield
    identity._salts.clear()


def a_request(address="203.0.113.7", agent=CHROME, method="GET", member=None, **headers):
    headers = {"user-agent": agent, **{k.replace("_", "-"): v for k, v in headers.items()}}
    request = RequestFactory().generic(method, "/", REMOTE_ADDR=address, headers=headers)
    request.user = SimpleNamespace(is_authenticated=member is not None, pk=member)
    return request


# -- the number ------------------------------------------------------------------------------------
def test_the_same_guest_has_the_same_key_all_day():
    assert visitor_key(a_request()) == visitor_key(a_request())


def test_another_address_or_agent_is_another_visitor():
    keys = {
        visitor_key(a_request()),
        visitor_key(a_request(address="203.0.113.8")),
        visitor_key(a_request(agent=FIREFOX)),
    }
    assert len(keys) == 3


def test_the_next_day_the_same_guest_has_another_key():
    assert visitor_key(a_request(), MONDAY) != visitor_key(a_request(), TUESDAY)


def test_a_member_is_the_same_visitor_on_every_device():
    at_home = visitor_key(a_request(member=7))
    assert at_home == visitor_key(a_request(member=7, address="198.51.100.1", agent=FIREFOX))
    assert at_home != visitor_key(a_request(member=8))
    assert at_home != visitor_key(a_request())


def test_the_key_fits_a_signed_column():
    keys = [visitor_key(a_request(address=f"203.0.113.{n}")) for n in range(200)]
    assert all(0 <= key < 2**63 for key in keys)
    assert max(keys) > 2**60


def test_forwarded_for_is_not_trusted():
    keys = {visitor_key(a_request(x_forwarded_for=f"198.51.100.{n}")) for n in range(20)}
    assert len(keys) == 1


def test_a_customers_ipv6_addresses_are_one_visitor():
    first, second = "2001:db8:1:2::a", "2001:db8:1:2:3:4:5:6"
    assert visitor_key(a_request(first)) == visitor_key(a_request(second))
    assert visitor_key(a_request(first)) != visitor_key(a_request("2001:db8:1:3::a"))


def test_an_ipv4_address_may_be_written_as_ipv6():
    assert visitor_key(a_request("::ffff:203.0.113.7")) == visitor_key(a_request("203.0.113.7"))


@pytest.mark.parametrize("address", ["", "unix:", "not an address", "fe80::1%eth0"])
def test_an_invalid_address_is_no_error(address):
    assert visitor_key(a_request(address)) >= 0


# -- the salt --------------------------------------------------------------------------------------
def test_the_day_has_one_salt_of_32_bytes():
    salt = day_salt(MONDAY)
    assert len(salt) == 32
    assert day_salt(MONDAY) == salt
    assert bytes(DaySalt.objects.get().salt) == salt


def test_a_later_process_uses_the_same_salt():
    salt = day_salt(MONDAY)
    identity._salts.clear()
    assert day_salt(MONDAY) == salt


def test_yesterdays_salt_is_deleted():
    yesterdays = day_salt(MONDAY)
    assert day_salt(TUESDAY) != yesterdays
    assert list(DaySalt.objects.values_list("day", flat=True)) == [TUESDAY]


@pytest.mark.django_db(transaction=True)
def test_a_salt_is_read_once(django_assert_num_queries):
    day_salt(MONDAY)
    with django_assert_num_queries(0):
        day_salt(MONDAY)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_salt_is_not_cached():
    with transaction.atomic():
        lost = day_salt(MONDAY)
        transaction.set_rollback(True)
    assert day_salt(MONDAY) != lost
    assert bytes(DaySalt.objects.get().salt) == day_salt(MONDAY)


@pytest.mark.django_db(transaction=True)
def test_parallel_first_requests_get_the_same_salt(monkeypatch):
    # each is a process of its own
    monkeypatch.setattr(identity, "_remember", lambda day, salt: None)
    start = threading.Barrier(20)
    salts = []

    def ask():
        start.wait()
        try:
            salts.append(day_salt(MONDAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(salts) == 20
    assert len(set(salts)) == 1


# -- the day ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC), MONDAY),
        (datetime(2026, 11, 23, 15, 0, 0, tzinfo=UTC), TUESDAY),
        (datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC), TUESDAY),
    ],
)
def test_a_day_begins_at_midnight_in_seoul(monkeypatch, utc, day):
    monkeypatch.setattr("django.utils.timezone.now", lambda: utc)
    assert today() == day


# -- people
# ------------------------------------------------------------------------------------------
def test_a_browser_that_gets_a_page_is_a_person():
    assert is_person(a_request())


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "PUT"])
def test_only_reading_counts(method):
    assert not is_person(a_request(method=method))


@pytest.mark.parametrize("agent", ["", "curl/8.5.0", "Mozilla/5.0 (compatible; Yeti/1.1)"])
def test_a_robot_is_not_a_person(agent):
    assert not is_person(a_request(agent=agent))


def test_a_request_without_an_agent_is_not_a_person():
    assert not is_person(RequestFactory().get("/"))


@pytest.mark.parametrize(
    "header",
    [
        {"sec_purpose": "prefetch"},
        {"sec_purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x_purpose": "preview"},
        {"x_moz": "prefetch"},
    ],
)
def test_a_prefetched_page_has_not_been_read(header):
    assert not is_person(a_request(**header))
