"""Days and visitors in the admin are read-only."""

import csv
import io
from datetime import date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.conftest import make_member
from tests.page import Page
from visits.admin.visitors import ShortPaginator
from visits.models import DayCount, DaySum, DayVisitor, Reason, Topic, Verdict, VisitSettings

pytestmark = pytest.mark.django_db

LIST = "admin:visits_daycount_changelist"
VISITORS = "/admin/visits/dayvisitor/"
STATISTICS = "/admin/reports/visits-days/"
SETTINGS = "/admin/visits/visitsettings/1/change/"
SEOUL = timezone.get_default_timezone()


@pytest.fixture
def day():
    return DayCount.objects.create(day=date(2026, 11, 23), visitors=2_108)


@pytest.fixture
def visitors(db):
    """A person from a search, a member, and a visitor who was judged to be a program."""
    at = datetime(2026, 11, 24, 9, 5, tzinfo=SEOUL)
    rows = [
        {
            "browser": "Chrome",
            "system": "Windows",
            "device": "PC",
            "channel": "search",
            "site": "search.naver.com",
            "engine": "네이버",
            "words": "=벚꽃+축제",
            "landing": "/free/12/",
        },
        {"is_member": True, "browser": "웨일", "device": "휴대전화", "landing": "/"},
        {
            "verdict": Verdict.SUSPICIOUS,
            "reason": Reason.SPEED,
            "channel": "site",
            "site": "cafe.example",
        },
    ]
    for key, fields in enumerate(rows):
        last = at.replace(minute=20)
        common = {"day": at.date(), "key": 987_654_321 + key, "first_at": at, "last_at": last}
        DayVisitor.objects.create(page_views=7, visits=2, **common, **fields)
    for topic, name in ((Topic.BROWSER, "Chrome"), (Topic.DEVICE, "PC")):
        DaySum.objects.create(day=at.date(), topic=topic, name=name, visitors=1)


@pytest.fixture
def as_unprivileged(db, log_in):
    """Staff who may see the counts, but no visitors."""
    member = make_member("passerby", "낯선이", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename="view_daycount"))
    return log_in(member)


def lines_of(client, **query: str) -> list[str]:
    """The list of visitors as text."""
    answer = client.get(VISITORS, query)
    assert answer.status_code == 200
    found = Page(answer.text).all("table", id="result_list")
    return [line.text for line in found[0].one("tbody").all("tr")] if found else []


def test_the_owner_sees_the_days(as_owner, day):
    page = as_owner.get(reverse(LIST), follow=True)
    assert page.redirect_chain == [("/admin/reports/visits-days/", 302)]
    assert page.status_code == 200
    assert "접속자집계" in page.text


@pytest.mark.parametrize("action", ["change", "delete"])
def test_the_owner_cannot_change_them(as_owner, day, action):
    address = reverse(f"admin:visits_daycount_{action}", args=[day.pk])
    as_owner.post(address, {"day": "2026-11-23", "visitors": "1"})
    assert DayCount.objects.get().visitors == 2_108


def test_days_cannot_be_added(as_owner):
    assert as_owner.get(reverse("admin:visits_daycount_add")).status_code == 403


def test_anonymous_visitors_are_sent_to_log_in(client, day):
    for address in (reverse(LIST), VISITORS, VISITORS + "export/", SETTINGS):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]


def test_the_owner_sees_visitors_without_addresses(as_owner, visitors):
    program, member, person = lines_of(as_owner)
    assert person == (
        "11-24 09:05 ~ 09:20 사람 7 2 Chrome, Windows, PC 네이버: =벚꽃+축제 /free/12/"
    )
    assert member == "11-24 09:05 ~ 09:20 사람, 회원 7 2 웨일, 휴대전화 직접 /"
    assert f"의심: {Reason.SPEED.label}" in program
    assert "98765432" not in as_owner.get(VISITORS).text  # the number is not shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"verdict__exact": "person"}, 2),
        ({"verdict__exact": "suspicious"}, 1),
        ({"channel__exact": "search"}, 1),
        ({"device": "PC"}, 1),
        ({"browser": "Chrome"}, 1),
        ({"is_member__exact": "1"}, 1),
        ({"day__year": "2026", "day__month": "11", "day__day": "24"}, 3),
        ({"day__year": "2026", "day__month": "11", "day__day": "23"}, 0),
        ({"q": "벚꽃"}, 1),
        ({"q": "cafe.example"}, 1),
        ({"q": "/free/"}, 1),
        ({"q": "웨일"}, 1),
        ({"q": "없는 말"}, 0),
    ],
)
def test_the_list_is_filtered_and_searched(as_owner, visitors, query, found):
    assert len(lines_of(as_owner, **query)) == found


def test_many_visitors_need_no_more_queries(as_owner, visitors):
    as_owner.get(VISITORS)
    few = _queries_of(as_owner)
    at = datetime(2026, 11, 24, 10, tzinfo=SEOUL)
    DayVisitor.objects.bulk_create(
        DayVisitor(day=at.date(), key=key, first_at=at, last_at=at) for key in range(60)
    )
    assert _queries_of(as_owner) == few
    assert len(lines_of(as_owner)) == 50


