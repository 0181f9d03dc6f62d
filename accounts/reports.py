"""Who joins and who leaves."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from boardsite.databases.day_counts import count_by_day
from boardsite.reporting.reports import Period, Report, Table, register


def sign_ups(period: Period, user: Any) -> Table:
    """By day. Members who cancelled leaving do not count as having left, and those who never
    confirmed their address do not count as having joined."""
    joined = count_by_day(Member.objects.all(), "date_joined", period)
    left = count_by_day(Member.objects.filter(left_at__isnull=False), "left_at", period)
    return Table(
        columns=[_("날짜"), _("가입"), _("탈퇴")],
        rows=[*zip(map(str, period.days()), joined, left, strict=True)],
        foot=[_("합계"), sum(joined), sum(left)],
    )


register(
    Report(
        slug="sign-ups",
        title=_("가입과 탈퇴"),
        group=_("회원"),
        permission="accounts.view_member",
        read=sign_ups,
        chart="columns",
        charted=(1, 2),
        is_stacked=False,
        is_newest_first=True,
        note=_("탈퇴는 신청한 날로 셉니다. 탈퇴를 취소하면 빠집니다."),
    ),
)
