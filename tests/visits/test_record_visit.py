"""A visitor is counted once on each day in Seoul, exactly, and leaves no address behind."""

import logging
import threading
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from visits import tallies
from visits.actions import visits
from visits.arrivals import Arrival
from visits.models import DayCount, DayVisitor

pytestmark = pytest.mark.django_db

ARRIVAL = Arrival(at=datetime(2026, 11, 24, 12, tzinfo=UTC))
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


def test_made_up_forwarding_is_one_visitor(visit):
    for number in range(30):
        visit(x_forwarded_for=f"198.51.100.{number}")
    assert counted() == 1


def test_the_next_day_he_counts_again_under_another_key(visit, clock):
    visit()
    clock(day=25)
    visit()
    assert (counted(TUESDAY), counted(WEDNESDAY)) == (1, 1)
    assert len(set(DayVisitor.objects.values_list("key", flat=True))) == 2


def test_the_day_turns_at_midnight_in_seoul(visit, clock):
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


def test_another_process_knows_him(visit, a_process_just_started):
    visit()
    a_process_just_started()
    visit()
    assert counted() == 1


# -- who and what is not counted -------------------------------------------------------------------
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
def test_what_is_not_a_page_that_somebody_opens_is_not_counted(visit, request_of):
    visit(**request_of)
    assert not DayVisitor.objects.exists()


def test_a_page_opened_in_a_new_browser_is_counted(visit):
    visit(sec_fetch_dest="document")
    assert counted() == 1


# -- nothing is left of the address ----------------------------------------------------------------
def test_no_address_is_stored_anywhere(visit, caplog):
    with caplog.at_level(logging.DEBUG):
        visit(address="203.0.113.7")
    assert counted() == 1
    for model in apps.get_models():
        if model._meta.app_label in {"visits", "boardsite"}:
            for row in model.objects.values_list():
                for value in row:
                    assert "203.0.113.7" not in str(value)
                    assert bytes([203, 0, 113, 7]) != value
    assert "203.0.113.7" not in caplog.text


# -- exactness and failures ------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_fifty_visitors_and_one_fifty_times_at_once():
    start = threading.Barrier(50)
    news = []

    def come(number):
        start.wait()
        try:
            news.append(record_visit(key=1, day=TUESDAY))
            news.append(record_visit(key=1000 + number, day=TUESDAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=[number]) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(news) == 100
    assert news.count(True) == counted() == DayVisitor.objects.count() == 51


@pytest.mark.django_db(transaction=True)
def test_a_visit_that_was_rolled_back_can_be_counted_later():
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
def test_what_a_process_remembers_is_bounded(monkeypatch):
    monkeypatch.setattr(tallies, "MAX_KNOWN", 10)
    for key in range(25):
        record_visit(key=key, day=TUESDAY)
    assert len(tallies._known) <= 10
    record_visit(key=1, day=WEDNESDAY)
    assert tallies._day == WEDNESDAY
    assert list(tallies._known) == [1]
    assert counted() == 25


def test_a_broken_counter_does_not_take_the_page_down(visit, monkeypatch, caplog):
    def fail(**kwargs):
        raise DatabaseError("database is locked")

    monkeypatch.setattr("visits.middleware.record_visit", fail)
    assert visit().status_code == 200
    assert "A visit could not be counted" in caplog.text
