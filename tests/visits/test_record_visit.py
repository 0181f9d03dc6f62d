"""A visitor is counted exactly once on each day in Seoul, and no address is stored."""

import itertools
import logging
import re
from datetime import UTC, date, datetime
from functools import partial
from ipaddress import ip_address

import pytest
from django.apps import apps
from django.db import DatabaseError, OperationalError, connection, transaction

from boardsite.visitors.identity import visitor_key
from tests.boards.browsing import all_at_once
from tests.visits.conftest import CHROME
from visits import tallies
from visits.actions import visits
from visits.actions.closing import close_past_days
from visits.actions.settling import settle_day
from visits.arrivals import Arrival
from visits.models import DayCount, DayVisitor, RobotCount

pytestmark = pytest.mark.django_db

ARRIVAL = Arrival(at=datetime(2026, 11, 24, 12, tzinfo=UTC))
YETI = "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


def record_visit(*, key, day):
    return visits.record_visit(key=key, day=day, arrival=ARRIVAL)


def counted(day=TUESDAY):
    row = DayCount.objects.filter(day=day).first()
    return row.visitors if row else 0


# -- once a day ------------------------------------------------------------------------------------
def test_a_visitor_is_counted_once_a_day(visit):
    for _ in range(3):
        visit()
    assert counted() == 1


def test_two_addresses_are_two_visitors(visit):
    visit(address="203.0.113.7")
    visit(address="203.0.113.8")
    assert counted() == 2


def test_two_agents_at_one_address_are_two_visitors(visit):
    visit()
    visit(user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    assert counted() == 2


def test_forged_forwarding_headers_are_one_visitor(visit):
    for number in range(30):
        visit(x_forwarded_for=f"198.51.100.{number}")
    assert counted() == 1


def test_the_next_day_a_visitor_counts_again_under_another_key(visit, clock):
    visit()
    clock(day=25)
    visit()
    assert (counted(TUESDAY), counted(WEDNESDAY)) == (1, 1)
    assert len(set(DayVisitor.objects.values_list("key", flat=True))) == 2


def test_the_day_changes_at_midnight_in_seoul(visit, clock):
    clock(day=24, hour=8, minute=59)  # in UTC still the 23rd
    visit()
    clock(day=24, hour=9, minute=1)
    visit()
    clock(day=24, hour=23, minute=59)
    visit()
    assert (counted(MONDAY), counted(TUESDAY), counted(WEDNESDAY)) == (0, 1, 0)
    clock(day=25, hour=0, minute=0)
    visit()
    assert (counted(TUESDAY), counted(WEDNESDAY)) == (1, 1)


def test_another_process_recognises_the_visitor(visit, a_process_just_started):
    visit()
    a_process_just_started()
    visit()
    assert counted() == 1


# -- not counted -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.5.0",
        "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
        "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    ],
)
def test_a_robot_is_not_counted(visit, agent):
    visit(user_agent=agent)
    assert not DayVisitor.objects.exists()


@pytest.mark.any_database
@pytest.mark.parametrize(
    "request_of",
    [
        {"method": "HEAD"},
        {"method": "POST"},
        {"sec_purpose": "prefetch"},
        {"purpose": "prefetch"},
        {"x_moz": "prefetch"},
        {"sec_fetch_dest": "empty"},
        {"sec_fetch_dest": "image"},
        {"sec_fetch_dest": "iframe"},
        {"path": "/healthz"},
        {"path": "/robots.txt"},
        {"path": "/feed/"},
        {"path": "/files/1/"},
        {"path": "/.env"},
        {"path": "/wp-login.php"},
    ],
)
def test_other_requests_than_pages_are_not_counted(visit, request_of):
    visit(**request_of)
    assert not DayVisitor.objects.exists()


def test_a_page_opened_in_a_new_browser_is_counted(visit):
    visit(sec_fetch_dest="document")
    assert counted() == 1


