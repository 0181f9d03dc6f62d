"""탈퇴: asked for, and taken back while the grace time lasts.

What comes after it, the erasing, touches what he wrote: boards.actions.leaving.
"""

import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.devices import end_other_sessions
from accounts.actions.record import record
from accounts.mails.members import mail_member
from accounts.models import Member, MemberEvent, MemberSettings
from accounts.permissions import Refused

Kind = MemberEvent.Kind


@transaction.atomic
def leave_site(*, member: Member, removes_posts: bool = False) -> None:
    """From the next request on nobody is let in as `member`; after MemberSettings.leave_days he is
    erased. `removes_posts` counts only where the owner lets leavers choose.

    He is told by mail how to come back. Once however often he presses. Raises Refused for the only
    owner of the site, who would leave it to nobody.
    """
    # All owners' rows in one order: of two who leave at once, one stays.
    owners = Member.objects.select_for_update(no_key=True).only("pk")
    locked = [
        row.pk
        for row in owners.filter(is_superuser=True, is_active=True, left_at=None).order_by("pk")
    ]
    if locked == [member.pk]:
        raise Refused(_("하나뿐인 사이트 주인은 탈퇴할 수 없습니다. 먼저 다른 주인을 정해 주세요."))
    settings = MemberSettings.load()
    may_choose = settings.leavers_posts == MemberSettings.LeaversPosts.CHOOSE
    now = timezone.now()
    removes_posts = removes_posts and may_choose
    staying = Member.objects.filter(pk=member.pk, left_at=None)
    if not staying.update(left_at=now, removes_posts=removes_posts):
        return  # pressed twice
    member.left_at, member.removes_posts = now, removes_posts
    end_other_sessions(member=member)
    record(member=member, kind=Kind.LEFT, words=_("글도 지움") if removes_posts else "")
    transaction.on_commit(partial(mail_member, member, "leave_site", until=erased_after(member)))


@transaction.atomic
def return_to_site(*, member: Member) -> bool:
    """Undoes leave_site; he logs in anew. False where he is here already, or the grace time is over."""
    leaving = Member.objects.filter(pk=member.pk, left_at__gt=_last_left(), erased_at=None)
    if not leaving.update(left_at=None, removes_posts=False):
        return False
    member.left_at, member.removes_posts = None, False
    record(member=member, kind=Kind.RETURNED)
    return True


def erased_after(member: Member) -> datetime.datetime:
    """When the grace time of one who has left is over, as the owner's setting is now."""
    return member.left_at + datetime.timedelta(days=MemberSettings.load().leave_days)


def members_to_erase() -> QuerySet[Member]:
    """Whose grace time is over, who left first before the others."""
    due = Member.objects.filter(left_at__lte=_last_left(), erased_at=None)
    return due.order_by("left_at", "pk")


def _last_left() -> datetime.datetime:
    """Who left later has time to come back."""
    return timezone.now() - datetime.timedelta(days=MemberSettings.load().leave_days)
