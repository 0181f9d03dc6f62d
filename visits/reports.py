"""접속자집계 in the admin, as gnuboard's operators know it: by hour, weekday, day, month and year, by
origin and by software, and separately the robots."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boardsite.reporting.reports import Link, Period, Report, Table, register
from boardsite.visitors.identity import today
from visits.models import DayVisitor, Topic, Verdict, VisitSettings
from visits.queries import sums
from visits.queries.sums import Named, Numbers

GROUP = gettext_lazy("접속자집계")
PERMISSION = "visits.view_daycount"
BUSIEST = 5
"""Robots that are named per hour."""
WEEKDAYS = ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일")


def hours(period: Period, user: Any) -> Table:
    robots = [sum(names.values()) for names in sums.robots_by_hour(period)]
    found = [(*numbers, robots[hour]) for hour, numbers in enumerate(sums.hours_of(period))]
    return Table(
        [
            *(_("시간"), _("접속자"), _("처음 온 사람")),
            *(_("페이지뷰"), _("의심"), _("로봇 요청")),
        ],
        [[f"{hour}시", *numbers] for hour, numbers in enumerate(found)],
        [_("합계"), None, *(sum(each) for each in list(zip(*found, strict=True))[1:])],
    )


def weekdays(period: Period, user: Any) -> Table:
    people, pages, days = [0] * 7, [0] * 7, [0] * 7
    for day, numbers in sums.numbers_by_day(period).items():
        place = day.weekday()
        people[place] += numbers.visitors
        pages[place] += numbers.page_views
        days[place] += 1
    averages = [
        round(each / count) if count else None for each, count in zip(people, days, strict=True)
    ]
    return Table(
        [_("요일"), _("접속자"), _("하루 평균"), _("페이지뷰")],
        [list(row) for row in zip(WEEKDAYS, people, averages, pages, strict=True)],
        [_("합계"), sum(people), round(sum(people) / sum(days)), sum(pages)],
    )


def days(period: Period, user: Any) -> Table:
    """A day links to its hours."""
    address = reverse("show_report", args=["visits-hours"])
    return _by_time(
        _("날짜"),
        (
            (Link(str(day), f"{address}?{urlencode({'from': day, 'to': day})}"), numbers)
            for day, numbers in sums.numbers_by_day(period).items()
        ),
    )


def months(period: Period, user: Any) -> Table:
    return _by_time(_("월"), _added_up(period, lambda day: f"{day:%Y-%m}"))


def years(period: Period, user: Any) -> Table:
    return _by_time(_("년"), _added_up(period, lambda day: f"{day:%Y}"))


def _added_up(period: Period, name_of: Callable[[date], str]) -> Iterable[tuple[str, Numbers]]:
    added: dict[str, Numbers] = {}
    for day, numbers in sums.numbers_by_day(period).items():
        name = name_of(day)
        added[name] = added.get(name, Numbers()).plus(numbers)
    return added.items()


def _by_time(title: str, found: Iterable[tuple[str | Link, Numbers]]) -> Table:
    total, rows = Numbers(), []
    for name, numbers in found:
        total = total.plus(numbers)
        rows.append([name, *_shown(numbers)])
    columns = [
        *(title, _("접속자"), VisitSettings.known().imported_name, _("다시 온 사람")),
        *(_("페이지뷰"), _("의심"), _("로봇 요청")),
    ]
    return Table(columns, rows, [_("합계"), *_shown(total)])


def _shown(numbers: Numbers) -> list[int | None]:
    """Most days have no imported count: no column of zeros for that."""
    shown = numbers._asdict() | {"imported": numbers.imported or None}
    return list(shown.values())


def _names(topic: Topic, nameless: Any) -> Callable[[Period, Any], Table]:
    """A report of `topic`; `nameless` is the label of ""."""

    def read(period: Period, user: Any) -> Table:
        found = sums.names_of(topic, period)
        total = sum(named.visitors for named in found)
        return Table(
            [topic.label, _("접속자"), _("비율"), _("페이지뷰")],
            [_named_row(topic, named, nameless, total) for named in found],
            [_("합계"), total, _share(total, total), sum(named.page_views for named in found)]
            if found
            else [],
        )

    return read


def _named_row(topic: Topic, named: Named, nameless: Any, total: int) -> list[Any]:
    name = named.name or str(nameless)
    numbers = [named.visitors, _share(named.visitors, total), named.page_views]
    if topic == Topic.LANDING and named.name.startswith("/") and "<" not in named.name:
        return [Link(name, named.name), *numbers]
    return [name, *numbers]


def robots(period: Period, user: Any) -> Table:
    found = sums.robots_of(period)
    return Table(
        [_("로봇"), _("요청"), _("확인됨"), _("이름을 속임")],
        [[robot.name or _("이름 없음"), *robot[1:]] for robot in found],
        [_("합계"), *(sum(each) for each in list(zip(*found, strict=True))[1:])] if found else [],
    )


def robot_hours(period: Period, user: Any) -> Table:
    """When robots come: the busiest by name."""
    found = sums.robots_by_hour(period)
    rows: list[list[Any]] = [
        [f"{hour}시", sum(names.values()), _busiest(names)] for hour, names in enumerate(found)
    ]
    total = sum(row[1] for row in rows)
    columns = [_("시간"), _("요청"), _("많이 온 로봇")]
    return Table(columns, rows, [_("합계"), total, ""]) if total else Table(columns, [])


def _busiest(names: dict[str, int]) -> str:
    shown = list(names.items())[:BUSIEST]
    return ", ".join(f"{name or _('이름 없음')} {requests:,}" for name, requests in shown)


def suspicious(period: Period, user: Any) -> Table:
    """A reason links to its visitors, for users who may see them."""
    reasons = dict(DayVisitor._meta.get_field("reason").flatchoices)
    may_follow = user.has_perm("visits.view_dayvisitor")
    found = sums.reasons_of(period)
    rows = []
    for reason, visitors, page_views in found:
        name = str(reasons.get(reason, reason)) or _("이유를 적지 않음")
        shown = Link(name, _list_of(reason, period)) if may_follow else name
        rows.append([shown, visitors, page_views])
    totals = [sum(each.visitors for each in found), sum(each.page_views for each in found)]
    return Table([_("이유"), _("접속"), _("페이지뷰")], rows, [_("합계"), *totals] if rows else [])


def _list_of(reason: str, period: Period) -> str:
    query = {
        "verdict__exact": Verdict.SUSPICIOUS,
        "reason__exact": reason,
        "day__gte": period.first,
        "day__lte": period.last,
    }
    return f"{reverse('admin:visits_dayvisitor_changelist')}?{urlencode(query)}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else ""


def settled(period: Period) -> str:
    """When today's numbers were computed, if the period includes today."""
    if period.last < today():
        return ""
    at = sums.settled_at(today())
    if at is None:
        return _("오늘 숫자는 아직 집계하지 않았습니다.")
    at = timezone.localtime(at, timezone.get_default_timezone())
    return _("오늘 숫자는 %s에 집계했습니다.") % f"{at:%H:%M}"


