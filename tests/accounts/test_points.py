"""포인트: given once, taken back, spent down to 0 at most, expired on their day."""

import datetime
import uuid
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.points import (
    NotEnoughPoints,
    expire_points,
    give_points,
    spend_points,
    take_back,
)
from accounts.models import Member, PointEntry, PointSettings
from boardsite.models import OneRow
from tests.accounts.test_sign_up import sign_up
from tests.boards.browsing import all_at_once
from tests.page import Page, follow

Kind = PointEntry.Kind


def give(member, amount=20, about="post:1"):
    return give_points(member=member, kind=Kind.WRITE, about=about, text="글쓰기", amount=amount)


def spend(member, amount=20, about="file:1"):
    spend_points(member=member, kind=Kind.DOWNLOAD, about=about, text="내려받기", amount=amount)


def balance(member) -> int:
    """The member's points, which must equal the sum of the ledger."""
    member.refresh_from_db()
    total = member.point_entries.aggregate(total=Sum("amount"))["total"] or 0
    assert member.points == total
    return total


def test_an_action_counts_once(points_on, minji, junho):
    assert give(minji)
    assert not give(minji, amount=50)
    assert balance(minji) == 20
    assert balance(junho) == 0


def test_while_points_are_off_nothing_is_given_or_charged(minji):
    assert not give(minji)
    spend(minji)
    assert balance(minji) == 0
    assert not PointEntry.objects.exists()


def test_robots_get_and_pay_nothing(points_on, minji):
    Member.objects.update(is_robot=True)
    minji.refresh_from_db()
    give(minji)
    spend(minji)
    assert not PointEntry.objects.exists()


def test_missing_points_are_not_spent(points_on, minji):
    give(minji, 19)
    with pytest.raises(NotEnoughPoints, match="20포인트가 드는데 지금 19포인트"):
        spend(minji, 20)
    assert balance(minji) == 19


# case 75
def test_one_of_ten_parallel_spenders_of_the_last_points_succeeds(points_on, side_by_side, minji):
    OneRow.forget()
    give(minji, 20)

    def try_to_spend(number):
        try:
            spend(minji, 20, f"file:{number}")
        except NotEnoughPoints:
            return False
        return True

    done = all_at_once([partial(try_to_spend, number) for number in range(10)])
    assert sum(done) == 1
    assert balance(minji) == 0


def test_the_same_parallel_action_is_paid_and_rewarded_once(points_on, side_by_side, minji):
    all_at_once([partial(give, minji, 50)] * 5)
    assert balance(minji) == 50
    all_at_once([partial(spend, minji, 20)] * 5)
    assert balance(minji) == 30


# case 78
def test_spending_before_deleting_gains_nothing(points_on, minji):
    give(minji, 20)
    spend(minji, 20)
    take_back(member=minji.pk, kind=Kind.WRITE, about="post:1")
    assert balance(minji) == -20
    take_back(member=minji.pk, kind=Kind.WRITE, about="post:1")
    assert balance(minji) == -20
    with pytest.raises(NotEnoughPoints):
        spend(minji, 1, "file:2")


def keep_days(settings, days):
    settings.keep_days = days
    settings.save()
    OneRow.forget()


def test_points_that_expire_first_are_spent_first(points_on, minji):
    today = timezone.localdate()
    keep_days(points_on, 10)
    give(minji, 30, "later")
    keep_days(points_on, 5)
    give(minji, 30, "sooner")
    spend(minji, 20)
    assert expire_points(today=today + datetime.timedelta(days=4)) == 0
    assert expire_points(today=today + datetime.timedelta(days=5)) == 10
    assert expire_points(today=today + datetime.timedelta(days=5)) == 0
    assert balance(minji) == 30
    assert expire_points(today=today + datetime.timedelta(days=10)) == 30
    assert balance(minji) == 0
    assert minji.point_entries.filter(kind=Kind.EXPIRE, text="포인트 소멸").count() == 2


def test_spent_points_do_not_expire_after_their_source_is_taken_back(points_on, minji):
    keep_days(points_on, 5)
    give(minji, 10, "post:1")
    give(minji, 10, "post:2")
    spend(minji, 10)
    take_back(member=minji.pk, kind=Kind.WRITE, about="post:1")
    expire_points(today=timezone.localdate() + datetime.timedelta(days=9))
    assert balance(minji) == 0


def test_tidy_expires_points(points_on, minji, capsys):
    keep_days(points_on, 5)
    give(minji, 10)
    PointEntry.objects.update(expires_on=timezone.localdate())
    call_command("tidy")
    assert "포인트 10점의 기한이 지났고" in capsys.readouterr().out
    assert balance(minji) == 0


