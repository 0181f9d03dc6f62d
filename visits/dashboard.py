"""Cards and alarms about visitors: how many came, how many were robots, and what looks wrong."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from boardsite.reporting.dashboard import (
    Alarm,
    Card,
    alarms,
    card,
    change_between,
    report_address,
    two_weeks,
)
from boardsite.scheduling.chores import find_troubles
from boardsite.visitors.identity import now_here, today
from visits.queries.recent import (
    busiest_robot,
    is_late,
    past_days,
    past_hours,
    past_robots,
    people_of,
    people_until,
)

PERMISSION = "visits.view_daycount"
WEEK = timedelta(days=7)
USUAL = 20
"""Visitors a day: on a site with fewer, a quiet day is no decline."""


@card
def people_today(user) -> Card | None:
    """Today's visitors so far, compared with the same time a week ago, or yesterday."""
    if not user.has_perm(PERMISSION):
        return None
    now = now_here()
    day = now.date()
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
    """Compares the last seven whole days with the seven before; today is not over."""
    if not user.has_perm(PERMISSION):
        return None
    course = past_days(today())
    now, before = two_weeks(course)
    return Card(
        title=_("지난 7일 접속자"),
        value=_("%s명") % f"{now:,}",
        detail=_("그 전 7일 %s명.") % f"{before:,}" if before else "",
        address=report_address(user, "visits-days"),
        course=course,
        change=change_between(before, now),
        place=2,
    )


@card
def robots_of_the_week(user) -> Card | None:
    """The robots' share of all requests, and the visitors who count as programs."""
    if not user.has_perm(PERMISSION):
        return None
    requests, page_views, suspicious = past_robots(today())
    share = round(100 * requests / (requests + page_views)) if requests else 0
    return Card(
        title=_("지난 7일 로봇"),
        value=f"{share}%",
        detail=_("요청 가운데 로봇의 비율. 의심스러운 접속 %s건.") % f"{suspicious:,}",
        address=report_address(user, "visits-robots"),
        place=9,
    )


@alarms
def settling(user) -> Iterator[Alarm]:
    """Where the command itself does not run, the site's own alarm says so."""
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
    """A robot with more requests than all others together."""
    if user.has_perm(PERMISSION):
        name, share = busiest_robot(today())
        if share > 50:
            words = _("로봇 하나(%(name)s)가 이틀 동안 모든 요청의 %(share)s%%를 합니다.")
            yield Alarm(
                words % {"name": name, "share": share}, report_address(user, "visits-robots")
            )