# -- no address is stored --------------------------------------------------------------------------
def test_no_address_agent_or_referrer_is_stored_anywhere(visit, minji, client, caplog):
    """People, a member, a robot and a beacon; written, settled and closed; in tables and logs."""
    sent = {
        "referer": "https://search.naver.com/search.naver?where=nexearch&query=seoul&sid=s3cr3t",
        "x_forwarded_for": "198.51.100.9",
    }
    addresses = ["203.0.113.7", "203.0.113.8", "2001:db8:1:2::a"]
    with caplog.at_level(logging.DEBUG):
        for address in addresses:
            page = visit("/search/?q=s3cr3t", address=address, **sent)
            beacon = re.search(r"/visits/beacon/[^\"]+", page.content.decode()).group()
            visit(beacon, address=address, **sent)
            visit("/", address=address, user_agent=YETI, **sent)
        client.force_login(minji)
        visit(address="203.0.113.9", **sent)
        tallies.write_now()
        settle_day(TUESDAY)
        close_past_days()
    assert counted() == len(addresses) + 1
    assert RobotCount.objects.exists()
    assert set(DayVisitor.objects.values_list("page_views", "leaf_fetched")) == {
        (1, True),
        (1, False),
    }
    found = [caplog.text]
    found += [str(row) for model in apps.get_models() for row in model.objects.values_list()]
    packed = [ip_address(address).packed for address in addresses]
    for secret in [*addresses, "2001:db8", "203.0.113.9", "198.51.100.9", CHROME, "AppleWebKit"]:
        assert not [text for text in found if secret in text], secret
    for secret in ["s3cr3t", "search.naver?", "nexearch", YETI, *map(str, packed)]:
        assert not [text for text in found if secret in text], secret


# -- exactness and failures ------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_visitors_and_one_visitor_fifty_times():
    def come(number):
        return [record_visit(key=1, day=TUESDAY), record_visit(key=1000 + number, day=TUESDAY)]

    news = [*itertools.chain(*all_at_once([partial(come, number) for number in range(50)]))]
    assert len(news) == 100
    assert news.count(True) == counted() == DayVisitor.objects.count() == 51


def fail_at(number):
    """A statement wrapper: the worker dies before the statement of that number, from 0."""
    seen = itertools.count()

    def run(execute, sql, params, many, context):
        if next(seen) == number:
            raise OperationalError("the connection is lost")
        return execute(sql, params, many, context)

    return run


@pytest.mark.django_db(transaction=True)
def test_an_interruption_at_any_statement_leaves_no_trace():
    broken_off = 0
    for number in itertools.count():
        try:
            with connection.execute_wrapper(fail_at(number)):
                record_visit(key=number, day=TUESDAY)
            break
        except OperationalError:
            broken_off += 1
            assert not tallies.is_known(TUESDAY, number)
            assert counted() == DayVisitor.objects.count() == 0
    assert broken_off >= 2
    assert counted() == DayVisitor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_interruption_at_the_commit_leaves_no_trace(monkeypatch):
    def fail():
        raise OperationalError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "_commit", fail)
        with pytest.raises(OperationalError):
            record_visit(key=1, day=TUESDAY)
    assert not tallies.is_known(TUESDAY, 1)
    assert counted() == DayVisitor.objects.count() == 0
    assert record_visit(key=1, day=TUESDAY)
    assert counted() == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_that_began_before_midnight_belongs_to_its_day(visit, clock):
    """It came at 23:59:59, and another request has begun the new day meanwhile."""
    clock(day=24, hour=23, minute=59)
    first = visit().wsgi_request
    clock(day=25, hour=0)
    visit()
    assert visitor_key(first, TUESDAY) == first.visit.key
    assert not record_visit(key=visitor_key(first, TUESDAY), day=TUESDAY)
    assert (counted(TUESDAY), counted(WEDNESDAY)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_visit_can_be_counted_later():
    with transaction.atomic():
        assert record_visit(key=1, day=TUESDAY)
        transaction.set_rollback(True)
    assert counted() == 0
    assert record_visit(key=1, day=TUESDAY)
    assert counted() == 1


@pytest.mark.django_db(transaction=True)
def test_a_known_visitor_costs_no_query(django_assert_num_queries):
    record_visit(key=1, day=TUESDAY)
    with django_assert_num_queries(0):
        assert not record_visit(key=1, day=TUESDAY)


@pytest.mark.django_db(transaction=True)
def test_the_cache_of_a_process_is_bounded(monkeypatch):
    monkeypatch.setattr(tallies, "MAX_KNOWN", 10)
    for key in range(25):
        record_visit(key=key, day=TUESDAY)
    assert len(tallies._known) <= 10
    record_visit(key=1, day=WEDNESDAY)
    assert tallies._day == WEDNESDAY
    assert list(tallies._known) == [1]
    assert counted() == 25


def test_a_failing_counter_does_not_break_the_page(visit, monkeypatch, caplog):
    def fail(**kwargs):
        raise DatabaseError("database is locked")

    monkeypatch.setattr("visits.middleware.record_visit", fail)
    assert visit().status_code == 200
    assert "A visit could not be counted" in caplog.text
