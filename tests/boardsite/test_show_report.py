"""The common frame of all statistics: permissions, days, table, file."""

import csv
import io
from datetime import date

import pytest
from django.contrib.auth.models import Permission

from boardsite.reporting import reports
from boardsite.reporting.reports import Link, Period, Report, Table
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.any_database

PAGE = "/admin/reports/sales/"
FORMULA = "=cmd|' /C calc'!A1"


def read_sales(period, user):
    """A row per day: the sales, and the seller."""
    rows = [
        [str(day), 1_000 + number, "12.5%", FORMULA] for number, day in enumerate(period.days())
    ]
    total = sum(row[1] for row in rows)
    return Table(["날짜", "수", "비율", "이름"], rows, ["합계", total, None, ""])


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day = date(2026, 11, 25)
    monkeypatch.setattr("boardsite.views.reports.today", lambda: day)
    return day


@pytest.fixture(autouse=True)
def shop(monkeypatch):
    """A site with two reports that need different permissions."""
    monkeypatch.setattr(reports, "_reports", {})
    reports.register(
        Report("sales", "판매", "가게", "accounts.view_member", read_sales, chart="columns"),
        Report(
            "stock", "재고", "가게", "boards.view_board", lambda period, user: Table(["물건"], [])
        ),
    )


def change(**fields) -> None:
    """Replaces the report of sales by one with these fields."""
    old = reports._reports["sales"]
    reports.register(Report(**{name: getattr(old, name) for name in vars(old)} | fields))


@pytest.fixture
def as_clerk(db, log_in):
    """Staff who may view members, hence the sales, and nothing else."""
    member = make_member("clerk", "서기", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename="view_member"))
    return log_in(member)


@pytest.fixture
def as_unprivileged(db, log_in):
    """Staff without any permission."""
    return log_in(make_member("passerby", "낯선이", is_staff=True))


def table_of(page: Page):
    """The report's table, because the admin's menu consists of tables too."""
    return page.one("div", class_="report-table").one("table")


def rows_of(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text)))


def test_the_clerk_sees_the_last_thirty_days(as_clerk):
    answer = as_clerk.get(PAGE)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    page = Page(answer.text)
    table = table_of(page)
    assert table.one("caption").text == "2026-10-27부터 2026-11-25까지"
    assert len(table.one("tbody").all("tr")) == 30
    first = table.one("tbody").all("tr")[0]
    assert first.one("th", scope="row").text == "2026-10-27"
    number, share, name = first.all("td")
    assert (number.text, number.classes) == ("1,000", ["number"])
    assert share.classes == ["number"]
    assert name.classes == []
    assert table.one("tfoot").text == "합계 30,435"
    assert page.one("svg", role="img").one("title", id="chart-title").text == "가게: 판매"


def test_the_clerk_sees_only_permitted_reports(as_clerk):
    lists = Page(as_clerk.get(PAGE).text).one("nav", class_="report-list")
    [link] = lists.all("a")
    assert link.text == "판매"
    assert link["aria-current"] == "page"
    assert as_clerk.get("/admin/reports/stock/").status_code == 403
    assert as_clerk.get("/admin/reports/stock/?as=csv").status_code == 403


def test_the_owner_sees_all_reports_and_keeps_the_chosen_days(as_owner):
    page = Page(as_owner.get(PAGE, {"from": "2026-11-01", "to": "2026-11-03"}).text)
    links = page.one("nav", class_="report-list").all("a")
    assert [link.text for link in links] == ["판매", "재고"]
    assert links[1]["href"] == "/admin/reports/stock/?from=2026-11-01&to=2026-11-03"
    assert "아무것도 없습니다" in as_owner.get("/admin/reports/stock/").text


def test_staff_without_permission_are_refused(as_unprivileged):
    assert as_unprivileged.get(PAGE).status_code == 403
    assert as_unprivileged.get(PAGE + "?as=csv").status_code == 403
    assert as_unprivileged.get("/admin/reports/").status_code == 403


@pytest.mark.parametrize("visitor", ["as_guest", "as_minji"])
def test_members_who_are_not_staff_are_sent_to_log_in(request, db, visitor):
    for address in (PAGE, "/admin/reports/", PAGE + "?as=csv", "/admin/reports/nothing/"):
        answer = request.getfixturevalue(visitor).get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_an_unknown_report_is_not_found(as_owner):
    assert as_owner.get("/admin/reports/nothing/").status_code == 404


def test_nothing_can_be_posted(as_owner):
    assert as_owner.post(PAGE).status_code == 405