def links(user: Any) -> Sequence[Link]:
    """Related pages that the user may see."""
    places = [
        ("visits.view_dayvisitor", _("접속자 목록"), "admin:visits_dayvisitor_changelist"),
        ("visits.change_visitsettings", _("접속자 설정"), "admin:visits_visitsettings_changelist"),
        (
            "visits.change_daycount",
            _("이전 사이트의 접속자 수 가져오기"),
            "admin:import_old_counts",
        ),
        ("visits.change_daycount", _("다시 판정하기"), "admin:judge_visitors_again"),
    ]
    return [Link(title, reverse(name)) for right, title, name in places if user.has_perm(right)]


def _report(slug: str, title: Any, read: Callable[[Period, Any], Table], **more: Any) -> Report:
    more = {"note": settled} | more
    return Report(
        f"visits-{slug}", title, GROUP, PERMISSION, read, since=sums.first_day, links=links, **more
    )


def in_time(period: Period) -> str:
    """Explains a column that gnuboard does not have."""
    words = _("다시 온 사람은 그날 30분 넘게 쉬었다가 다시 온 접속자입니다.")
    return " ".join(filter(None, [settled(period), words]))


IN_TIME = {"chart": "columns", "charted": (1, 2, 5), "is_newest_first": True, "note": in_time}
register(
    _report("days", gettext_lazy("일"), days, **IN_TIME),
    _report("months", gettext_lazy("월"), months, **IN_TIME, days=365),
    _report("years", gettext_lazy("년"), years, **IN_TIME, days=3_653),
    _report("hours", gettext_lazy("시간"), hours, chart="columns"),
    _report("weekdays", gettext_lazy("요일"), weekdays, chart="columns"),
    _report("sites", Topic.SITE.label, _names(Topic.SITE, gettext_lazy("그 밖의 곳"))),
    _report("engines", Topic.ENGINE.label, _names(Topic.ENGINE, gettext_lazy("그 밖의 검색엔진"))),
    _report("words", Topic.WORDS.label, _names(Topic.WORDS, gettext_lazy("그 밖의 검색어"))),
    _report("landings", Topic.LANDING.label, _names(Topic.LANDING, gettext_lazy("그 밖의 페이지"))),
    _report("browsers", Topic.BROWSER.label, _names(Topic.BROWSER, gettext_lazy("기타"))),
    _report("systems", Topic.SYSTEM.label, _names(Topic.SYSTEM, gettext_lazy("기타"))),
    _report("devices", Topic.DEVICE.label, _names(Topic.DEVICE, gettext_lazy("기타"))),
    _report("robots", gettext_lazy("로봇"), robots, note=""),
    _report("robot-hours", gettext_lazy("로봇 시간"), robot_hours, chart="columns", note=""),
    _report(
        "suspicious",
        gettext_lazy("의심스러운 접속"),
        suspicious,
        note=gettext_lazy("접속자 기록이 남아 있는 날의 것만 보입니다."),
    ),
    come_first=True,
)
