"""The course of the latest days for the dashboard, cached for some seconds or minutes."""

from datetime import date, datetime, timedelta

from django.db.models import Sum

from boardsite.caching.ttl_cache import TTLCache
from boardsite.reporting.dashboard import COURSE
from visits.models import DayCount, DayVisitor, HourCount, RobotCount

LATE = timedelta(minutes=30)
"""The greatest age of today's sums."""
MANY = 1_000
"""Requests in two days: below that a robot's share means nothing."""


def is_late(day: date, now: datetime) -> bool:
    """Whether visitors of `day` have not been added up for too long."""
    row = DayCount.objects.filter(day=day, visitors__gt=0).values_list("settled_at").first()
    if row is None:
        return False
    [settled_at] = row
    if settled_at is not None:
        return now - settled_at > LATE
    if HourCount.objects.filter(day=day).exists():
        return False  # being settled again right now
    return DayVisitor.objects.filter(day=day, first_at__lt=now - LATE).exists()


def people_until(hours: dict[int, int], moment: datetime) -> int:
    """Of a day's new visitors by hour, those until the time of `moment`, with a fraction of its
    hour."""
    whole = sum(new for hour, new in hours.items() if hour < moment.hour)
    return whole + round(hours.get(moment.hour, 0) * moment.minute / 60)


def _read_people(day: date) -> int:
    counts = DayCount.objects.filter(day=day).values_list("visitors", "imported")
    return sum(counts.first() or (0, 0))


def _read_hours(day: date) -> dict[int, int]:
    return dict(HourCount.objects.filter(day=day).values_list("hour", "new"))


def _read_days(day: date) -> list[int]:
    """Visitors of the COURSE days before `day`, the oldest first."""
    since = day - timedelta(days=COURSE)
    rows = DayCount.objects.filter(day__gte=since, day__lt=day)
    counts = {row.day: row.visitors + row.imported for row in rows}
    return [counts.get(since + timedelta(days=number), 0) for number in range(COURSE)]


def _read_robots(day: date) -> tuple[int, int, int]:
    """Of the seven days before `day`: robots' requests, people's page views, suspicious visitors."""
    past = {"day__gte": day - timedelta(days=7), "day__lt": day}
    requests = RobotCount.objects.filter(**past).aggregate(all=Sum("requests", default=0))["all"]
    sums = DayCount.objects.filter(**past).aggregate(
        pages=Sum("page_views", default=0), suspicious=Sum("suspicious", default=0)
    )
    return requests, sums["pages"], sums["suspicious"]


def _read_busiest(day: date) -> tuple[str, int]:
    """The robot with the most requests yesterday and on `day`, and its share of all in per cent."""
    days = {"day__gte": day - timedelta(days=1), "day__lte": day}
    robots = RobotCount.objects.filter(**days).order_by().values_list("name")
    counts = dict(robots.annotate(all=Sum("requests")))
    pages = DayCount.objects.filter(**days).aggregate(all=Sum("page_views", default=0))["all"]
    everything = sum(counts.values()) + pages
    if everything < MANY:
        return "", 0
    name = max(counts, key=lambda robot: counts[robot], default="")
    return name, round(100 * counts.get(name, 0) / everything)


people_of = TTLCache(_read_people, seconds=30)
past_hours = TTLCache(_read_hours, seconds=600)
past_days = TTLCache(_read_days, seconds=600)
past_robots = TTLCache(_read_robots, seconds=600)
busiest_robot = TTLCache(_read_busiest, seconds=300)
