"""A worker writes the page views that it has seen: in time, before it ends, and not too early."""

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
from visits.actions.visits import record_visit
from visits.arrivals import Arrival
from visits.models import DayVisitor, RobotCount, VisitorHour
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
    """`database(error)`: writing fails so from now on, `database(None)`: it works again."""
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


def test_it_is_written_once(open_page):
    open_page()
    tallies.write_now()
    tallies.write_now()
    assert page_views() == 1


def test_while_the_database_is_away_it_is_kept(open_page, database, caplog):
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


def test_it_is_not_kept_for_ever(open_page, database):
    database(OperationalError("connection refused"))
    for number in range(tallies.MAX_UNWRITTEN + 5):
        open_page(number)
        tallies.write_now()
    database(None)
    tallies.write_now()
    assert page_views() == tallies.MAX_UNWRITTEN


def test_what_cannot_be_written_does_not_hold_up_what_follows(open_page, database, caplog):
    open_page()
    database(DataError("value too long"))
    tallies.write_now()
    assert "could not be written" in caplog.text
    database(None)
    open_page()
    tallies.write_now()
    assert page_views() == 1


def test_a_worker_that_ends_waits_for_a_writing_that_is_under_way(open_page, monkeypatch):
    """Else the thread would be cut off with what it has taken."""
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
    tallies.write_now()  # as boardsite.background.finish does
    assert page_views() == 1
    thread.join()
    assert page_views() == 1


def test_workers_that_write_of_the_same_visitors_at_once_add_up(open_page):
    """Met in any order, and with the same robots: nothing waits in a circle, nothing is lost."""
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


def test_it_is_written_by_itself(settings, monkeypatch):
    settings.VISITS_WRITE_SECONDS = 3600
    repeated = []
    monkeypatch.setattr(
        "boardsite.background.repeat", lambda deed, every: repeated.append((deed, every))
    )
    tallies.note_page(DAY, 1, NOON, path="/", member=None, leaf_offered=False)
    assert repeated == [(tallies.write_now, 3600)]