def test_the_statistics_begin_with_the_first_permitted_report(as_clerk, as_owner):
    assert as_clerk.get("/admin/reports/")["Location"] == PAGE
    change(permission="accounts.nobody")
    assert as_clerk.get("/admin/reports/").status_code == 403


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({}, "2026-10-27", "2026-11-25"),
        ({"from": "", "to": ""}, "2026-10-27", "2026-11-25"),
        ({"from": "2026-11-20"}, "2026-11-20", "2026-11-25"),
        ({"to": "2026-09-30"}, "2026-09-01", "2026-09-30"),
        ({"from": "2026-11-25", "to": "2026-11-25"}, "2026-11-25", "2026-11-25"),
        ({"from": "2026-11-01", "to": "2026-12-31"}, "2026-11-01", "2026-11-25"),  # in the future
        ({"from": "2000-01-01", "to": "2026-11-25"}, "2000-01-01", "2026-11-25"),
    ],
)
def test_the_range_of_days(as_owner, query, first, last):
    page = Page(as_owner.get(PAGE, query).text)
    assert page.one("input", name="from")["value"] == first
    assert page.one("input", name="to")["value"] == last
    caption = table_of(page).one("caption").text
    assert caption == (first if first == last else f"{first}부터 {last}까지")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"from": "2026-11-31"}, "날짜를 2026-01-31처럼 적어 주세요."),
        ({"from": "어제"}, "날짜를 2026-01-31처럼 적어 주세요."),
        ({"to": '"><script>alert(1)</script>'}, "날짜를 2026-01-31처럼 적어 주세요."),
        ({"from": "2026-11-20", "to": "2026-11-10"}, "끝날이 첫날보다 앞섭니다."),
        ({"from": "2026-11-26"}, "아직 오지 않은 날입니다."),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "아직 오지 않은 날입니다."),
        ({"from": "1999-12-31"}, "2000년 1월 1일부터 볼 수 있습니다."),
        ({"to": "0001-01-01"}, "2000년 1월 1일부터 볼 수 있습니다."),
    ],
)
def test_invalid_days_are_explained_and_stay_in_the_form(as_owner, query, words):
    answer = as_owner.get(PAGE, query | {"as": "csv"})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert words in page.text
    for name, typed in query.items():
        assert page.one("input", name=name)["value"] == typed
    assert not page.all(class_="report-table")
    assert "<script>alert" not in answer.text


def test_presets_are_links_and_the_current_one_is_marked(as_owner):
    change(since=lambda: date(2026, 3, 14))
    page = Page(as_owner.get(PAGE).text)
    presets = {link.text: link for link in page.one("ul", class_="report-presets").all("a")}
    assert {name: link["href"] for name, link in presets.items()} == {
        "오늘": "?from=2026-11-25&to=2026-11-25",
        "어제": "?from=2026-11-24&to=2026-11-24",
        "최근 7일": "?from=2026-11-19&to=2026-11-25",
        "최근 30일": "?from=2026-10-27&to=2026-11-25",
        "올해": "?from=2026-01-01&to=2026-11-25",
        "전체": "?from=2026-03-14&to=2026-11-25",
    }
    current = [name for name, link in presets.items() if "aria-current" in link.attributes]
    assert current == ["최근 30일"]


def test_all_days_of_a_report_without_a_first_day(as_owner):
    assert "?from=2017-11-01&amp;to=2026-11-25" in as_owner.get(PAGE).text


def test_case_62_the_file_has_the_table_without_formulas(as_clerk):
    answer = as_clerk.get(PAGE, {"from": "2026-11-01", "to": "2026-11-03", "as": "csv"})
    name = 'attachment; filename="sales-2026-11-01-2026-11-03.csv"'
    assert answer["Content-Disposition"] == name
    assert rows_of(answer) == [
        ["날짜", "수", "비율", "이름"],
        *([f"2026-11-0{day}", f"{999 + day}", "12.5%", f"'{FORMULA}"] for day in (1, 2, 3)),
        ["합계", "3003", "", ""],
    ]


def test_a_long_table_is_cut_and_says_where_the_rest_is(as_owner):
    query = {"from": "2020-01-01", "to": "2026-11-25"}
    page = Page(as_owner.get(PAGE, query).text)
    assert len(table_of(page).one("tbody").all("tr")) == 500
    assert "2,521줄 가운데 500줄입니다" in page.text
    assert len(rows_of(as_owner.get(PAGE, query | {"as": "csv"}))) == 2_523


def test_a_report_over_time_lists_the_newest_first(as_owner):
    change(is_newest_first=True)
    query = {"from": "2026-11-01", "to": "2026-11-03"}
    page = Page(as_owner.get(PAGE, query).text)
    assert table_of(page).one("tbody").all("th")[0].text == "2026-11-03"
    assert page.all("g", class_="chart-piece")[0].text == "2026-11-01: 1,000"
    assert rows_of(as_owner.get(PAGE, query | {"as": "csv"}))[1][0] == "2026-11-03"


def test_a_cell_with_a_link(as_owner):
    link = Link("<b>글</b>", "/free/1/?a=1&b=2")
    change(read=lambda period, user: Table(["글", "수"], [[link, 3]]))
    answer = as_owner.get(PAGE)
    assert '<a href="/free/1/?a=1&amp;b=2">&lt;b&gt;글&lt;/b&gt;</a>' in answer.text
    assert rows_of(as_owner.get(PAGE + "?as=csv"))[1] == ["<b>글</b>", "3"]


def test_a_note_may_depend_on_the_days_and_links_on_the_user(as_owner, owner):
    change(
        note=lambda period: f"{period.last}에 집계했습니다.",
        links=lambda user: [Link(f"{user.username}의 목록", "/admin/")],
    )
    page = Page(as_owner.get(PAGE).text)
    assert "2026-11-25에 집계했습니다." in page.text
    assert "owner의 목록" in page.one("ul", class_="report-links").text


def test_read_gets_the_user(as_owner, owner):
    asked = []
    change(read=lambda period, user: asked.append((period, user)) or Table(["날짜"], []))
    as_owner.get(PAGE, {"from": "2026-11-01", "to": "2026-11-02"})
    assert asked == [(Period(date(2026, 11, 1), date(2026, 11, 2)), owner)]
