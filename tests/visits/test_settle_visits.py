"""manage.py settle_visits: every five minutes, and after the machine was off for a week."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command, get_commands
from django.db import DatabaseError
from django.utils import timezone

from boardsite.models import OneRow
from boardsite.server.timetable import CHORES
from tests.boards.browsing import all_at_once
from visits import repair, tallies
from visits.actions import closing, judging
from visits.actions.tallies import write_tallies
from visits.actions.visits import record_visit
from visits.arrivals import Arrival
from visits.models import (
    DayCount,
    DaySum,
    DayVisitor,
    HourCount,
    Presence,
    VisitorHour,
    VisitSettings,
)
from visits.queries import visit_counts

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)

pytestmark = pytest.mark.django_db


@pytest.fixture
def settle(capsys):
    """Runs the command and returns its output."""

    def run(*options):
        tallies.write_now()
        call_command("settle_visits", *options)
        assert repair.recount(repairs=False) == []
        return capsys.readouterr().out

    return run


def keep(days):
    VisitSettings.objects.update_or_create(pk=1, defaults={"keep_days": days})
    OneRow.forget()


def address(number):
    return f"198.51.100.{number}"


def keys(day=TUESDAY):
    return DayVisitor.objects.filter(day=day).exclude(key=None).count()


def test_the_server_runs_it_every_five_minutes():
    assert CHORES["settle_visits"] == 300
    assert get_commands()["settle_visits"] == "visits"


def test_an_empty_site_has_nothing_to_settle(settle):
    assert "0일치를 집계했습니다." in settle()
    assert not DayCount.objects.exists()


def test_it_prints_its_results(settle, browse, visit, clock):
    browse(address=address(1))
    visit(address=address(2))
    clock(day=24, minute=20)
    assert settle() == (
        "1일치를 집계했습니다. 판정이 바뀐 접속 1건, 번호를 지운 접속 0건,"
        " 30일이 지나 지운 기록 0건.\n"
    )
    assert settle("--verbosity=0") == ""


def test_today_is_settled_in_each_run(settle, browse):
    browse(address=address(1))
    settle()
    assert DayCount.objects.get().page_views == 1
    browse(address=address(1))
    settle()
    assert DayCount.objects.get().page_views == 2


def test_yesterday_is_settled_until_everything_is_written(settle, browse, clock):
    clock(day=24, hour=23, minute=55)
    browse()
    settle()
    browse()
    pending = tallies.take()
    clock(day=25, hour=0, minute=5)
    settle()
    assert DayCount.objects.get(day=TUESDAY).page_views == 1

    write_tallies(pending)  # late, because the database was unavailable
    clock(day=25, hour=0, minute=10)
    settle()
    day = DayCount.objects.get(day=TUESDAY)
    assert day.page_views == 2
    clock(day=25, hour=0, minute=15)
    settle()
    day.refresh_from_db()
    assert day.settled_at == timezone.now() - timedelta(minutes=5)  # it is final


def test_programs_of_yesterday_evening_are_recognised(settle, visit, browse, clock):
    clock(day=24, hour=23, minute=55)
    visit(address=address(1))
    clock(day=24, hour=23, minute=59)
    visit(address=address(2))  # whose browser may fetch the beacon on the next day
    clock(day=25, hour=0, minute=20)
    settle()
    day = DayCount.objects.get(day=TUESDAY)
    assert (day.visitors, day.suspicious) == (1, 1)
    assert visit_counts().yesterday == 1


# -- keys ------------------------------------------------------------------------------------------
def test_keys_are_removed_when_the_day_is_over_and_written(settle, browse, clock):
    browse(address=address(1))
    browse(address=address(2))
    clock(day=24, hour=23, minute=59)
    settle()
    assert keys() == 2
    clock(day=25, hour=0, minute=9)
    settle()
    assert keys() == 2
    clock(day=25, hour=0, minute=10)
    browse(address=address(1))
    assert "번호를 지운 접속 2건" in settle()
    assert (keys(), keys(WEDNESDAY)) == (0, 1)
    assert DayCount.objects.get(day=TUESDAY).visitors == 2


def test_keys_are_removed_even_if_the_day_cannot_be_settled(browse, clock, monkeypatch):
    browse()
    clock(day=25)

    def fail(day):
        raise DatabaseError("disk full")

    monkeypatch.setattr("visits.management.commands.settle_visits.settle_day", fail)
    with pytest.raises(DatabaseError):
        call_command("settle_visits")
    assert keys() == 0


def test_a_day_without_keys_can_still_be_judged_again(settle, browse, clock, monkeypatch):
    browse()
    clock(day=25)
    settle()
    DayVisitor.objects.update(busiest=90)
    monkeypatch.setattr("visits.rules.PAGES_A_MINUTE", 50)
    assert "바뀐 접속 0건" in settle()  # new rules alone do not change the past
    assert "바뀐 접속 1건" in settle("--again=5")
    assert DayCount.objects.get(day=TUESDAY).suspicious == 1


# -- rows ------------------------------------------------------------------------------------------
def test_rows_are_deleted_after_the_kept_days_and_sums_stay(settle, browse, visit, clock):
    keep(3)
    browse(address=address(1))
    visit(address=address(2))
    clock(day=25)
    browse(address=address(1))
    settle()
    before = DayCount.objects.values().get(day=TUESDAY)
    assert (before["visitors"], before["suspicious"], before["page_views"]) == (1, 1, 1)
    clock(day=27)
    settle()
    assert DayVisitor.objects.filter(day=TUESDAY).count() == 2  # three days before
    clock(day=28)
    assert "3일이 지나 지운 기록 2건" in settle()
    assert set(DayVisitor.objects.values_list("day", flat=True)) == {WEDNESDAY}
    assert VisitorHour.objects.count() == 1
    for _ in range(2):
        settle("--again=30")
    after = DayCount.objects.values().get(day=TUESDAY)
    assert after == {**before, "is_closed": True}
    assert HourCount.objects.get(day=TUESDAY).new == 1
    assert DaySum.objects.filter(day=TUESDAY).exists()
    assert visit_counts().total == 2


def test_rows_are_deleted_in_batches(settle, browse, clock, monkeypatch):
    keep(1)
    monkeypatch.setattr(closing, "BATCH", 2)
    for number in range(5):
        browse(address=address(number))
    settle()
    clock(day=27)
    assert "지운 기록 5건" in settle()
    assert not DayVisitor.objects.exists()
    assert DayCount.objects.get().visitors == 5


def test_an_interrupted_deletion_is_continued(settle, browse, clock, monkeypatch):
    keep(1)
    for number in range(5):
        browse(address=address(number))
    settle()
    clock(day=27)
    delete, calls = closing._delete_batch, []

    def fail_at_the_second(*args):
        calls.append(args)
        if len(calls) == 2:
            raise DatabaseError("disk full")
        return delete(*args)

    with monkeypatch.context() as patch:
        patch.setattr(closing, "BATCH", 2)
        patch.setattr(closing, "_delete_batch", fail_at_the_second)
        with pytest.raises(DatabaseError):
            call_command("settle_visits")
    assert DayVisitor.objects.count() == 3
    keep(30)  # the owner keeps them for longer again, but the day is incomplete
    assert "바뀐 접속 0건" in settle("--again=30")
    assert DayCount.objects.get().visitors == 5
    keep(1)
    assert "지운 기록 3건" in settle()
    assert (DayCount.objects.get().visitors, DayVisitor.objects.count()) == (5, 0)


def test_nothing_is_deleted_before_its_day_was_settled(browse, clock):
    """Another process has just moved a visitor of the day and not added up yet."""
    keep(1)
    browse()
    tallies.write_now()
    clock(day=28)
    closing.close_past_days()
    assert DayVisitor.objects.count() == 1
    call_command("settle_visits", verbosity=0)
    assert DayVisitor.objects.count() == 0
    assert DayCount.objects.get().page_views == 1


def test_after_a_week_off_each_day_is_settled_and_old_rows_are_deleted(
    settle, browse, visit, clock
):
    keep(4)
    clock(day=20)
    browse(address=address(1))
    visit(address=address(2))
    clock(day=21)
    browse(address=address(3))
    browse(address=address(3))
    tallies.write_now()
    clock(day=28)
    browse(address=address(4))
    assert "3일치를 집계했습니다." in settle()
    days = DayCount.objects.order_by("day").values_list(
        "day__day", "visitors", "suspicious", "page_views"
    )
    assert list(days) == [(20, 1, 1, 1), (21, 1, 0, 2), (28, 1, 0, 1)]
    assert DayVisitor.objects.count() == 1
    assert "1일치를 집계했습니다." in settle()


def test_presence_of_an_hour_ago_is_deleted(settle, browse, clock):
    browse(address=address(1))
    clock(day=24, minute=30)
    browse(address=address(2))
    settle()
    assert Presence.objects.count() == 2
    clock(day=24, hour=13, minute=1)
    settle()
    assert Presence.objects.count() == 1


# -- parallel runs ---------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_runs_beside_each_other_after_some_days_off(clock, monkeypatch):
    """Visitors of four days, two of which are deleted; the third run judges again."""
    keep(1)
    monkeypatch.setattr(judging, "BATCH", 3)
    monkeypatch.setattr(closing, "BATCH", 3)
    for day in (21, 22, 23, 24):
        clock(day=day)
        for key in range(20):
            arrival = Arrival(at=timezone.now(), browser="Chrome")
            record_visit(key=key, day=date(2026, 11, day), arrival=arrival)
    DayVisitor.objects.filter(key__lt=5).update(busiest=300)

    def run(*options):
        call_command("settle_visits", *options, verbosity=0)

    all_at_once([run, run, lambda: run("--again=9")])
    run()
    assert repair.recount(repairs=False) == []
    assert list(DayCount.objects.values_list("visitors", "suspicious")) == [(15, 5)] * 4
    for day in (21, 22, 23, 24):
        hours = HourCount.objects.filter(day=date(2026, 11, day))
        assert list(hours.values_list("new", "suspicious")) == [(15, 5)]
        assert DaySum.objects.get(day=date(2026, 11, day), topic="browser").visitors == 15
    assert DayVisitor.objects.filter(day__gte=date(2026, 11, 23)).count() == 40
    assert DayVisitor.objects.filter(day__lt=date(2026, 11, 23)).count() == 0
    assert (keys(date(2026, 11, 23)), keys()) == (0, 20)
