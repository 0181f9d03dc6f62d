"""탈퇴: a member leaves, and can come back during the grace period.

Erasing them afterwards concerns their posts as well: see boards.actions.leaving."""

import datetime
from functools import partial

from django.contrib.admin.models import DELETION
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.devices import end_other_sessions
from accounts.actions.locking import lock_members
from accounts.actions.record import log_action, record
from accounts.mails.members import mail_member
from accounts.models import Member, MemberEvent, MemberSettings
from accounts.permissions import Refused

Kind = MemberEvent.Kind


@transaction.atomic
def leave_site(*, member: Member, removes_posts: bool = False) -> None:
    """Nobody can log in as `member` from the next request on, and they are erased after
    MemberSettings.leave_days. `removes_posts` counts only where the owner lets members choose.

    The member gets one mail that says how to come back, however often they submit the form. Raises
    Refused for the only owner of the site."""
    # Locks all owners' rows in one order: if two leave at once, one of them stays.
    owners = Member.objects.select_for_update(no_key=True).only("pk")
    locked = [
        row.pk
        for row in owners.filter(is_superuser=True, is_active=True, left_at=None).order_by("pk")
    ]
    if locked == [member.pk]:
        raise Refused(_("하나뿐인 운영자는 탈퇴할 수 없습니다. 먼저 다른 운영자를 정해 주세요."))
    settings = MemberSettings.load()
    may_choose = settings.leavers_posts == MemberSettings.LeaversPosts.CHOOSE
    now = timezone.now()
    removes_posts = removes_posts and may_choose
    staying = Member.objects.filter(pk=member.pk, left_at=None)
    if not staying.update(left_at=now, removes_posts=removes_posts):
        return  # submitted twice
    member.left_at, member.removes_posts = now, removes_posts
    end_other_sessions(member=member)
    record(member=member, kind=Kind.LEFT, words=_("글도 지움") if removes_posts else "")
    transaction.on_commit(partial(mail_member, member, "leave_site", until=erased_after(member)))


@transaction.atomic
def lock_deleted_member(*, member: Member, removes_posts: bool, by: Member) -> None:
    """The first step of boards.actions.leaving.delete_member: nobody can log in as `member` from the
    next request on, and there is no way back. Raises Refused unless `by` owns the site and `member`
    does not."""
    if not by.is_superuser:
        raise Refused(_("운영자만 회원을 삭제할 수 있습니다."))
    lock_members(member.pk)
    member.refresh_from_db()
    if member.is_superuser:
        raise Refused(_("운영자는 삭제할 수 없습니다."))
    if member.is_deleted or member.erased_at is not None:
        return  # submitted twice
    member.is_deleted, member.removes_posts = True, removes_posts
    member.left_at = member.left_at or timezone.now()
    member.is_active = False  # for the log-in, which would offer to come back
    member.save(update_fields=["is_deleted", "removes_posts", "left_at", "is_active"])
    end_other_sessions(member=member)
    words = _("운영자가 삭제, 글도 지움") if removes_posts else _("운영자가 삭제")
    record(member=member, kind=Kind.LEFT, words=words, by=by)
    log_action(by=by, member=member, words=words, flag=DELETION)


@transaction.atomic
def return_to_site(*, member: Member) -> bool:
    """Undoes leave_site; the member must log in again. Returns False when they have not left, when
    the grace period is over, or when an owner has deleted them."""
    leaving = Member.objects.filter(
        pk=member.pk, left_at__gt=_last_left(), is_deleted=False, erased_at=None
    )
    if not leaving.update(left_at=None, removes_posts=False):
        return False
    member.left_at, member.removes_posts = None, False
    record(member=member, kind=Kind.RETURNED)
    return True


def erased_after(member: Member) -> datetime.datetime | None:
    """When the grace period of a member who has left ends, by the owner's current setting."""
    if member.left_at is None:
        return None
    return member.left_at + datetime.timedelta(days=MemberSettings.load().leave_days)


def members_to_erase() -> QuerySet[Member]:
    """Members whose grace period is over or whom an owner has deleted; who left first comes first."""
    left = Member.objects.filter(left_at__isnull=False, erased_at=None)  # the partial index
    due = left.filter(Q(left_at__lte=_last_left()) | Q(is_deleted=True))
    return due.order_by("left_at", "pk")


def _last_left() -> datetime.datetime:
    """Members who left after this moment can still come back."""
    return timezone.now() - datetime.timedelta(days=MemberSettings.load().leave_days)
