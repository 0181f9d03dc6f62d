"""The admin's first page shows the course of the site and its problems, to each staff member within
their permissions."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.messages import report_message, send_message
from accounts.models import Member, MemberSettings
from boards.actions.posts import hide_post, write_post
from boards.actions.reports import report_comment, report_post
from boards.models import Post
from boardsite.caching.ttl_cache import TTLCache
from boardsite.databases import schema
from boardsite.databases.day_counts import count_by_day, midnight
from boardsite.models import ChoreRun, OneRow, SiteSettings
from boardsite.reporting import alarms, dashboard
from boardsite.reporting.dashboard import Alarm, Card, change_between, read_dashboard
from boardsite.reporting.reports import Period
from boardsite.server.timetable import CHORES
from boardsite.visitors.identity import today
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.django_db
ADMIN = "/admin/"
ALL_WELL = "모두 괜찮습니다."
QUERIES_FIRST = 42  # in a process with empty caches
QUERIES = (
    # the session, the member, the version of the settings, the chores, the counts that are not
    # cached, the skipped first steps and the legal texts
    19
)


@pytest.fixture(autouse=True)
def all_is_well(monkeypatch, board):
    """The owner has named the site and created a board, the chores run, the disk is empty."""
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "골목", "company": "골목 모임"})
    OneRow.forget()
    now = timezone.now()
    ChoreRun.objects.bulk_create(ChoreRun(name=name, ended_at=now) for name in CHORES)
    monkeypatch.setattr(alarms, "read_disks", lambda: {(90, 100)})


def staff(log_in, *rights: str):
    member = make_member("clerk", "서기", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return log_in(member)


def test_the_owner_sees_the_course_of_the_site(as_owner, post, comment):
    page = as_owner.get(ADMIN)
    assert page.status_code == 200
    assert ALL_WELL in page.text
    for title in ("오늘 쓴 글", "오늘 쓴 댓글", "지난 7일 가입"):
        assert title in page.text
    assert '<dd class="value">1개</dd>' in page.text
    assert "통계 모두 보기" in page.text


def test_each_page_of_the_admin_links_to_the_statistics_that_the_user_may_see(log_in):
    client = staff(log_in, "view_member")
    for path in (ADMIN, "/admin/accounts/member/", "/admin/reports/sign-ups/"):
        link = Page(client.get(path).content).one(class_="to-statistics").one("a")
        assert (link.text, link["href"]) == ("통계", "/admin/reports/sign-ups/")


def test_members_who_are_not_staff_are_refused(as_guest, as_junho, post):
    for browser in (as_guest, as_junho):
        page = browser.get(ADMIN)
        assert page.status_code in (302, 403)
        assert "오늘 쓴 글" not in page.text


def test_staff_without_permissions_see_no_cards(log_in, post, comment, junho):
    Member.objects.filter(pk=junho.pk).update(pending_since=timezone.now())
    report_post(post=post, member=junho, reason="spam")
    MemberSettings.objects.update_or_create(pk=1, defaults={"confirms_email": True})
    ChoreRun.objects.update(ended_at=timezone.now() - timedelta(days=9))
    SiteSettings.objects.update(name="우리 게시판", company="")
    TTLCache.forget_all()
    page = staff(log_in).get(ADMIN)
    assert page.status_code == 200
    assert "지금 살펴볼 것이 없습니다." in page.text
    assert ALL_WELL not in page.text
    assert 'class="card"' not in page.text
    assert "통계" not in page.text


@pytest.mark.parametrize(
    ("right", "title"),
    [
        ("view_post", "오늘 쓴 글"),
        ("view_comment", "오늘 쓴 댓글"),
        ("view_member", "지난 7일 가입"),
    ],
)
def test_staff_see_only_the_cards_of_their_permissions(log_in, post, comment, right, title):
    text = staff(log_in, right).get(ADMIN).text
    assert text.count('class="card"') == 1
    assert title in text


def test_a_failing_card_hides_no_other(as_owner, post, monkeypatch, caplog):
    def broken_card(user):
        raise ValueError("kaputt")

    broken_card.__module__ = "boards.dashboard"
    monkeypatch.setattr(dashboard, "_cards", [broken_card, *dashboard._cards])
    page = as_owner.get(ADMIN)
    assert page.status_code == 200
    assert "현황의 한 부분(게시판: broken_card)을 읽지 못했습니다." in page.text
    assert "오늘 쓴 글" in page.text
    assert ALL_WELL not in page.text
    assert "kaputt" not in page.text
    assert "boards.dashboard.broken_card" in caplog.text


def test_an_alarm_that_fails_half_way_hides_no_other(owner, monkeypatch):
    def broken_alarms(user):
        yield Alarm("eins")
        raise ValueError

    monkeypatch.setattr(dashboard, "_alarms", [broken_alarms, lambda user: [Alarm("zwei")]])
    shown = read_dashboard(owner).alarms
    assert [alarm.is_wrong for alarm in shown] == [True, False]
    assert shown[1].text == "zwei"


def test_broken_things_come_before_waiting_ones(owner, monkeypatch):
    found = [Alarm("wartet"), Alarm("kaputt", is_wrong=True), Alarm("wartet auch")]
    monkeypatch.setattr(dashboard, "_alarms", [lambda user: found])
    texts = [alarm.text for alarm in read_dashboard(owner).alarms]
    assert texts == ["kaputt", "wartet", "wartet auch"]


def test_cards_are_ordered_by_place(owner, monkeypatch):
    cards = [Card("b", "1"), Card("a", "1", place=1), None]
    monkeypatch.setattr(dashboard, "_cards", [lambda user, card=card: card for card in cards])
    assert [card.title for card in read_dashboard(owner).cards] == ["a", "b"]


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (10, 15, "50% 늘었습니다."),
        (10, 5, "50% 줄었습니다."),
        (10, 10, "그대로입니다."),
        (0, 5, ""),
        (10, 0, "100% 줄었습니다."),
    ],
)
def test_a_change_is_described_in_words(before, now, words):
    assert Card("글", "1", change=change_between(before, now)).change_words == words


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    as_owner, board, minji, junho, comment
):
    def queries(*, remembers: bool) -> int:
        if not remembers:
            TTLCache.forget_all()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert as_owner.get(ADMIN).status_code == 200
        return len(captured)

    as_owner.get(ADMIN)
    few = queries(remembers=False), queries(remembers=True)
    assert few[0] <= QUERIES_FIRST
    assert few[1] <= QUERIES
    for number in range(20):
        post = write_post(author=minji, board=board, subject=f"글 {number}", source="글")
        report_post(post=post, member=junho, reason="spam")
        make_member(f"m{number}", f"새 회원 {number}", pending_since=timezone.now())
    # Reports exist now, so one query counts those that hide something; and one looks for the demo
    # again, because posts were written.
    many = queries(remembers=False), queries(remembers=True)
    assert many[0] <= min(few[0] + 2, QUERIES_FIRST)
    assert many[1] <= min(few[1] + 1, QUERIES)


def test_days_are_days_in_seoul(post):
    """A minute before midnight in Seoul belongs to the day before, and today to no past day."""
    day = today()
    for moment in (midnight(day) - timedelta(minutes=1), midnight(day)):
        Post.objects.filter(pk=post.pk).update(created_at=moment)
        counts = count_by_day(
            Post.objects.all(), "created_at", Period(day - timedelta(days=1), day)
        )
        assert counts == ([0, 1] if moment == midnight(day) else [1, 0])


# -- what waits ------------------------------------------------------------------------------------
def alarms_of(user) -> list[str]:
    TTLCache.forget_all()
    return [alarm.text for alarm in read_dashboard(user).alarms]


def test_reports_are_shown_to_staff_who_may_judge_them(
    post, comment, minji, junho, moderator, owner, log_in
):
    report_post(post=post, member=junho, reason="spam")
    report_comment(comment=comment, member=minji, reason="abuse")
    hide_post(post=post, by=None, reason="신고")
    words = "신고 2건이 판정을 기다립니다. 그 가운데 1건은 그때까지 숨겨져 있습니다."
    assert words in alarms_of(owner)
    moderator.is_staff = True
    assert alarms_of(moderator) == [words]
    clerk = make_member("clerk", "서기", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_post"))
    assert alarms_of(clerk) == []


def test_waiting_members_are_shown_to_staff_who_may_approve_them(as_owner, owner, junho, log_in):
    Member.objects.filter(pk=junho.pk).update(pending_since=timezone.now())
    words = "가입 승인을 기다리는 회원이 1명 있습니다."
    assert words in alarms_of(owner)
    page = as_owner.get(ADMIN).text
    assert "/admin/accounts/member/?pending=1" in page
    as_clerk = staff(log_in, "view_member")  # may view members, but not approve them
    assert words not in as_clerk.get(ADMIN).text


def test_only_owners_see_reported_messages(minji, junho, owner):
    [message] = send_message(sender=junho, receivers=[minji], text="사세요")
    report_message(message=message, member=minji, reason="광고")
    words = "지난 7일 동안 신고된 쪽지가 1통 있습니다."
    assert words in alarms_of(owner)
    clerk = make_member("clerk", "서기", is_staff=True)
    clerk.user_permissions.set(Permission.objects.all())
    assert words not in alarms_of(clerk)


def test_a_site_without_a_board_is_an_alarm(owner, board):
    board.delete()
    assert alarms_of(owner) == ["게시판이 하나도 없습니다."]


# -- what is broken --------------------------------------------------------------------------------
def test_an_unnamed_site_is_an_alarm_for_staff_who_may_name_it(owner, minji):
    SiteSettings.objects.update(name="우리 게시판", company="")
    words = [
        "사이트 이름을 아직 정하지 않았습니다.",
        "모든 페이지 아래에 보일 사이트 정보가 비어 있습니다.",
    ]
    assert alarms_of(owner) == words
    assert alarms_of(minji) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"DEBUG": True}, "개발 방식(DEBUG)"),
        ({"SITE_URL": "http://board.example.org", "HTTPS": False}, "HTTPS를 쓰지 않아"),
        (
            {
                "SITE_URL": "https://board.example.org",
                "HTTPS": True,
                "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
            },
            "메일 서버를 정하지 않아 비밀번호 찾기",
        ),
    ],
)
def test_only_owners_see_unsafe_settings(owner, settings, changed, words):
    assert alarms_of(owner) == []
    for name, value in changed.items():
        setattr(settings, name, value)
    [sentence] = alarms_of(owner)
    assert words in sentence
    clerk = make_member("clerk", "서기", is_staff=True)
    clerk.user_permissions.set(Permission.objects.all())
    assert alarms_of(clerk) == []


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("http://192.168.0.7", False),
        ("http://nas.local", False),
        ("http://pado.kr", True),
        ("http://8.8.8.8", True),
    ],
)
def test_a_site_in_a_private_network_is_not_public(settings, address, is_public):
    settings.SITE_URL = address
    assert alarms.is_public() is is_public


def test_sign_ups_that_nobody_can_complete_are_an_alarm(owner, settings):
    MemberSettings.objects.update_or_create(pk=1, defaults={"confirms_email": True})
    assert alarms_of(owner) == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "새 회원이 로그인하지 못합니다" in alarms_of(owner)[0]


def test_a_full_disk_is_an_alarm(owner, monkeypatch):
    monkeypatch.setattr(alarms, "read_disks", lambda: {(5 * 2**30, 100 * 2**30)})
    assert alarms_of(owner) == ["디스크가 거의 찼습니다: 남은 곳 5.0 GB(5%)."]


def test_the_disks_are_those_of_the_data_folders(settings, tmp_path, monkeypatch):
    monkeypatch.undo()
    settings.DATA_DIR = tmp_path
    [(free, total)] = alarms.read_disks()
    assert 0 < free < total


def test_missing_migrations_are_an_alarm(owner, monkeypatch):
    assert alarms_of(owner) == []
    names = {(app, name) for app, name in [("boards", "0001_initial")]}
    recorder = SimpleNamespace(applied_migrations=lambda: dict.fromkeys(names))
    monkeypatch.setattr(schema, "MigrationRecorder", lambda connection: recorder)
    assert "manage.py update" in alarms_of(owner)[0]
