"""Becoming a member: what stands between the form and the first log-in, and what follows.

A member is made by the form at once; while he has to confirm his address (must_confirm_email) or
to wait for the owner (is_pending, and not is_active: to everybody else he is not there), he is not
let in and not welcomed.
"""

from functools import partial

from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.messages import send_from_site
from accounts.actions.points import welcome_member
from accounts.actions.record import record
from accounts.mails import mail_member
from accounts.models import Member, MemberEvent, MemberSettings
from boardsite.ratelimit import hit

ASK_AGAIN_SECONDS = 86_400  # the owner hears of one who waits at most so often


def set_gates(*, member: Member) -> None:
    """Puts before a new member what the owner asks of who joins now; does not save."""
    settings = MemberSettings.load()
    member.must_confirm_email = settings.confirms_email
    member.is_pending = settings.needs_approval
    member.is_active = not member.is_pending


def go_on_joining(*, member: Member) -> None:
    """What follows once `member` has joined or confirmed: the owner is asked, or he is welcomed.

    Nothing while he must still confirm his address. Safe to call again.
    """
    if member.must_confirm_email and MemberSettings.load().confirms_email:
        if not EmailAddress.objects.filter(user=member, verified=True).exists():
            return
    if member.is_pending:
        _ask_owners(member)
    else:
        welcome(member=member)


@transaction.atomic
def welcome(*, member: Member) -> None:
    """The points and the 쪽지 for joining, once; with it his record begins."""
    lock_members(member.pk)
    if MemberEvent.objects.filter(member=member, kind=MemberEvent.Kind.JOINED).exists():
        return
    record(member=member, kind=MemberEvent.Kind.JOINED)
    welcome_member(member=member)
    text = MemberSettings.load().welcome_message.strip()
    if text:
        send_from_site(receiver=member, text=text.replace("{별명}", member.nickname))
        member.refresh_from_db(fields=["unread_message_count", "unread_notification_count"])


@transaction.atomic
def approve_member(*, member: Member, by: Member) -> bool:
    """Lets in who waits; he is told by mail and welcomed. False where he does not wait (any more)."""
    waiting = Member.objects.filter(pk=member.pk, is_pending=True)
    if not waiting.update(is_pending=False, is_active=True):
        return False
    member.refresh_from_db()
    record(member=member, kind=MemberEvent.Kind.APPROVED, by=by)
    _log(by, member, CHANGE, _("가입 승인"))
    go_on_joining(member=member)
    transaction.on_commit(partial(mail_member, member, "approved"))
    return True


@transaction.atomic
def refuse_member(*, member: Member, by: Member) -> bool:
    """Deletes who waits, with all he filled in, and tells him by mail; he never was a member.

    False where he does not wait (any more).
    """
    waiting = Member.objects.select_for_update().filter(pk=member.pk, is_pending=True)
    if not waiting.exists():
        return False
    _log(by, member, DELETION, _("가입 거절"))
    transaction.on_commit(partial(mail_member, member, "refused"))
    waiting.get().delete()
    return True


def _ask_owners(member: Member) -> None:
    """Mails the owners that somebody waits."""
    if not hit(f"asks_to_join:{member.pk}", 1, ASK_AGAIN_SECONDS):
        return
    for owner in Member.objects.filter(is_superuser=True, is_active=True, left_at=None):
        transaction.on_commit(partial(mail_member, owner, "asks_to_join", applicant=member))


def _log(by: Member, member: Member, flag: int, words: str) -> None:
    LogEntry.objects.log_actions(
        user_id=by.pk,
        queryset=[member],
        action_flag=flag,
        change_message=words,
        single_object=True,
    )
