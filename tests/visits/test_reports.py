"""접속자집계 in the admin: the numbers of each report, computed from known days."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from tests.conftest import make_member
from tests.page import Page
from visits.models import (
    DayCount,
    DaySum,
    DayVisitor,
    HourCount,
    Reason,
    RobotCount,
    Verdict,
    VisitSettings,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)  # a Tuesday
MONDAY = date(2026, 11, 23)
DAYS = {"from": "2026-11-22", "to": "2026-11-24"}
SEOUL = timezone.get_default_timezone()


@pytest.fixture
def as_clerk(db, log_in):
    """Staff who may see the counts, and nothing else."""
    member = make_member("clerk", "서기", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename="view_daycount"))
    return log_in(member)


@pytest.fixture(autouse=True)
def counted(db):
    """Monday, Tuesday, and Tuesday a year ago, which the older site counted."""
    settled = datetime(2026, 11, 24, 11, 55, tzinfo=SEOUL)
    DayCount.objects.create(
        day=MONDAY, visitors=10, suspicious=2, returning=3, page_views=40, settled_at=settled
    )
    DayCount.objects.create(
        day=TODAY, visitors=4, suspicious=1, returning=1, page_views=9, settled_at=settled
    )
    DayCount.objects.create(day=date(2025, 11, 25), imported=500)
    for day, hour, visitors, new, pages in (
        *((MONDAY, 9, 6, 5, 20), (MONDAY, 23, 5, 5, 20)),
        *((TODAY, 9, 3, 3, 8), (TODAY, 10, 2, 1, 1)),
    ):
        HourCount.objects.create(day=day, hour=hour, visitors=visitors, new=new, page_views=pages)
    HourCount.objects.filter(day=MONDAY, hour=9).update(suspicious=2)
    for day, topic, name, visitors in (
        *((MONDAY, "browser", "Chrome", 7), (MONDAY, "browser", "", 3)),
        *((TODAY, "browser", "Chrome", 1), (TODAY, "browser", "웨일", 3)),
        *((TODAY, "system", "Android", 4), (TODAY, "device", "휴대전화", 4)),
        *((TODAY, "site", "=cmd|' /C calc'!A1", 1), (TODAY, "site", "cafe.naver.com", 2)),
        *((TODAY, "engine", "네이버", 2), (TODAY, "words", "<b>벚꽃</b>", 2)),
        *((TODAY, "landing", "/free/", 3), (TODAY, "landing", "/<token>/", 1)),
    ):
        DaySum.objects.create(
            day=day, topic=topic, name=name, visitors=visitors, page_views=visitors * 2
        )
    for day, hour, name, standing, requests in (
        *((MONDAY, 3, "Yeti", "verified", 30), (TODAY, 3, "Yeti", "verified", 10)),
        *((TODAY, 4, "Yeti", "false", 5), (TODAY, 5, "curl", "", 60)),
    ):
        RobotCount.objects.create(
            day=day, hour=hour, name=name, standing=standing, requests=requests
        )


def visitor(key: int, **fields) -> DayVisitor:
    at = datetime(2026, 11, 24, 9, tzinfo=SEOUL)
    return DayVisitor.objects.create(
        **{"day": TODAY, "key": key, "first_at": at, "last_at": at, "page_views": 5} | fields
    )


@pytest.fixture
def table(as_clerk):
    """`table("hours", days)`: the rows of that report, headings first."""

    def read(name: str, days: dict[str, str] = DAYS) -> list[list[str]]:
        answer = as_clerk.get(f"/admin/reports/visits-{name}/", days)
        assert answer.status_code == 200
        shown = Page(answer.text).all(class_="report-table")
        lines = shown[0].one("table").all("tr") if shown else []
        return [[cell.text for cell in line.all() if cell.tag in ("th", "td")] for line in lines]

    return read


def test_days_include_empty_ones(table):
    assert table("days") == [
        ["날짜", "접속자", "이전 사이트", "다시 온 사람", "페이지뷰", "의심", "로봇 요청"],
        ["2026-11-24", "4", "", "1", "9", "1", "75"],
        ["2026-11-23", "10", "", "3", "40", "2", "30"],
        ["2026-11-22", "0", "", "0", "0", "0", "0"],
        ["합계", "14", "", "4", "49", "3", "105"],
    ]


def test_a_day_links_to_its_hours(as_clerk):
    page = Page(as_clerk.get("/admin/reports/visits-days/", DAYS).text)
    link = page.one(class_="report-table").all("a")[0]
    assert link["href"] == "/admin/reports/visits-hours/?from=2026-11-24&to=2026-11-24"
    assert as_clerk.get(link["href"]).status_code == 200


def test_months_and_years_are_summed_with_the_older_site_separate(table):
    days = {"from": "2025-11-01", "to": "2026-11-24"}
    months = table("months", days)
    assert len(months) == 15
    assert months[1] == ["2026-11", "14", "", "4", "49", "3", "105"]
    assert months[2] == ["2026-10", "0", "", "0", "0", "0", "0"]
    assert months[-2] == ["2025-11", "0", "500", "0", "0", "0", "0"]
    years = table("years", days)
    assert [line[:3] for line in years[1:]] == [
        ["2026", "14", ""],
        ["2025", "0", "500"],
        ["합계", "14", "500"],
    ]


def test_all_days_begin_with_the_first_counted_one(as_clerk):
    page = Page(as_clerk.get("/admin/reports/visits-years/").text)
    links = {link.text: link["href"] for link in page.one(class_="report-presets").all("a")}
    assert links["전체"] == "?from=2025-11-25&to=2026-11-24"


def test_hours(table):
    lines = table("hours")
    assert len(lines) == 26
    assert lines[0] == ["시간", "접속자", "처음 온 사람", "페이지뷰", "의심", "로봇 요청"]
    assert lines[1] == ["0시", "0", "0", "0", "0", "0"]
    assert lines[4] == ["3시", "0", "0", "0", "0", "40"]
    assert lines[10] == ["9시", "9", "8", "28", "2", "0"]
    assert lines[11] == ["10시", "2", "1", "1", "0", "0"]
    assert lines[24] == ["23시", "5", "5", "20", "0", "0"]
    assert lines[25] == [
        "합계",
        "",
        "14",
        "49",
        "2",
        "105",
    ]  # visitors who stay for hours count in each of them


def test_weekdays(table):
    days = {"from": "2026-11-11", "to": "2026-11-24"}  # two of each
    lines = table("weekdays", days)
    assert lines[1] == ["월요일", "10", "5", "40"]
    assert lines[2] == ["화요일", "4", "2", "9"]
    assert lines[7] == ["일요일", "0", "0", "0"]
    assert lines[8] == ["합계", "14", "1", "49"]


def test_weekdays_without_data(table):
    lines = table("weekdays", {"from": "2026-11-24", "to": "2026-11-24"})
    assert lines[1] == ["월요일", "0", "", "0"]


def test_browsers_are_sorted_by_frequency_with_the_unknown_last(table):
    assert table("browsers") == [
        ["브라우저", "접속자", "비율", "페이지뷰"],
        ["Chrome", "8", "57.1%", "16"],
        ["웨일", "3", "21.4%", "6"],
        ["기타", "3", "21.4%", "6"],
        ["합계", "14", "100.0%", "28"],
    ]
    assert table("browsers", {"from": "2026-11-23", "to": "2026-11-23"})[1][:2] == ["Chrome", "7"]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("systems", "Android"),
        ("devices", "휴대전화"),
        ("sites", "cafe.naver.com"),
        ("engines", "네이버"),
        ("words", "<b>벚꽃</b>"),
        ("landings", "/free/"),
    ],
)
def test_software_and_origins(table, name, first):
    assert table(name)[1][0] == first
    assert table(name, {"from": "2026-11-01", "to": "2026-11-02"}) == []


def test_the_first_page_is_a_link_unless_it_is_a_pattern(as_clerk):
    page = Page(as_clerk.get("/admin/reports/visits-landings/", DAYS).text)
    links = page.one(class_="report-table").all("a")
    assert [link["href"] for link in links] == ["/free/"]


def test_robots_by_their_names(table):
    assert table("robots") == [
        ["로봇", "요청", "확인됨", "이름을 속임"],
        ["curl", "60", "0", "0"],
        ["Yeti", "45", "40", "5"],
        ["합계", "105", "40", "5"],
    ]


def test_the_hours_of_the_busiest_robots(table):
    RobotCount.objects.create(day=TODAY, hour=3, name="", requests=50)
    lines = table("robot-hours")
    assert lines[0] == ["시간", "요청", "많이 온 로봇"]
    assert lines[1] == ["0시", "0", ""]
    assert lines[4] == ["3시", "90", "이름 없음 50, Yeti 40"]
    assert lines[5] == ["4시", "5", "Yeti 5"]
    assert lines[25] == ["합계", "155", ""]
    monday = {"from": "2026-11-23", "to": "2026-11-23"}
    assert table("robot-hours", monday)[4] == ["3시", "30", "Yeti 30"]


def test_why_visitors_are_taken_for_programs(table, as_owner):
    visitor(1)
    visitor(2, verdict=Verdict.SUSPICIOUS, reason=Reason.SPEED)
    visitor(3, verdict=Verdict.SUSPICIOUS, reason=Reason.SPEED)
    visitor(4, verdict=Verdict.SUSPICIOUS, reason=Reason.PACE)
    visitor(5, verdict=Verdict.SUSPICIOUS, reason=Reason.PACE, day=date(2026, 11, 1))
    assert table("suspicious") == [
        ["이유", "접속", "페이지뷰"],
        [Reason.SPEED.label, "2", "10"],
        [Reason.PACE.label, "1", "5"],
        ["합계", "3", "15"],
    ]
    # Users who may see visitors get links to them.
    page = Page(as_owner.get("/admin/reports/visits-suspicious/", DAYS).text)
    link = page.one(class_="report-table").all("a")[0]
    visitors = Page(as_owner.get(link["href"]).text)
    assert len(visitors.one("table", id="result_list").one("tbody").all("tr")) == 2


def test_users_who_may_not_see_visitors_get_no_links(as_clerk):
    visitor(2, verdict=Verdict.SUSPICIOUS, reason=Reason.SPEED)
    page = Page(as_clerk.get("/admin/reports/visits-suspicious/", DAYS).text)
    assert not page.one(class_="report-table").all("a")
    assert "접속자 목록" not in page.text


NAMES = (
    "days months years hours weekdays sites engines words landings browsers systems devices"
    " robots robot-hours suspicious"
).split()


@pytest.mark.parametrize("name", NAMES)
def test_the_permission_is_required(name, as_clerk, as_minji, log_in):
    address = f"/admin/reports/visits-{name}/"
    colleague = log_in(make_member("passerby", "낯선이", is_staff=True))
    assert as_clerk.get(address).status_code == 200
    assert colleague.get(address).status_code == 403
    assert as_minji.get(address).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_a_month_needs_as_many_queries_as_a_day(
    name, as_clerk, django_assert_max_num_queries, django_assert_num_queries
):
    address = f"/admin/reports/visits-{name}/"
    as_clerk.get(address)  # fills the caches of the process
    with django_assert_max_num_queries(10) as one_day:
        as_clerk.get(address, {"from": "2026-11-24", "to": "2026-11-24"})
    for number in range(1, 30):
        day = TODAY - timedelta(days=number)
        DayCount.objects.update_or_create(day=day, defaults={"visitors": number})
        DaySum.objects.create(day=day, topic="browser", name=f"Browser {number}", visitors=number)
    with django_assert_num_queries(len(one_day)):
        as_clerk.get(address, {"from": "2026-10-26", "to": "2026-11-24"})


def test_the_page_says_when_todays_numbers_were_computed(as_clerk):
    assert "오늘 숫자는 11:55에 집계했습니다." in as_clerk.get("/admin/reports/visits-days/").text
    past = as_clerk.get("/admin/reports/visits-days/", {"to": "2026-11-23"})
    assert "오늘 숫자" not in past.text
    DayCount.objects.filter(day=TODAY).update(settled_at=None)
    page = as_clerk.get("/admin/reports/visits-days/")
    assert "오늘 숫자는 아직 집계하지 않았습니다." in page.text


@pytest.mark.parametrize(
    ("name", "cell"), [("sites", "'=cmd|' /C calc'!A1"), ("words", "<b>벚꽃</b>")]
)
def test_case_62_visitors_text_is_no_formula_in_the_file(as_clerk, name, cell):
    answer = as_clerk.get(f"/admin/reports/visits-{name}/", DAYS | {"as": "csv"})
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(text)))
    assert cell in [line[0] for line in lines]
    assert answer["Content-Disposition"].endswith(f'visits-{name}-2026-11-22-2026-11-24.csv"')


def test_case_42_visitors_text_is_escaped_in_table_and_chart(as_clerk):
    page = as_clerk.get("/admin/reports/visits-words/", DAYS).text
    assert "<b>벚꽃" not in page
    assert page.count("&lt;b&gt;벚꽃") >= 3  # in the table, beside the bar, and in the tooltip


def test_the_older_site_is_named(table):
    VisitSettings.objects.update_or_create(pk=1, defaults={"imported_name": "옛 게시판"})
    VisitSettings.forget()
    assert table("days")[0][2] == "옛 게시판"
