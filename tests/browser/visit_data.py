"""Visitor statistics of some weeks, and visitors of today."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from boardsite.visitors.identity import today
from visits.models import (
    Channel,
    DayCount,
    DaySum,
    DayVisitor,
    HourCount,
    Reason,
    RobotCount,
    Topic,
    Verdict,
)

WEEKS = 11  # more days than a phone shows columns
NAMES = {
    Topic.BROWSER: ["Chrome", "삼성 인터넷", "카카오톡", "웨일", ""],
    Topic.SITE: [f"board{number}.example.kr" for number in range(30)] + ["a-" * 45 + "site.kr"],
}


def create_visit_data() -> date:
    """Every day has more visitors than the day before. Returns the first day; the first week is
    imported from an older site."""
    day = today()
    days = [day - timedelta(days=number) for number in range(7 * WEEKS)]
    DayCount.objects.bulk_create(
        DayCount(
            day=each,
            visitors=1_000 - 7 * number if number < 7 * WEEKS - 7 else 0,
            imported=0 if number < 7 * WEEKS - 7 else 2_108,
            suspicious=90 + number,
            page_views=5_000,
            settled_at=timezone.now(),
        )
        for number, each in enumerate(days)
    )
    HourCount.objects.bulk_create(
        HourCount(day=day, hour=hour, visitors=10 * hour, new=hour, page_views=30 * hour)
        for hour in range(24)
    )
    DaySum.objects.bulk_create(
        DaySum(day=day, topic=topic, name=name, visitors=90 // place, page_views=200)
        for topic, names in NAMES.items()
        for place, name in enumerate(names, start=1)
    )
    for standing in RobotCount.Standing.values:
        RobotCount.objects.create(day=day, hour=3, name="Yeti", standing=standing, requests=1_234)
    _let_visitors_come()
    return days[-1]


def _let_visitors_come() -> None:
    at = datetime.combine(today(), time(), timezone.get_default_timezone())
    common = {"day": at.date(), "first_at": at, "last_at": at + timedelta(minutes=20)}
    DayVisitor.objects.bulk_create(
        DayVisitor(
            key=key,
            is_member=key % 3 == 0,
            browser="삼성 인터넷",
            system="Android",
            device="휴대전화",
            channel=Channel.SEARCH,
            site="search.naver.com",
            engine="네이버",
            words="봄나들이를 다녀와서 쓰는 조금 길고 자세한 이야기",
            landing="/free/12/",
            **common,
        )
        for key in range(60)
    )
    DayVisitor.objects.create(key=99, verdict=Verdict.SUSPICIOUS, reason=Reason.SPEED, **common)