# -- joining and the day's first visit -------------------------------------------------------------
def test_joining_gives_points(points_on, client):
    sign_up(client)
    entry = PointEntry.objects.get(kind=Kind.SIGNUP)
    assert (entry.text, entry.amount) == ("회원가입 축하", 1000)
    assert balance(entry.member) >= 1000


def test_the_first_visit_of_a_day_gives_points_once(points_on, minji, as_minji, log_in):
    as_minji.get("/")
    as_minji.get("/")
    log_in(minji).get("/")  # another browser
    assert balance(minji) == 100
    entry = minji.point_entries.get()
    assert entry.text == f"{timezone.localdate()} 첫 로그인"


def test_later_visits_of_the_day_need_no_query(points_on, as_minji):
    as_minji.get("/notifications/")  # earns points, and so changes the site's version
    as_minji.get("/notifications/")
    with CaptureQueriesContext(connection) as queries:
        as_minji.get("/notifications/")
    tables = ("accounts_pointentry", "accounts_pointsettings")
    assert not [query for query in queries if any(table in query["sql"] for table in tables)]


def test_anonymous_visitors_and_a_site_without_points(minji, as_minji, client):
    client.get("/")
    as_minji.get("/")
    assert balance(minji) == 0


# -- the member's ledger
# -----------------------------------------------------------------------------
def test_the_ledger_shows_the_members_own_lines(points_on, minji, junho, as_minji):
    give(minji, 1500)
    spend(minji, 20)
    give(junho, 7777)
    page = Page(as_minji.get("/points/").content)
    follow(page.text, ["민지님의 포인트 내역", "보유포인트", "1,480", "내려받기", "-20"])
    follow(page.text, ["글쓰기", "+1,500"])
    assert "7,777" not in page.text


def test_the_ledger_has_pages(points_on, minji, as_minji):
    for number in range(25):
        give(minji, 1, f"post:{number}")
    assert len(as_minji.get("/points/?page=2").context["rows"]) >= 5
    assert as_minji.get("/points/?page=9").status_code == 404


def test_an_anonymous_visitor_is_sent_to_log_in(points_on, client):
    answer = client.get("/points/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_without_points_there_is_no_ledger_and_no_balance(minji, as_minji):
    assert as_minji.get("/points/").status_code == 404
    assert "/points/" not in as_minji.get("/").content.decode()


def test_the_balance_is_in_the_member_card(points_on, minji, as_minji):
    give(minji, 1500)
    as_minji.get("/")
    follow(Page(as_minji.get("/").content).text, ["나의 회원정보", "포인트", "1,600"])


# -- by hand ---------------------------------------------------------------------------------------
ADD = "/admin/accounts/pointentry/add/"


def by_hand(member, amount, text="이벤트 당첨"):
    return {"member": member.pk, "amount": amount, "text": text, "about": str(uuid.uuid4())}


def test_the_owner_gives_and_takes_with_a_reason(points_on, minji, as_owner):
    form = by_hand(minji, 500)
    assert as_owner.post(ADD, form).status_code == 302
    as_owner.post(ADD, form)  # submitted twice
    assert balance(minji) == 500
    assert as_owner.post(ADD, by_hand(minji, -200, "잘못 준 것")).status_code == 302
    assert balance(minji) == 300
    assert set(minji.point_entries.values_list("text", flat=True)) == {"이벤트 당첨", "잘못 준 것"}


def test_the_owner_takes_no_more_than_there_is(points_on, minji, as_owner):
    answer = as_owner.post(ADD, by_hand(minji, -200))
    assert "포인트가 모자랍니다" in answer.content.decode()
    assert balance(minji) == 0


def test_giving_by_hand_requires_points_to_be_on(minji, as_owner):
    assert "포인트 설정에서 켜 주세요" in as_owner.post(ADD, by_hand(minji, 5)).content.decode()


def test_nobody_else_gives_points(points_on, minji, as_minji, moderator, log_in):
    Member.objects.filter(pk=moderator.pk).update(is_staff=True)
    for client in (as_minji, log_in(moderator)):
        assert client.post(ADD, by_hand(minji, 500)).status_code in (302, 403)
    assert not PointEntry.objects.filter(kind=Kind.MANUAL).exists()


def test_the_owner_switches_points_on_and_sees_the_ledger(minji, as_owner):
    assert as_owner.get("/admin/accounts/pointsettings/").status_code == 302
    form = {"is_on": "on", "signup": 10, "login": 5, "keep_days": 0} | {
        "message_cost": 0,
        "recommend": 0,
    }
    as_owner.post("/admin/accounts/pointsettings/1/change/", form)
    assert PointSettings.known().is_on
    give(minji)
    entry = minji.point_entries.get()
    assert as_owner.get("/admin/accounts/pointentry/").status_code == 200
    assert as_owner.get(f"/admin/accounts/pointentry/{entry.pk}/change/").status_code == 200
