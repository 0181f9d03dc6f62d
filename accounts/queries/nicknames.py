"""When a 별명 may be changed, and when one that was given up is free again."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Member, MemberSettings, NicknameChange
from accounts.text.names import is_reserved, nickname_key
from boardsite.models import SiteSettings


def _interval() -> timedelta:
    return timedelta(days=MemberSettings.known().nickname_days)


def nickname_open_on(member: Member) -> date | None:
    """The day from which `member` may change their 별명; None when they may now.

    Counted in days of the site's time zone from the day of the last change. The owner of the site
    always may."""
    if member.is_superuser or member.nickname_changed_at is None:
        return None
    day = timezone.localdate(member.nickname_changed_at) + _interval()
    return day if day > timezone.localdate() else None


def passes_for_staff(name: str) -> bool:
    """Whether somebody with this name could be mistaken for staff or for the site itself."""
    return is_reserved(name, SiteSettings.known().name)


def was_given_up(nickname: str, *, but_by: Member | None = None) -> bool:
    """Whether somebody else gave up `nickname` recently. Only they may take it back for as long as
    they must wait for the next change."""
    since: datetime = timezone.now() - _interval()
    changes = NicknameChange.objects.filter(nickname_key=nickname_key(nickname), at__gt=since)
    return changes.exclude(member=but_by).exists() if but_by else changes.exists()
