"""Some minutes after people came the day is settled: which visitors are people, and the sums of the
day."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Sum

from tests.boards.browsing import all_at_once
from visits import repair, tallies
from visits.actions import adding_up, closing, judging
from visits.actions.settling import settle_again, settle_day, unsettled_days
from visits.actions.tallies import write_tallies
from visits.actions.visits import record_visit
from visits.arrivals import Arrival
from visits.models import DayCount, DaySum, DayVisitor, HourCount, Topic
from visits.queries import visit_counts
from visits.rules import VERSION
from visits.seen import Tallies, VisitorTally

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)

pytestmark = pytest.mark.django_db


def settled(day=TUESDAY):
    """Writes the tallies, settles the day, and checks the counts."""
    tallies.write_now()
    settle_day(day)
    assert repair.recount(repairs=False) == []
    return DayCount.objects.get(day=day)


def hours(*columns, day=TUESDAY):
    rows = HourCount.objects.filter(day=day).order_by("hour")
    return {hour: tuple(numbers) for hour, *numbers in rows.values_list("hour", *columns)}


def sums(topic, *columns, day=TUESDAY):
    rows = DaySum.objects.filter(day=day, topic=topic)
    return {name: tuple(numbers) for name, *numbers in rows.values_list("name", *columns)}


def reasons():
    return Counter(DayVisitor.objects.values_list("verdict", "reason"))


def address(number):
    return f"198.51.100.{number}"


# -- people and programs ---------------------------------------------------------------------------
def test_only_visitors_who_fetch_the_beacon_are_people(visit, browse, clock):
    browse(address=address(1))
    visit(address=address(2))
    day = settled()
    assert (day.visitors, day.suspicious) == (2, 0)  # the beacon may still be fetched
    clock(day=24, minute=11)
    day = settled()
    assert (day.visitors, day.suspicious) == (1, 1)
    assert reasons() == {("person", ""): 1, ("suspicious", "picture"): 1}


def test_a_visitor_who_fetches_the_beacon_late_is_a_person_again(visit, browse, clock):
    visit()
    clock(day=24, minute=11)
    assert settled().suspicious == 1
    browse()
    day = settled()
    assert (day.visitors, day.suspicious) == (1, 0)
    assert reasons() == {("person", ""): 1}


def test_the_counts_on_the_pages_change_at_once(visit, browse, clock):
    visit(address=address(1))
    visit(address=address(2))
    assert visit_counts().today == 2
    clock(day=24, minute=11)
    settled()
    assert visit_counts().today == 0
    browse(address=address(1))
    assert visit_counts().today == 0
    settled()
    assert visit_counts().today == 1


def test_a_program_that_keeps_coming_is_recognised(visit, clock):
    for minute in range(0, 50, 5):
        clock(day=24, minute=minute)
        visit()
        tallies.write_now()
    assert settled().suspicious == 1


def test_a_member_without_pictures_is_a_person(as_minji, clock):
    assert as_minji.get("/").status_code == 200
    clock(day=24, minute=30)
    day = settled()
    assert (day.visitors, day.suspicious) == (1, 0)


def test_a_robot_is_neither(visit, clock):
    visit(user_agent="Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)")
    clock(day=24, minute=30)
    tallies.write_now()
    assert settle_day(TUESDAY) == 0
    assert not DayCount.objects.exists()


def test_a_visitor_of_only_an_error_page_is_a_person(visit, board, clock):
    assert visit("/free/99/").status_code == 404
    clock(day=24, minute=30)
    day = settled()
    assert (day.visitors, day.suspicious, day.page_views) == (1, 0, 0)
    assert hours("visitors", "new", "page_views") == {12: (1, 1, 0)}


def test_hasty_and_busy_visitors_are_recognised(visit, browse, clock):
    browse(address=address(1))
    browse(address=address(2))
    tallies.write_now()
    fast, faster = DayVisitor.objects.order_by("pk")
    DayVisitor.objects.filter(pk=fast.pk).update(page_views=300, hasty=200)
    DayVisitor.objects.filter(pk=faster.pk).update(page_views=300, busiest=250)
    assert settled().suspicious == 2
    assert reasons() == {("suspicious", "speed"): 1, ("suspicious", "pace"): 1}


def test_settling_twice_changes_nothing(visit, browse, clock):
    browse(address=address(1))
    visit(address=address(2))
    clock(day=24, minute=11)
    before = settled(), list(HourCount.objects.values()), list(DaySum.objects.values())
    assert settle_day(TUESDAY) == 0
    after = settled(), list(HourCount.objects.values()), list(DaySum.objects.values())
    assert before == after


# -- the sums --------------------------------------------------------------------------------------
def test_the_hours_of_the_day(browse, visit, clock):
    browse(address=address(1))
    browse(address=address(2))
    visit(address=address(3))  # a program
    clock(day=24, hour=14)
    browse(address=address(1))
    browse(address=address(4))
    clock(day=24, hour=15)
    day = settled()
    assert hours("visitors", "new", "suspicious", "page_views") == {
        12: (2, 2, 1, 2),
        14: (2, 1, 0, 2),
    }
    assert (day.visitors, day.suspicious, day.page_views, day.returning) == (3, 1, 4, 1)
    assert (day.rules, day.settled_at) == (VERSION, datetime(2026, 11, 24, 6, tzinfo=UTC))


def test_the_first_and_the_last_hour_in_seoul(browse, clock):
    for number, hour in enumerate([0, 8, 9, 23]):  # in UTC the day changes at nine
        clock(day=24, hour=hour, minute=59 if hour == 8 else 0)
        browse(address=address(number))
    settled()
    assert hours("new") == {0: (1,), 8: (1,), 9: (1,), 23: (1,)}


def arrive(key, *, at=None, day=TUESDAY, **fields):
    at = at or datetime(2026, 11, 24, 3, tzinfo=UTC)
    return record_visit(key=key, day=day, arrival=Arrival(at=at, **fields))


def test_people_are_grouped_by_origin_and_software():
    for key in range(3):
        arrive(key, browser="Chrome", system="Windows", device="PC", landing="/")
    arrive(3, browser="Safari", system="iOS", device="휴대전화", landing="/free/1/", site="pado.kr")
    arrive(4, site="search.naver.com", channel="search", engine="네이버", words="벚꽃 명소")
    DayVisitor.objects.filter(browser="Chrome").update(page_views=2)
    settled()
    assert sums(Topic.BROWSER, "visitors", "page_views") == {
        "Chrome": (3, 6),
        "Safari": (1, 0),
        "": (1, 0),
    }
    assert sums(Topic.SYSTEM, "visitors") == {"Windows": (3,), "iOS": (1,), "": (1,)}
    assert sums(Topic.DEVICE, "visitors") == {"PC": (3,), "휴대전화": (1,), "": (1,)}
    assert sums(Topic.LANDING, "visitors") == {"/": (3,), "/free/1/": (1,), "": (1,)}
    assert sums(Topic.SITE, "visitors") == {"pado.kr": (1,), "search.naver.com": (1,)}
    assert sums(Topic.ENGINE, "visitors") == {"네이버": (1,)}
    assert sums(Topic.WORDS, "visitors") == {"벚꽃 명소": (1,)}


def test_programs_are_in_no_sum():
    arrive(1, browser="Chrome")
    arrive(2, browser="Safari", site="evil.example")
    DayVisitor.objects.filter(key=2).update(busiest=500, page_views=500, visits=2)
    assert settled().returning == 0
    assert sums(Topic.BROWSER, "visitors") == {"Chrome": (1,)}
    assert sums(Topic.SITE, "visitors") == {}


def test_the_hundred_most_frequent_names_are_kept():
    for number in range(103):
        arrive(number, site=f"site{number:03}.kr")
    arrive(1000, site="site102.kr")
    settled()
    kept = sums(Topic.SITE, "visitors")
    assert len(kept) == 101
    assert kept["site102.kr"] == (2,)
    assert (kept["site098.kr"], kept[""]) == ((1,), (3,))
    assert "site099.kr" not in kept


def test_imported_counts_stay(browse):
    DayCount.objects.create(day=TUESDAY, imported=1_200)
    browse()
    day = settled()
    assert (day.visitors, day.imported) == (1, 1_200)
    assert visit_counts().today == 1_201


def test_a_day_without_visitors_rows_keeps_its_sums():
    """From before the site stored rows, imported, or no longer kept."""
    DayCount.objects.create(day=TUESDAY, visitors=70, suspicious=3, page_views=400, imported=9)
    HourCount.objects.create(day=TUESDAY, hour=3, visitors=70)
    DaySum.objects.create(day=TUESDAY, topic=Topic.SITE, name="pado.kr", visitors=4)
    before = DayCount.objects.values().get()
    assert settle_day(TUESDAY) == 0
    assert DayCount.objects.values().get() == before
    assert HourCount.objects.get().visitors == 70
    assert DaySum.objects.get().visitors == 4


def test_the_rows_of_a_closed_day_are_ignored():
    """Some are deleted already, because a run was interrupted."""
    for key in range(5):
        arrive(key, browser="Chrome")
    settled()
    DayVisitor.objects.filter(key__lt=3).delete()
    DayCount.objects.update(is_closed=True)
    DayVisitor.objects.update(busiest=500)
    assert settle_day(TUESDAY) == 0
    assert settle_again(10) == 0
    assert repair.recount() == []
    assert DayCount.objects.get().visitors == 5
    assert sums(Topic.BROWSER, "visitors") == {"Chrome": (5,)}


# -- new rules -------------------------------------------------------------------------------------
def test_kept_days_are_judged_again_by_new_rules(browse, clock, monkeypatch):
    browse(address=address(1))
    tallies.write_now()
    DayVisitor.objects.update(busiest=60, page_views=60)
    assert settled().visitors == 1
    clock(day=25)
    browse(address=address(2))
    settled(WEDNESDAY)
    monkeypatch.setattr("visits.rules.PAGES_A_MINUTE", 50)
    monkeypatch.setattr("visits.actions.adding_up.VERSION", VERSION + 1)
    assert settle_again(1) == 0  # Wednesday only
    assert DayCount.objects.get(day=TUESDAY).rules == VERSION
    assert settle_again(2) == 1
    day = DayCount.objects.get(day=TUESDAY)
    assert (day.visitors, day.suspicious, day.rules) == (0, 1, VERSION + 1)
    assert hours("new", "suspicious") == {12: (0, 1)}
    monkeypatch.undo()
    assert settle_again(2) == 1
    assert DayCount.objects.get(day=TUESDAY).visitors == 1


# -- interruptions and parallel runs ---------------------------------------------------------------
def make_visitors(count, first=0):
    """People, with one program among each five."""
    for key in range(first, first + count):
        arrive(key)
    DayVisitor.objects.filter(key__in=range(first, first + count, 5)).update(busiest=500)


def check_exact(people, suspicious):
    day = DayCount.objects.get()
    assert (day.visitors, day.suspicious) == (people, suspicious)
    assert repair.recount(repairs=False) == []


def check_sums():
    day = DayCount.objects.get()
    new = HourCount.objects.aggregate(new=Sum("new"), suspicious=Sum("suspicious"))
    assert new == {"new": day.visitors, "suspicious": day.suspicious}
    assert day.settled_at is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "broken", ["settling.add_up", "adding_up._write_sums", "adding_up._read_sums"]
)
def test_interrupted_after_judging(monkeypatch, broken):
    make_visitors(20)
    settle_day(TUESDAY)
    make_visitors(20, first=20)

    def fail(*args):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(f"visits.actions.{broken}", fail)
        with pytest.raises(ZeroDivisionError):
            settle_day(TUESDAY)
    check_exact(32, 8)
    assert DayCount.objects.get().settled_at is None  # so it will be settled again
    assert TUESDAY in unsettled_days()
    settle_day(TUESDAY)
    check_exact(32, 8)
    check_sums()


@pytest.mark.django_db(transaction=True)
def test_interrupted_between_two_batches(monkeypatch):
    monkeypatch.setattr(judging, "BATCH", 2)
    make_visitors(25)
    move, calls = judging._move_visitors, []

    def fail_at_the_second(*args):
        calls.append(args)
        if len(calls) == 2:
            raise ZeroDivisionError
        return move(*args)

    with monkeypatch.context() as patch:
        patch.setattr(judging, "_move_visitors", fail_at_the_second)
        with pytest.raises(ZeroDivisionError):
            settle_day(TUESDAY)
    check_exact(23, 2)
    settle_day(TUESDAY)
    check_exact(20, 5)
    check_sums()


@pytest.mark.django_db(transaction=True)
def test_interrupted_inside_a_batch(monkeypatch):
    make_visitors(10)
    with monkeypatch.context() as patch:
        patch.setattr(judging, "F", lambda name: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            settle_day(TUESDAY)
    check_exact(10, 0)


@pytest.mark.django_db(transaction=True)
def test_visitors_are_moved_while_the_sums_are_read(monkeypatch):
    make_visitors(10)
    read, calls = adding_up._read_sums, []

    def read_slowly(*args):
        found = read(*args)
        calls.append(args)
        if len(calls) == 1:
            DayVisitor.objects.filter(key=3).update(busiest=500)
            judging.judge_visitors("default", TUESDAY)
            DayCount.objects.update(settled_at=datetime(2026, 11, 24, tzinfo=UTC))
        return found

    monkeypatch.setattr(adding_up, "_read_sums", read_slowly)
    settle_day(TUESDAY)
    assert len(calls) == 2
    check_exact(7, 3)
    check_sums()


@pytest.mark.django_db(transaction=True)
def test_settling_while_thirty_visitors_arrive(monkeypatch):
    monkeypatch.setattr(judging, "BATCH", 5)
    make_visitors(50)

    def come(first):
        for key in range(first, first + 10):
            assert arrive(key)
            seen = Tallies()
            for known in (key, key % 50):
                tally = seen.visitors[TUESDAY, known] = VisitorTally()
                tally.first_at = tally.last_at = datetime(2026, 11, 24, 3, tzinfo=UTC)
                tally.pages[12] += 1
                tally.busiest = 400 if key % 2 else 1
            write_tallies(seen)

    def settle():
        for _ in range(3):
            settle_day(TUESDAY)

    arrivals = [lambda first=first: come(first) for first in (100, 200, 300)]
    all_at_once([*arrivals, settle, settle])
    settle_day(TUESDAY)
    fast = DayVisitor.objects.filter(busiest__gte=100)
    check_exact(80 - fast.count(), fast.count())
    check_sums()
    assert set(fast.values_list("verdict", flat=True)) == {"suspicious"}
    assert DayVisitor.objects.aggregate(all=Sum("page_views"))["all"] == 60
    people = DayVisitor.objects.filter(verdict="person")
    assert DayCount.objects.get().page_views == people.aggregate(all=Sum("page_views"))["all"]


@pytest.mark.django_db(transaction=True)
def test_keys_are_removed_during_settling_and_writing(clock, monkeypatch):
    monkeypatch.setattr(judging, "BATCH", 7)
    monkeypatch.setattr(closing, "BATCH", 7)
    make_visitors(60)
    clock(day=25, hour=1)

    def write():
        seen = Tallies()
        for key in range(60):
            tally = seen.visitors[TUESDAY, key] = VisitorTally()
            tally.first_at = tally.last_at = datetime(2026, 11, 24, 3, tzinfo=UTC) + timedelta(1)
            tally.pages[12] += 1
        write_tallies(seen)

    keys = closing.forget_keys
    all_at_once([write, write, keys, keys, lambda: settle_day(TUESDAY)])
    settle_day(TUESDAY)
    check_exact(48, 12)
    check_sums()
    assert not DayVisitor.objects.exclude(key=None).exists()


# -- the command that counts again -----------------------------------------------------------------
def test_wrong_counts_are_found_reported_and_repaired(capsys):
    from django.core.management import call_command

    make_visitors(10)
    settle_day(TUESDAY)
    DayCount.objects.update(visitors=11, suspicious=0)
    with pytest.raises(SystemExit):
        call_command("recount_visits", "--check")
    assert DayCount.objects.get().visitors == 11
    assert "2026-11-24 visitors: 11 → 8" in capsys.readouterr().out
    call_command("recount_visits")
    assert "어긋난 숫자 2개" in capsys.readouterr().out
    check_exact(8, 2)
    call_command("recount_visits", "--check")
    assert "어긋난 숫자 0개" in capsys.readouterr().out
    settle_day(TUESDAY)
    check_sums()
