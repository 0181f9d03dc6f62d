"""After random operations in random order the day's counts are those of its visitors' rows, and
every visitor who came has a row."""

import random
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DataError, OperationalError
from django.db.models import Sum

from boardsite.caching.ttl_cache import TTLCache
from boardsite.models import OneRow
from boardsite.visitors.identity import now_here
from visits import repair, tallies
from visits.actions.settling import settle_again, settle_day
from visits.actions.visits import record_visit
from visits.arrivals import Arrival
from visits.models import DayCount, DaySum, DayVisitor, HourCount, VisitorHour, VisitSettings
from visits.models.days import LATE
from visits.queries import visit_counts
from visits.seen import Tallies

STEPS = 150
PLACES = ["", "pado.kr", "search.naver.com"]

pytestmark = pytest.mark.django_db(transaction=True)


class Town:
    """People and programs on a site with two workers, one of which works at a time. `came` has
    everybody by day."""

    def __init__(self, seed: int, clock, monkeypatch):
        self.random, self.clock, self.monkeypatch = random.Random(seed), clock, monkeypatch
        self.came: dict[date, set[int]] = {}
        self.other_worker = (None, {}, Tallies())
        self.minutes = 12 * 60  # of 24 November

    # -- operations --------------------------------------------------------------------------------
    def come(self):
        for _ in range(self.random.randint(1, 4)):
            self._open_page(self.random.randrange(1_000))

    def read(self):
        """A visitor of today opens pages, some with the beacon, and sometimes very many."""
        if key := self._somebody():
            for _ in range(self.random.choice([1, 1, 2, 5, 120])):
                self._open_page(key)

    def fetch_beacon(self):
        if key := self._somebody():
            tallies.note_beacon(now_here().date(), key)

    def write(self):
        tallies.write_now()

    def fail_to_write(self):
        error = self.random.choice([OperationalError("locked"), DataError("too long")])

        def fail(seen):
            raise error

        with self.monkeypatch.context() as patch:
            patch.setattr("visits.actions.tallies.write_tallies", fail)
            tallies.write_now()

    def change_worker(self):
        here = tallies._day, tallies._known, tallies.take()
        tallies._day, tallies._known, tallies._pending = self.other_worker
        self.other_worker = here

    def kill_worker(self):
        tallies.forget()

    def wait(self):
        self._pass(self.random.randint(1, 45))

    def sleep(self):
        """Skips midnight; the command runs when the machine is on again."""
        self._pass(self.random.choice([12 * 60, 24 * 60, 50 * 60]))

    def settle(self):
        settle_day(now_here().date())

    def do_chore(self):
        call_command("settle_visits", verbosity=0)

    def settle_again(self):
        """With different rules for once."""
        with self.monkeypatch.context() as patch:
            patch.setattr("visits.rules.PAGES_A_MINUTE", self.random.choice([3, 10, 500]))
            settle_again(self.random.randint(1, 3))

    # -- helpers -----------------------------------------------------------------------------------
    def _pass(self, minutes: int):
        self.minutes = min(self.minutes + minutes, 7 * 24 * 60 - 1)  # November ends
        days, minutes = divmod(self.minutes, 24 * 60)
        self.clock(24 + days, *divmod(minutes, 60))

    def _somebody(self) -> int | None:
        keys = sorted(self.came.get(now_here().date(), ()))
        return self.random.choice(keys) if keys else None

    def _open_page(self, key: int):
        at = now_here()
        day, site = at.date(), self.random.choice(PLACES)
        is_new = record_visit(key=key, day=day, arrival=Arrival(at=at, browser="Chrome", site=site))
        assert is_new == (key not in self.came.setdefault(day, set()))
        self.came[day].add(key)
        offered = self.random.random() < 0.9
        tallies.note_page(day, key, at, path="/", member=None, leaf_offered=offered)

    def do_something(self):
        operations = [self.come, self.read, self.fetch_beacon, self.write, self.wait] * 4
        operations += [self.settle, self.do_chore, self.fail_to_write, self.change_worker] * 2
        operations += [self.sleep, self.kill_worker, self.settle_again]
        self.random.choice(operations)()


def check(town):
    """Invariants at every moment."""
    assert repair.recount(repairs=False) == []
    days = {each.day: each for each in DayCount.objects.all()}
    assert {day: each.visitors + each.suspicious for day, each in days.items()} == {
        day: len(keys) for day, keys in town.came.items()
    }
    TTLCache.forget_all()
    shown, people = visit_counts(), [each.visitors for each in days.values()]
    today = days.get(now_here().date())
    assert shown.total == sum(people)
    assert shown.today == (today.visitors if today else 0)
    assert shown.highest == max(people, default=0)


def check_settled(day: DayCount):
    """Invariants of a settled day without anything since."""
    hours = HourCount.objects.filter(day=day.day).aggregate(
        new=Sum("new"), suspicious=Sum("suspicious"), pages=Sum("page_views")
    )
    assert hours == {"new": day.visitors, "suspicious": day.suspicious, "pages": day.page_views}
    browsers = DaySum.objects.filter(day=day.day, topic="browser")
    assert browsers.aggregate(all=Sum("visitors", default=0))["all"] == day.visitors
    if not day.is_closed:
        people = DayVisitor.objects.filter(day=day.day, verdict="person")
        assert day.page_views == people.aggregate(all=Sum("page_views", default=0))["all"]
        assert day.returning == people.filter(visits__gt=1).count()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_are_right_after_random_operations(seed, clock, monkeypatch):
    VisitSettings.objects.update_or_create(pk=1, defaults={"keep_days": 2})
    OneRow.forget()
    town = Town(seed, clock, monkeypatch)
    for _ in range(STEPS):
        town.do_something()
        check(town)
    town.write()
    town.change_worker()
    town.write()
    town.do_chore()
    check(town)
    for day in DayCount.objects.all():
        check_settled(day)

    row_pages = VisitorHour.objects.values_list("visitor").annotate(all=Sum("page_views"))
    written = DayVisitor.objects.filter(page_views__gt=0).values_list("pk", "page_views")
    assert dict(row_pages) == dict(written)
    assert len(town.came) >= 3
    assert DayCount.objects.filter(suspicious__gt=0, visitors__gt=0).exists()
    first_kept = now_here().date() - timedelta(days=2)
    assert not DayVisitor.objects.filter(day__lt=first_kept).exists()
    past = (now_here() - LATE).date()
    assert not DayVisitor.objects.filter(day__lt=past).exclude(key=None).exists()
