"""Which members get mails: those who can be reached, and those whom a mailing is for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import (
    Bounce,
    Consent,
    Mailing,
    MailRefusal,
    Member,
    MemberQuerySet,
    MemberSession,
    MemberSettings,
)
from accounts.queries.legal_texts import TWO_YEARS

Kind, Visited = Mailing.Kind, Mailing.Visited


class Circles(NamedTuple):
    """Groups of members that another app has."""

    choices: Callable[[], list[tuple[str, str]]]  # (key, name)
    members: Callable[[str], QuerySet[Any] | None]  # ids; None for an unknown key


circles: Circles | None = None
"""The app with the boards sets it (its AppConfig.ready)."""


def may_be_mailed() -> Q:
    """Active members whose address works as far as the site knows."""
    is_there = Q(is_active=True, is_robot=False, pending_since=None, left_at=None)
    is_free = Q(suspended_until=None) | Q(suspended_until__lte=timezone.now())
    bounced = Bounce.objects.filter(member=OuterRef("pk"), email=OuterRef("email"))
    may = is_there & is_free & ~Q(email="") & ~Q(Exists(bounced))
    if MemberSettings.load().confirms_email:
        verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
        may &= Q(Exists(verified.filter(email__iexact=OuterRef("email"))))
    return may


def recipients(mailing: Mailing) -> MemberQuerySet:
    """The members whom `mailing` is for now, by level, group, last visit and consent.

    Advertising goes to those who have agreed, and who were reminded of it in the last two years
    (정보통신망법 제50조)."""
    found = Member.objects.filter(
        may_be_mailed(), level__range=(mailing.min_level, mailing.max_level)
    )
    if mailing.circle:
        inside = circles.members(mailing.circle) if circles else None
        found = found.none() if inside is None else found.filter(pk__in=inside)
    if mailing.visited:
        since = timezone.now() - timedelta(days=mailing.visited_days)
        session = MemberSession.objects.filter(
            member=OuterRef("pk"), seen_on__gte=timezone.localdate(since)
        )
        was_here = Q(last_login__gte=since, last_login__isnull=False) | Q(Exists(session))
        found = found.filter(was_here if mailing.visited == Visited.RECENTLY else ~was_here)
    if mailing.kind == Kind.ADVERT:
        agreed = Consent.objects.filter(
            member=OuterRef("pk"),
            kind=Consent.Kind.MARKETING,
            withdrawn_at=None,
            confirmed_at__gte=timezone.now() - TWO_YEARS,
        )
        return found.filter(Exists(agreed))
    if mailing.kind == Kind.NEWS:
        return found.exclude(Exists(MailRefusal.objects.filter(member=OuterRef("pk"))))
    return found
