"""Tallies are written some seconds later: page views by hour, haste, the beacon, pauses."""

from datetime import date
from types import SimpleNamespace

import pytest

from boardsite.visitors.identity import today
from visits import tallies
from visits.actions.tallies import write_tallies
from visits.models import DayVisitor, Presence, VisitorHour

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)

pytestmark = pytest.mark.django_db


def seen():
    tallies.write_now()
    return DayVisitor.objects.get()


def hours(day=TUESDAY):
    rows = VisitorHour.objects.filter(visitor__day=day)
    return dict(rows.order_by("hour").values_list("hour", "page_views"))


# -- page views ------------------------------------------------------------------------------------
def test_page_views_are_counted_by_hour(visit, clock):
    visit()
    visit()
    clock(day=24, hour=13, minute=5)
    visit()
    assert seen().page_views == 3
    assert hours() == {12: 2, 13: 1}


def test_nothing_is_written_before_the_next_write(visit, clock):
    visit()
    assert DayVisitor.objects.get().page_views == 0
    assert seen().page_views == 1
    tallies.write_now()
    assert seen().page_views == 1


def test_writes_add_up(visit, clock):
    visit()
    tallies.write_now()
    clock(day=24, minute=1)
    visit()
    assert seen().page_views == 2
    assert hours() == {12: 2}


def test_writes_of_two_workers_add_up(visit, clock):
    visit()
    of_one = tallies.take()
    tallies.forget()  # the other worker has not seen the visitor
    clock(day=24, minute=3)
    visit()
    visit()
    of_other = tallies.take()
    write_tallies(of_other)
    write_tallies(of_one)  # later, although it is older
    row = DayVisitor.objects.get()
    assert (row.page_views, row.visits, hours()) == (3, 1, {12: 3})
    assert row.last_at.minute == 3


@pytest.mark.parametrize(
    ("path", "status"),
    [("/free/99/", 404), ("/accounts/email/", 302), ("/feed/", 200), ("/healthz", 200)],
)
def test_a_response_that_is_no_page_is_no_page_view(visit, board, path, status):
    assert visit(path).status_code == status
    tallies.write_now()
    assert not DayVisitor.objects.filter(page_views__gt=0).exists()
    assert not VisitorHour.objects.exists()


def test_a_failing_page_is_no_page_view(visit, client, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    client.raise_request_exception = False
    monkeypatch.setattr("boards.views.boards.render", fail)
    assert visit().status_code == 500
    row = seen()
    assert (row.page_views, row.leaf_offered) == (0, False)


def test_a_page_rendered_over_midnight_belongs_to_its_visit(visit, clock, monkeypatch):
    from django.shortcuts import render

    clock(day=24, hour=23, minute=59)

    def render_slowly(*args, **kwargs):
        clock(day=25, hour=0, minute=0)
        return render(*args, **kwargs)

    monkeypatch.setattr("boards.views.boards.render", render_slowly)
    assert visit().status_code == 200
    row = seen()
    assert (today(), row.day, row.page_views) == (WEDNESDAY, TUESDAY, 1)
    assert hours() == {23: 1}


def test_a_robot_is_not_a_visitor(visit):
    visit(user_agent="Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)")
    tallies.write_now()
    assert not DayVisitor.objects.exists()


# -- returning -------------------------------------------------------------------------------------
def test_a_return_after_half_an_hour_is_a_second_visit(visit, clock):
    visit()
    assert seen().visits == 1
    clock(day=24, minute=30)
    visit()
    assert seen().visits == 1  # not more than half an hour
    clock(day=24, hour=13, minute=1)
    visit()
    visit()
    assert seen().visits == 2
    clock(day=24, hour=13, minute=10)
    visit()
    assert seen().visits == 2


def test_a_return_that_both_workers_see_counts_once(visit, clock):
    visit()
    tallies.write_now()
    clock(day=24, minute=40)
    visit()
    of_one = tallies.take()
    clock(day=24, minute=41)
    visit()
    write_tallies(tallies.take())
    write_tallies(of_one)
    assert DayVisitor.objects.get().visits == 2


def test_pauses_count_without_a_write_in_between(visit, clock):
    """The database was unavailable for long."""
    for hour in (12, 13, 15):
        clock(day=24, hour=hour)
        visit()
    assert seen().visits == 3


def test_a_beacon_alone_is_no_visit(visit, fetch_beacon, clock):
    page = visit()
    tallies.write_now()
    clock(day=24, hour=14)
    fetch_beacon(page)
    row = seen()
    assert (row.visits, row.page_views, row.last_at.hour) == (1, 1, 3)  # noon in Seoul


def test_a_beacon_written_before_its_page_hides_no_pause(visit, fetch_beacon, clock):
    visit()
    tallies.write_now()
    clock(day=24, hour=13)
    page = visit()
    of_one = tallies.take()
    fetch_beacon(page)
    write_tallies(tallies.take())
    write_tallies(of_one)
    row = DayVisitor.objects.get()
    assert (row.visits, row.leaf_fetched) == (2, True)


# -- the beacon ------------------------------------------------------------------------------------
def test_the_beacon_is_offered_and_fetched(visit, browse):
    visit()
    row = seen()
    assert (row.leaf_offered, row.leaf_fetched) == (True, False)
    browse()
    row = seen()
    assert (row.leaf_offered, row.leaf_fetched) == (True, True)
    visit()
    assert seen().leaf_fetched


def test_the_beacon_of_another_visitor_is_ignored(visit, browse):
    visit(address="203.0.113.7")
    browse(address="203.0.113.8")
    tallies.write_now()
    assert sorted(DayVisitor.objects.values_list("leaf_fetched", flat=True)) == [False, True]


# -- haste -----------------------------------------------------------------------------------------
@pytest.fixture
def watch(monkeypatch):
    """`watch(seconds)` moves the tallies' clock forward."""
    now = 600_000.0

    def later(seconds):
        nonlocal now
        now += seconds

    monkeypatch.setattr(tallies, "time", SimpleNamespace(monotonic=lambda: now))
    return later


@pytest.mark.django_db(transaction=True)
def test_pages_turned_within_half_a_second_are_hasty(visit, watch):
    for seconds in (0, 0.4, 0.4, 0.6, 30, 0.1):
        watch(seconds)
        visit()
    row = seen()
    assert (row.page_views, row.hasty) == (6, 3)


@pytest.mark.django_db(transaction=True)
def test_the_busiest_minute_is_kept(visit, watch):
    for pages in (3, 5, 2):
        for _ in range(pages):
            visit()
        watch(60)
    row = seen()
    assert (row.page_views, row.busiest) == (10, 5)
    visit()
    assert seen().busiest == 5


# -- presence --------------------------------------------------------------------------------------
def test_a_visitor_is_at_their_last_page(visit, board, clock):
    visit()
    visit("/free/")
    tallies.write_now()
    assert list(Presence.objects.values_list("path", "member", "robot")) == [("/free/", None, "")]
