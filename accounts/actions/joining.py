"""Becoming a member: what stands between the form and the first log-in, and what follows.

A member is made by the form at once; while he has to confirm his address (must_confirm_email) or
to wait for the owner (is_pending, and not is_active: to everybody else he is not there), he is not
let in and not welcomed.
"""

from datetime import timedelta
from functools import partial

from allauth.account.models import EmailAddress
from django.contrib.admin.models import DELETION
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.messages import send_from_site
from accounts.actions.points import welcome_member
from accounts.actions.record import log_deed, record
from accounts.mails.members import mail_member
from accounts.models import Member, MemberEvent, MemberSettings
from boardsite.ratelimit import hit

UNCONFIRMED = timedelta(days=7)  # the link in the mail holds for three
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
    log_deed(by=by, member=member, words=_("가입 승인"))
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
    log_deed(by=by, member=member, words=_("가입 거절"), flag=DELETION)
    transaction.on_commit(partial(mail_member, member, "refused"))
    waiting.get().delete()
    return True


def forget_unconfirmed() -> int:
    """Deletes who was asked to confirm his address when he joined, and has not for UNCONFIRMED;
    returns how many. Else anybody could keep names and other people's addresses taken for ever.
    """
    if not MemberSettings.load().confirms_email:
        return 0
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    joined = MemberEvent.objects.filter(member=OuterRef("pk"), kind=MemberEvent.Kind.JOINED)
    old = Member.objects.filter(
        ~Exists(confirmed),
        ~Exists(joined),
        must_confirm_email=True,
        last_login=None,
        left_at=None,
        is_staff=False,
        date_joined__lt=timezone.now() - UNCONFIRMED,
    )
    return old.delete()[1].get(Member._meta.label, 0)


def _ask_owners(member: Member) -> None:
    """Mails the owners that somebody waits."""
    if not hit(f"asks_to_join:{member.pk}", 1, ASK_AGAIN_SECONDS):
        return
    for owner in Member.objects.filter(is_superuser=True, is_active=True, left_at=None):
        transaction.on_commit(partial(mail_member, owner, "asks_to_join", applicant=member))
