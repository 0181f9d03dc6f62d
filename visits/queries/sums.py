"""The sums of a range of days for the statistics. One query each, however many days."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Manager, Min, Q, QuerySet, Sum

from boardsite.reporting.reports import Period
from visits.models import DayCount, DaySum, DayVisitor, HourCount, RobotCount, Topic, Verdict


class Numbers(NamedTuple):
    """The numbers of a day, month or year."""

    visitors: int = 0
    imported: int = 0
    returning: int = 0
    page_views: int = 0
    suspicious: int = 0
    robots: int = 0

    def plus(self, other: "Numbers") -> "Numbers":
        return Numbers(*map(sum, zip(self, other, strict=True)))


class Named(NamedTuple):
    """`name` is "" for unknown names, and for names that the days did not keep."""

    name: str
    visitors: int
    page_views: int


class Robot(NamedTuple):
    """The number of requests, and how many of them came from verified and from refuted addresses."""

    name: str
    requests: int
    verified: int
    false: int


def numbers_by_day(period: Period) -> dict[date, Numbers]:
    """Every day in order, also those without visitors."""
    counts = _within(DayCount.objects, period).values_list("day", *Numbers._fields[:-1])
    found = {day: Numbers(*numbers) for day, *numbers in counts}
    robots = dict(
        _within(RobotCount.objects, period).values_list("day").annotate(Sum("requests")).order_by()
    )
    none = Numbers()
    return {day: found.get(day, none)._replace(robots=robots.get(day, 0)) for day in period.days()}


def hours_of(period: Period) -> list[tuple[int, int, int, int]]:
    """(people, people in their first hour of the day, pages, programs in their first hour) of each
    of the 24 hours."""
    rows = _within(HourCount.objects, period).values_list("hour")
    columns = "visitors", "new", "page_views", "suspicious"
    sums = rows.annotate(*map(Sum, columns)).order_by()
    found = {hour: tuple(numbers) for hour, *numbers in sums}
    return [found.get(hour, (0,) * len(columns)) for hour in range(24)]


def names_of(topic: Topic, period: Period) -> list[Named]:
    """The most frequent first; "" comes last."""
    rows = _within(DaySum.objects.filter(topic=topic), period).values_list("name")
    sums = rows.annotate(people=Sum("visitors"), pages=Sum("page_views"))
    return sorted(
        (Named(*row) for row in sums.order_by()),
        key=lambda named: (not named.name, -named.visitors, named.name),
    )


def robots_of(period: Period) -> list[Robot]:
    verified = Q(standing=RobotCount.Standing.VERIFIED)
    false = Q(standing=RobotCount.Standing.FALSE)
    rows = _within(RobotCount.objects, period).values_list("name")
    sums = rows.annotate(
        all=Sum("requests"),
        verified=Sum("requests", filter=verified, default=0),
        false=Sum("requests", filter=false, default=0),
    )
    return [Robot(*row) for row in sums.order_by("-all", "name")]


def robots_by_hour(period: Period) -> list[dict[str, int]]:
    """The requests of each robot in each of the 24 hours, the busiest robot first."""
    rows = _within(RobotCount.objects, period).values_list("hour", "name")
    found: list[dict[str, int]] = [{} for _hour in range(24)]
    for hour, name, requests in rows.annotate(all=Sum("requests")).order_by("-all", "name"):
        found[hour][name] = requests
    return found


def reasons_of(period: Period) -> list[Named]:
    """Why visitors were taken for programs, only for days whose rows are still kept."""
    rows = _within(DayVisitor.objects.filter(verdict=Verdict.SUSPICIOUS), period)
    sums = rows.values_list("reason").annotate(visits=Count("pk"), pages=Sum("page_views"))
    return [Named(*row) for row in sums.order_by("-visits", "reason")]


def first_day() -> date | None:
    """The first day with any count."""
    return DayCount.objects.aggregate(first=Min("day"))["first"]


def settled_at(day: date) -> datetime | None:
    """When the sums of `day` were last computed."""
    return DayCount.objects.filter(day=day).values_list("settled_at", flat=True).first()


def _within(rows: QuerySet | Manager, period: Period) -> QuerySet:
    return rows.filter(day__range=(period.first, period.last))
