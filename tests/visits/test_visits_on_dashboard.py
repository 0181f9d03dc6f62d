"""Cards and alarms about visitors on the admin's first page."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from boardsite.caching.ttl_cache import TTLCache
from boardsite.models import ChoreRun
from boardsite.reporting.dashboard import COURSE, read_dashboard
from boardsite.server.timetable import CHORES
from boardsite.visitors.identity import today
from tests.conftest import make_member
from visits.models import DayCount, DayVisitor, HourCount, RobotCount

pytestmark = pytest.mark.django_db
CARDS = ("오늘 접속자", "지난 7일 접속자", "지난 7일 로봇")


@pytest.fixture(autouse=True)
def chores_run(db):
    now = timezone.now()
    ChoreRun.objects.bulk_create(ChoreRun(name=name, ended_at=now) for name in CHORES)


@pytest.fixture
def statistician(db):
    """Staff who may see the counts of visits and nothing else."""
    member = make_member("clerk", "서기", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename="view_daycount"))
    return member


def day_of(ago: int) -> date:
    return today() - timedelta(days=ago)


def fill(day: date, visitors: int, **fields) -> None:
    fields = {"settled_at": timezone.now(), "page_views": visitors, **fields}
    DayCount.objects.update_or_create(day=day, defaults={"visitors": visitors, **fields})


def card_of(user, title: str):
    TTLCache.forget_all()
    return next(card for card in read_dashboard(user).cards if card.title == title)


def alarms_of(user) -> list[str]:
    TTLCache.forget_all()
    return [alarm.text for alarm in read_dashboard(user).alarms]


def test_staff_with_the_permission_see_only_these_cards(log_in, statistician):
    fill(day_of(0), 12)
    page = log_in(statistician).get("/admin/").text
    assert page.count('class="card"') == len(CARDS)
    assert all(title in page for title in CARDS)
    assert "12명" in page


def test_staff_without_the_permission_see_none_of_it(log_in, db):
    fill(day_of(0), 12, settled_at=timezone.now() - timedelta(hours=2))
    page = log_in(make_member("clerk", "서기", is_staff=True)).get("/admin/").text
    assert "접속자" not in page
    assert 'class="card"' not in page


def test_today_is_compared_with_the_same_hours_a_week_ago(statistician, clock):
    clock(24, 12, 30)
    fill(day_of(0), 30)
    counts = {9: 10, 11: 6, 12: 8, 13: 40}  # half of the running hour counts
    HourCount.objects.bulk_create(
        HourCount(day=day_of(7), hour=hour, new=new, visitors=99) for hour, new in counts.items()
    )
    HourCount.objects.create(day=day_of(1), hour=8, new=500, visitors=500)
    card = card_of(statistician, "오늘 접속자")
    assert card.value == "30명"
    assert card.detail == "지난주 같은 요일 이 시각까지 20명."
    assert card.change == 50


def test_a_site_of_two_days_is_compared_with_yesterday(statistician):
    fill(day_of(0), 5)
    HourCount.objects.create(day=day_of(1), hour=8, new=10, visitors=10)
    card = card_of(statistician, "오늘 접속자")
    assert card.detail == "어제 이 시각까지 10명."
    assert card.change_words == "50% 줄었습니다."


def test_the_first_day_of_a_site_is_not_compared(statistician):
    card = card_of(statistician, "오늘 접속자")
    assert (card.value, card.detail, card.change) == ("0명", "", None)


def test_the_week_is_seven_whole_days(statistician):
    """Today is excluded, and imported counts are included."""
    for ago, visitors in {0: 1_000, 1: 10, 7: 20, 8: 4, 14: 8, 15: 500}.items():
        fill(day_of(ago), visitors)
    fill(day_of(3), 0, imported=6)
    card = card_of(statistician, "지난 7일 접속자")
    assert (card.value, card.detail, card.change) == ("36명", "그 전 7일 12명.", 200)
    assert len(card.course) == COURSE
    assert card.course[-1] == 10


def test_the_share_of_robots_is_one_of_requests(statistician):
    fill(day_of(1), 30, suspicious=3)
    fill(day_of(8), 900)
    RobotCount.objects.create(day=day_of(1), hour=3, name="Yeti", requests=70)
    card = card_of(statistician, "지난 7일 로봇")
    assert card.value == "70%"
    assert "의심스러운 접속 3건" in card.detail


# -- alarms ----------------------------------------------------------------------------------------
def test_a_day_that_is_not_added_up_is_an_alarm(statistician, minji):
    words = ["오늘 접속자의 시간과 경로가 30분 넘게 집계되지 않았습니다."]
    assert alarms_of(statistician) == []  # no visitors yet
    fill(day_of(0), 5, settled_at=timezone.now() - timedelta(minutes=29))
    assert alarms_of(statistician) == []
    fill(day_of(0), 5, settled_at=timezone.now() - timedelta(minutes=31))
    assert alarms_of(statistician) == words
    assert alarms_of(minji) == []


def test_a_day_that_was_never_added_up_has_half_an_hour(statistician):
    fill(day_of(0), 1, settled_at=None)
    first_at = timezone.now() - timedelta(minutes=20)
    visitor = DayVisitor.objects.create(day=day_of(0), key=1, first_at=first_at, last_at=first_at)
    assert alarms_of(statistician) == []
    DayVisitor.objects.filter(pk=visitor.pk).update(first_at=first_at - timedelta(minutes=20))
    assert len(alarms_of(statistician)) == 1
    HourCount.objects.create(day=day_of(0), hour=1)  # it was settled, and is being settled again
    assert alarms_of(statistician) == []


def test_one_cause_gives_one_alarm(owner):
    """Where the command itself does not run, that is the alarm."""
    fill(day_of(0), 5, settled_at=timezone.now() - timedelta(hours=2))
    ChoreRun.objects.filter(name="settle_visits").update(
        ended_at=timezone.now() - timedelta(hours=2)
    )
    sentences = alarms_of(owner)
    assert any("접속자 집계" in text for text in sentences) == ("settle_visits" in CHORES)
    assert any("집계되지 않았습니다" in text for text in sentences) != ("settle_visits" in CHORES)


def test_a_sudden_fall_is_an_alarm(statistician):
    for ago in range(2, 9):
        fill(day_of(ago), 90)
    fill(day_of(1), 30)
    assert alarms_of(statistician) == []
    fill(day_of(1), 29)
    assert "어제 접속자가 29명으로, 한 주 평균 90명의" in alarms_of(statistician)[0]


def test_a_quiet_day_of_a_small_site_is_no_alarm(statistician):
    for ago in range(2, 9):
        fill(day_of(ago), 12)
    fill(day_of(1), 0)
    assert alarms_of(statistician) == []


def test_a_robot_with_more_requests_than_all_others_is_an_alarm(statistician, log_in):
    fill(day_of(0), 400)
    for hour, name in enumerate(["Yeti", "GreedyBot", "GreedyBot"]):
        RobotCount.objects.create(day=day_of(hour % 2), hour=hour, name=name, requests=300)
    assert alarms_of(statistician) == []  # 600 of 1300
    RobotCount.objects.create(day=day_of(0), hour=9, name="GreedyBot", requests=200)
    words = "로봇 하나(GreedyBot)가 이틀 동안 모든 요청의 53%를 합니다."
    assert alarms_of(statistician) == [words]
    assert "/admin/reports/visits-robots/" in log_in(statistician).get("/admin/").text


def test_a_robot_on_a_small_site_is_no_alarm(statistician):
    fill(day_of(0), 2)
    RobotCount.objects.create(day=day_of(0), hour=9, name="GreedyBot", requests=900)
    assert alarms_of(statistician) == []
