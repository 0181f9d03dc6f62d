"""A worker writes its tallies in time, before it ends, and not too early."""

import random
import threading
import time
from collections import Counter
from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import DataError, OperationalError, connection

from tests.boards.browsing import all_at_once
from visits import tallies
from visits.actions.arriving import add_arrival
from visits.actions.visits import record_visit
from visits.arrivals import Arrival
from visits.models import DayCount, DayVisitor, RobotCount, VisitorHour
from visits.seen import Tallies, VisitorTally

pytestmark = pytest.mark.django_db(transaction=True)

DAY, NOON = date(2026, 11, 24), datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def open_page():
    """`open_page(key)`: a visitor opens a page."""

    def note(key=1):
        record_visit(key=key, day=DAY, arrival=Arrival(at=NOON))
        tallies.note_page(DAY, key, NOON, path="/", member=None, leaf_offered=True)

    return note


@pytest.fixture
def database(monkeypatch):
    """After `database(error)` writes raise that error, after `database(None)` they work again."""
    error, write = None, tallies.write_tallies

    def try_to_write(seen):
        if error:
            raise error
        write(seen)

    def set_error(new):
        nonlocal error
        error = new

    monkeypatch.setattr(tallies, "write_tallies", try_to_write)
    return set_error


def page_views():
    return sum(DayVisitor.objects.values_list("page_views", flat=True))


def test_tallies_are_written_once(open_page):
    open_page()
    tallies.write_now()
    tallies.write_now()
    assert page_views() == 1


def test_tallies_wait_while_the_database_is_unavailable(open_page, database, caplog):
    for number in range(3):
        open_page(number)
        database(OperationalError("deadlock detected"))
        tallies.write_now()
        assert page_views() == 0
    assert "could not be written yet" in caplog.text
    database(None)
    tallies.write_now()
    assert page_views() == 3
    assert not tallies._unwritten


def test_tallies_do_not_fill_the_memory(open_page, database, monkeypatch):
    monkeypatch.setattr(tallies, "MAX_WAITING", 3)
    database(OperationalError("connection refused"))
    open_page(100)
    tallies.write_now()  # taken, and waits beside the next ones
    for number in range(5):
        for _page in range(2):
            open_page(number)
        tallies.write_now()
    database(None)
    tallies.write_now()
    assert page_views() == 1 + 2 * 3


def test_a_visitor_who_comes_while_nothing_can_be_written_is_counted_later(database):
    database(OperationalError("database is locked"))
    for key in (1, 1, 2):
        tallies.note_arrival(DAY, key, Arrival(at=NOON))
        tallies.note_page(DAY, key, NOON, path="/", member=None, leaf_offered=True)
    assert tallies.is_known(DAY, 1)
    for _attempt in range(2):
        assert tallies.uncounted(DAY) == 2
        tallies.write_now()
    tallies.note_arrival(DAY, 3, Arrival(at=NOON))
    assert (tallies.uncounted(DAY), tallies.uncounted(date(2026, 11, 23))) == (3, 0)
    database(None)
    tallies.write_now()
    assert (tallies.uncounted(DAY), page_views()) == (0, 3)
    assert DayCount.objects.get(day=DAY).visitors == 3


def test_arrivals_that_another_process_has_counted_meanwhile_count_once(database):
    tallies.note_arrival(DAY, 1, Arrival(at=NOON))
    add_arrival("default", DAY, 1, Arrival(at=NOON))
    tallies.write_now()
    assert DayCount.objects.get(day=DAY).visitors == 1


def test_an_unwritable_tally_does_not_delay_the_next_ones(open_page, database, caplog):
    open_page()
    database(DataError("value too long"))
    tallies.write_now()
    assert "could not be written" in caplog.text
    database(None)
    open_page()
    tallies.write_now()
    assert page_views() == 1


def test_a_worker_that_ends_waits_for_a_running_write(open_page, monkeypatch):
    """Otherwise the thread would be killed with the tallies that it has taken."""
    write, begun = tallies.write_tallies, threading.Event()

    def write_slowly(seen):
        begun.set()
        time.sleep(0.3)
        write(seen)

    def run():
        try:
            tallies.write_now()
        finally:
            connection.close()

    monkeypatch.setattr(tallies, "write_tallies", write_slowly)
    open_page()
    thread = threading.Thread(target=run)
    thread.start()
    begun.wait(5)
    tallies.write_now()  # as boardsite.scheduling.background.finish does
    assert page_views() == 1
    thread.join()
    assert page_views() == 1


def test_parallel_writes_about_the_same_visitors_are_added(open_page):
    """In any order and with the same robots: there is no deadlock, and nothing is lost."""
    keys = list(range(60))
    for key in keys:
        open_page(key)
    tallies.take()

    def work(seed):
        mixed = random.Random(seed)
        for _turn in range(5):
            seen = Tallies()
            for key in mixed.sample(keys, len(keys)):
                seen.visitors[DAY, key] = VisitorTally(
                    NOON, NOON, pages=Counter({12: 1, 13: 1}), path="/"
                )
                seen.robots[DAY, 12, f"robot {key}", ""] += 1
            tallies.write_tallies(seen)

    all_at_once([partial(work, seed) for seed in range(4)])
    assert page_views() == 60 * 4 * 5 * 2
    assert sum(VisitorHour.objects.values_list("page_views", flat=True)) == page_views()
    assert sum(RobotCount.objects.values_list("requests", flat=True)) == 60 * 4 * 5


def test_it_is_written_periodically(settings, monkeypatch):
    settings.VISITS_WRITE_SECONDS = 3600
    repeated = []
    monkeypatch.setattr(
        "boardsite.scheduling.background.repeat", lambda task, every: repeated.append((task, every))
    )
    tallies.note_page(DAY, 1, NOON, path="/", member=None, leaf_offered=False)
    assert repeated == [(tallies.write_now, 3600)]
