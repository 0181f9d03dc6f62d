"""Members on the admin's first page: who joins, and who waits for the staff."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member, MemberSettings, Message
from accounts.permissions import is_owner
from boardsite.dashboard import (
    COURSE,
    Alarm,
    Card,
    alarms,
    card,
    change_between,
    how_many,
    report_address,
    two_weeks,
)
from boardsite.day_counts import count_by_day, days_before, midnight
from boardsite.remembered import Remembered
from boardsite.reports import Period
from boardsite.visitors import today


@card
def sign_ups(user) -> Card | None:
    """Seven whole days against the seven before; today is not over."""
    if not user.has_perm("accounts.view_member"):
        return None
    day = today()
    course = past_sign_ups(day)
    now, before = two_weeks(course)
    numbers = {"today": f"{sign_ups_of(day):,}", "before": f"{before:,}"}
    return Card(
        title=_("지난 7일 가입"),
        value=_("%s명") % f"{now:,}",
        detail=_("오늘 %(today)s명, 그 전 7일 %(before)s명.") % numbers,
        address=report_address(user, "sign-ups") or reverse("admin:accounts_member_changelist"),
        course=course,
        change=change_between(before, now),
    )


@alarms
def waiting_members(user) -> Iterator[Alarm]:
    if not user.has_perm("accounts.change_member"):
        return
    if waiting := how_many(Member.objects.filter(is_pending=True)):
        address = reverse("admin:accounts_member_changelist") + "?is_pending__exact=1"
        yield Alarm(_("가입 승인을 기다리는 회원이 %s명 있습니다.") % waiting, address)


@alarms
def reported_messages(user) -> Iterator[Alarm]:
    """They are never settled, so those of the last days count; only owners read them."""
    if not is_owner(user):
        return
    since = midnight(today() - timedelta(days=7))
    count = Message.objects.reported().filter(reported_at__gte=since).count()
    if count:
        address = reverse("admin:accounts_message_changelist")
        yield Alarm(_("지난 7일 동안 신고된 쪽지가 %s통 있습니다.") % f"{count:,}", address)


@alarms
def mail_to_confirm(user) -> Iterator[Alarm]:
    """Nobody can join who must follow a link in a mail that is never sent."""
    if user.has_perm("accounts.change_membersettings") and is_mail_missing():
        words = _("E-mail 확인을 켰지만 메일 서버를 정하지 않아 새 회원이 로그인하지 못합니다.")
        yield Alarm(words, reverse("admin:accounts_membersettings_changelist"), is_wrong=True)


def is_mail_missing() -> bool:
    return MemberSettings.known().confirms_email and "console" in settings.EMAIL_BACKEND


def _read_past(day: date) -> list[int]:
    """Sign-ups of the COURSE days before `day`, the oldest first."""
    return count_by_day(Member.objects.all(), "date_joined", days_before(day, COURSE))


def _read_day(day: date) -> int:
    return count_by_day(Member.objects.all(), "date_joined", Period(day, day))[0]


past_sign_ups = Remembered(_read_past, seconds=600)
sign_ups_of = Remembered(_read_day, seconds=60)
