"""Visitors on the admin's first page: how many came, how many were robots, and what looks wrong."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from boardsite.chores import find_troubles
from boardsite.dashboard import Alarm, Card, alarms, card, change_between, report_address
from boardsite.remembered import Remembered
from boardsite.visitors import today
from visits.models import DayCount, DayVisitor, HourCount, RobotCount

PERMISSION = "visits.view_daycount"
COURSE = 30
"""Days that a card's line shows."""
WEEK = timedelta(days=7)
LATE = timedelta(minutes=30)
"""How old the sums of today may be."""
MANY = 1_000
"""Requests in two days: with fewer of them a robot's share says nothing."""
USUAL = 20
"""Visitors a day: with fewer of them a quiet day is no fall."""


@card
def people_today(user) -> Card | None:
    """So far, against as far into the day a week ago, or yesterday."""
    if not user.has_perm(PERMISSION):
        return None
    day, now = today(), timezone.localtime(timezone=timezone.get_default_timezone())
    people = people_of(day)
    detail, before = "", None
    for past, words in (
        (day - WEEK, _("지난주 같은 요일 이 시각까지 %s명.")),
        (day - timedelta(days=1), _("어제 이 시각까지 %s명.")),
    ):
        if hours := past_hours(past):
            before = people_until(hours, now)
            detail = words % f"{before:,}"
            break
    return Card(
        title=_("오늘 접속자"),
        value=_("%s명") % f"{people:,}",
        detail=detail,
        address=report_address(user, "visits-hours"),
        change=None if before is None else change_between(before, people),
        place=1,
    )


@card
def people_of_the_week(user) -> Card | None:
    """Seven whole days against the seven before; today is not over."""
    if not user.has_perm(PERMISSION):
        return None
    course = past_days(today())
    now, before = sum(course[-7:]), sum(course[-14:-7])
    return Card(
        title=_("지난 7일 접속자"),
        value=_("%s명") % f"{now:,}",
        detail=_("그 전 7일 %s명.") % f"{before:,}" if before else "",
        address=report_address(user, "visits-days"),
        days=course,
        change=change_between(before, now),
        place=2,
    )


@card
def robots_of_the_week(user) -> Card | None:
    """What share of all requests robots make, and whom the rules do not believe to be people."""
    if not user.has_perm(PERMISSION):
        return None
    requests, page_views, suspicious = past_robots(today())
    share = round(100 * requests / (requests + page_views)) if requests else 0
    return Card(
        title=_("지난 7일 로봇"),
        value=f"{share}%",
        detail=_("요청 가운데 로봇의 몫. 의심스러운 접속 %s건.") % f"{suspicious:,}",
        address=report_address(user, "visits-robots"),
        place=9,
    )


@alarms
def settling(user) -> Iterator[Alarm]:
    """Where the chore itself does not run, the site's own alarm has said so."""
    if user.has_perm(PERMISSION) and is_late(today(), timezone.now()):
        if not any(trouble.name == "settle_visits" for trouble in find_troubles()):
            words = _("오늘 접속자의 시간과 경로가 30분 넘게 집계되지 않았습니다.")
            yield Alarm(words, report_address(user, "visits-days"), is_wrong=True)


@alarms
def sudden_fall(user) -> Iterator[Alarm]:
    if user.has_perm(PERMISSION):
        course = past_days(today())
        usual, yesterday = sum(course[-8:-1]) / 7, course[-1]
        if usual >= USUAL and yesterday < usual / 3:
            numbers = {"yesterday": f"{yesterday:,}", "usual": f"{round(usual):,}"}
            words = _(
                "어제 접속자가 %(yesterday)s명으로, 한 주 평균 %(usual)s명의 3분의 1도 안 됩니다."
            )
            yield Alarm(words % numbers, report_address(user, "visits-days"))


@alarms
def greedy_robot(user) -> Iterator[Alarm]:
    """A robot that asks for more than all others together."""
    if user.has_perm(PERMISSION):
        name, share = busiest_robot(today())
        if share > 50:
            words = _("로봇 하나(%(name)s)가 이틀 동안 모든 요청의 %(share)s%%를 합니다.")
            yield Alarm(
                words % {"name": name, "share": share}, report_address(user, "visits-robots")
            )


def is_late(day: date, now: datetime) -> bool:
    """Whether visitors have come on `day` for long without being added up."""
    row = DayCount.objects.filter(day=day, visitors__gt=0).values_list("settled_at").first()
    if row is None:
        return False
    [settled_at] = row
    if settled_at is not None:
        return now - settled_at > LATE
    if HourCount.objects.filter(day=day).exists():
        return False  # just being settled anew
    return DayVisitor.objects.filter(day=day, first_at__lt=now - LATE).exists()


def people_until(hours: dict[int, int], moment: datetime) -> int:
    """Of a day's new visitors by hour, those until the time of `moment`: of its hour a part."""
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
    """Of the seven days before `day`: requests of robots, pages that people saw, suspicious visitors."""
    past = {"day__gte": day - WEEK, "day__lt": day}
    requests = RobotCount.objects.filter(**past).aggregate(all=Sum("requests", default=0))["all"]
    sums = DayCount.objects.filter(**past).aggregate(
        pages=Sum("page_views", default=0), suspicious=Sum("suspicious", default=0)
    )
    return requests, sums["pages"], sums["suspicious"]


def _read_busiest(day: date) -> tuple[str, int]:
    """The robot with the most requests yesterday and on `day`, and its part of all in per cent."""
    days = {"day__gte": day - timedelta(days=1), "day__lte": day}
    robots = RobotCount.objects.filter(**days).order_by().values_list("name")
    counts = dict(robots.annotate(all=Sum("requests")))
    pages = DayCount.objects.filter(**days).aggregate(all=Sum("page_views", default=0))["all"]
    everything = sum(counts.values()) + pages
    if everything < MANY:
        return "", 0
    name = max(counts, key=counts.get, default="")
    return name, round(100 * counts.get(name, 0) / everything)


people_of = Remembered(_read_people, seconds=30)
past_hours = Remembered(_read_hours, seconds=600)
past_days = Remembered(_read_days, seconds=600)
past_robots = Remembered(_read_robots, seconds=600)
busiest_robot = Remembered(_read_busiest, seconds=300)