def test_the_file_has_the_filtered_list_without_formulas(as_owner, visitors):  # case 62
    answer = as_owner.get(VISITORS + "export/", {"verdict__exact": "person"})
    assert answer["Content-Disposition"] == 'attachment; filename="visitors-20261124.csv"'
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    head, *rows = csv.reader(io.StringIO(text))
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["회원"] for row in found] == ["Y", ""]
    assert found[1] == {
        "날짜": "2026-11-24",
        "처음 온 시각": "09:05",
        "마지막": "09:20",
        "회원": "",
        "판정": "사람",
        "이유": "",
        "페이지뷰": "7",
        "방문": "2",
        "브라우저": "Chrome",
        "운영체제": "Windows",
        "접속기기": "PC",
        "접속경로": "검색엔진",
        "도메인": "search.naver.com",
        "검색엔진": "네이버",
        "검색어": "'=벚꽃+축제",
        "처음 본 페이지": "/free/12/",
    }


def test_staff_without_the_permission_see_no_visitors(as_unprivileged, visitors):
    visitor = DayVisitor.objects.first()
    for address in (VISITORS, VISITORS + "export/", f"{VISITORS}{visitor.pk}/change/"):
        assert as_unprivileged.get(address).status_code == 403


def test_visitors_are_read_only(as_owner, visitors):
    visitor = DayVisitor.objects.filter(verdict=Verdict.SUSPICIOUS).get()
    for action in ("change", "delete"):
        as_owner.post(f"{VISITORS}{visitor.pk}/{action}/", {"verdict": "person", "post": "yes"})
    as_owner.post(VISITORS, {"action": "delete_selected", "_selected_action": visitor.pk})
    assert as_owner.get(VISITORS + "add/").status_code == 403
    visitor.refresh_from_db()
    assert visitor.verdict == Verdict.SUSPICIOUS


def test_the_list_is_counted_only_as_far_as_it_is_shown(as_owner, visitors, monkeypatch):
    monkeypatch.setattr(ShortPaginator, "most", 2)
    assert "접속자 2개" in Page(as_owner.get(VISITORS).text).one("p", class_="paginator").text


def test_the_owner_sets_how_long_visitors_are_kept(as_owner):
    VisitSettings.load()
    page = Page(as_owner.get(SETTINGS).text)
    assert "날짜별 합계만 계속 남습니다" in page.text
    form = {
        "keep_days": "7",
        "present_minutes": "5",
        "shows_present": "on",
        "imported_name": "옛 게시판",
    }
    assert as_owner.post(SETTINGS, form).status_code == 302
    assert VisitSettings.known().keep_days == 7


def test_staff_without_the_permission_cannot_change_the_settings(as_unprivileged):
    VisitSettings.load()
    assert as_unprivileged.post(SETTINGS, {"keep_days": "366"}).status_code == 403
    assert VisitSettings.load().keep_days == 30


def test_the_pages_link_to_each_other(as_owner, visitors):
    VisitSettings.load()
    pages = {
        "/admin/reports/visits-days/": {VISITORS, "/admin/visits/visitsettings/"},
        VISITORS: {"/admin/reports/visits-days/", "/admin/visits/visitsettings/"},
        SETTINGS: {"/admin/reports/visits-days/", VISITORS},
    }
    for address, wanted in pages.items():
        content = Page(as_owner.get(address).text).one(id="content")
        assert wanted <= {link["href"] for link in content.all("a")}, address


def _queries_of(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(VISITORS)
    return len(queries)


MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_case_42_markup_in_what_a_browser_says_is_text_for_the_staff(client, admin_client):
    """User agent, referrer and address headers: in the counts, in the sessions, in a member's
    record."""
    from accounts.models import Device, Member

    member = Member.objects.create_user("minji", "minji@example.com", "correct-horse-42")
    sent = {
        "user-agent": f"Mozilla/5.0 {MARKUP} (Windows NT 10.0) Chrome/130.0",
        "referer": f"https://evil.example/?{MARKUP}",
        "x-forwarded-for": MARKUP,
        "x-real-ip": MARKUP,
        "accept-language": MARKUP,
    }
    client.get("/", headers=sent)
    form = {"login": "minji", "password": "correct-horse-42"}
    # A log-in from a foreign page would be refused, so there is no referrer.
    client.post("/accounts/login/", form, headers={**sent, "referer": ""})
    Device.objects.create(member=member, key_hash="x", name=MARKUP[:40])
    member.events.create(kind="device", words=MARKUP)
    member.notes.create(text=MARKUP)
    pages = {
        "/admin/reports/visits-days/": admin_client,
        "/admin/reports/visits-browsers/": admin_client,
        "/admin/reports/visits-sites/": admin_client,
        VISITORS: admin_client,
        f"/admin/accounts/member/{member.pk}/change/": admin_client,
        f"/admin/accounts/member/{member.pk}/record/": admin_client,
        "/admin/accounts/member/": admin_client,
        "/accounts/sessions/": client,
    }
    for address, browser in pages.items():
        page = browser.get(address)
        assert page.status_code == 200, address
        assert "<script>alert(1)" not in page.text, address
        assert "<img src=x" not in page.text, address
    assert (
        "&lt;script&gt;alert(1)"
        in admin_client.get(f"/admin/accounts/member/{member.pk}/record/").text
    )


def test_the_counts_on_each_page_link_staff_to_the_statistics(as_unprivileged, as_minji, as_guest):
    assert Page(as_unprivileged.get("/").text).one("a", href=STATISTICS).text == "접속자 통계"
    for client in (as_minji, as_guest):
        assert STATISTICS not in client.get("/").text


def test_staff_without_the_permission_get_no_link(log_in, db):
    clerk = log_in(make_member("clerk", "서기", is_staff=True))
    assert STATISTICS not in clerk.get("/").text
