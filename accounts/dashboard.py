"""Cards and alarms about members: who joins, and who waits for the staff."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import LegalText, Member, MemberSettings, Message
from accounts.permissions import is_owner
from accounts.queries.legal_texts import due_marketing
from boardsite.caching.ttl_cache import TTLCache
from boardsite.databases.day_counts import count_by_day, days_before, midnight
from boardsite.mail import is_set_up
from boardsite.reporting.dashboard import (
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
from boardsite.reporting.first_steps import Step, first_step
from boardsite.reporting.reports import Period
from boardsite.visitors.identity import today


@card
def sign_ups(user) -> Card | None:
    """Compares the last seven whole days with the seven before; today is not over."""
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
    if waiting := how_many(Member.objects.filter(pending_since__isnull=False)):
        address = reverse("admin:accounts_member_changelist") + "?pending=1"
        yield Alarm(_("가입 승인을 기다리는 회원이 %s명 있습니다.") % waiting, address)


@alarms
def reported_messages(user) -> Iterator[Alarm]:
    """Reports have no end, so those of the last days count; only owners read them."""
    if not is_owner(user):
        return
    since = midnight(today() - timedelta(days=7))
    count = Message.objects.reported().filter(reported_at__gte=since).count()
    if count:
        address = reverse("admin:accounts_message_changelist")
        yield Alarm(_("지난 7일 동안 신고된 쪽지가 %s통 있습니다.") % f"{count:,}", address)


@alarms
def mail_to_confirm(user) -> Iterator[Alarm]:
    """Warns when joining requires a mailed link and the site sends no mails."""
    if user.has_perm("accounts.change_membersettings") and is_mail_missing():
        words = _("E-mail 확인을 켰지만 메일 서버를 정하지 않아 새 회원이 로그인하지 못합니다.")
        yield Alarm(words, reverse("admin:accounts_membersettings_changelist"), is_wrong=True)


@alarms
def marketing_to_confirm(user) -> Iterator[Alarm]:
    """Consents that are due by 정보통신망법 제50조 제8항; only owners may send the reminders."""
    if not is_owner(user):
        return
    if due := how_many(due_marketing()):
        words = _("광고 수신에 동의한 지 2년이 지나 동의 사실을 알려야 할 회원이 %s명 있습니다.")
        yield Alarm(words % due, reverse("admin:accounts_consent_changelist"))


@first_step
def own_mail_address(user) -> Step:
    """The owner of a new site has an address of nobody, where no reset link arrives."""
    domain = user.email.rpartition("@")[2]
    is_real = domain not in ("", "example.com", "localhost")
    return Step(
        "address", _("운영자의 E-mail 주소 적기"), reverse("account_email"), is_real, place=2
    )


@first_step
def legal_texts(user) -> Step:
    written = LegalText.objects.filter(kind__in=[LegalText.Kind.TERMS, LegalText.Kind.POLICY])
    is_done = written.values("kind").distinct().count() == 2
    address = reverse("admin:accounts_legaltext_changelist")
    return Step("texts", _("약관과 개인정보 처리방침 쓰기"), address, is_done, place=3)


def is_mail_missing() -> bool:
    return MemberSettings.known().confirms_email and not is_set_up()


def _read_past(day: date) -> list[int]:
    """Sign-ups of the COURSE days before `day`, the oldest first."""
    return count_by_day(Member.objects.all(), "date_joined", days_before(day, COURSE))


def _read_day(day: date) -> int:
    return count_by_day(Member.objects.all(), "date_joined", Period(day, day))[0]


past_sign_ups = TTLCache(_read_past, seconds=600)
sign_ups_of = TTLCache(_read_day, seconds=60)
