"""Becoming a member: what stands between the form and the first log-in, and what follows.

The form creates the member at once. While they have to confirm their address (must_confirm_email)
or to wait for the owner's approval (is_pending and not is_active, which hides them from everybody
else), they cannot log in and are not welcomed."""

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
from accounts.actions.points import reward_recommender, welcome_member
from accounts.actions.record import log_action, record
from accounts.mails.members import mail_member
from accounts.models import Member, MemberEvent, MemberSettings
from boardsite.limits.rate_limit import hit

UNCONFIRMED = timedelta(days=7)  # the link in the mail is valid for three days
ASK_AGAIN_SECONDS = 86_400  # owners get at most one mail about a waiting member in this time


def set_gates(*, member: Member) -> None:
    """Sets what the owner requires of new members now. Does not save."""
    settings = MemberSettings.load()
    member.must_confirm_email = settings.confirms_email
    member.pending_since = timezone.now() if settings.needs_approval else None
    member.is_active = not member.is_pending


def go_on_joining(*, member: Member) -> None:
    """Continues after `member` has joined or confirmed their address: asks the owner for approval,
    or welcomes the member.

    Does nothing while they still have to confirm their address. Safe to repeat."""
    if member.must_confirm_email and MemberSettings.load().confirms_email:
        if not EmailAddress.objects.filter(user=member, verified=True).exists():
            return
    if member.is_pending:
        _ask_owners(member)
    else:
        welcome(member=member)


def name_recommender(*, member: Member, recommender: Member) -> None:
    """Stores the 추천인 whom a new member names, for `welcome`."""
    member.recommender = recommender
    member.save(update_fields=["recommender"])


@transaction.atomic
def welcome(*, member: Member) -> None:
    """Gives the points and the 쪽지 for joining once, and begins the member's record."""
    lock_members(member.pk, *filter(None, [member.recommender_id]))
    if MemberEvent.objects.filter(member=member, kind=MemberEvent.Kind.JOINED).exists():
        return
    record(member=member, kind=MemberEvent.Kind.JOINED)
    welcome_member(member=member)
    reward_recommender(member=member)
    text = MemberSettings.load().welcome_message.strip()
    if text:
        send_from_site(receiver=member, text=text.replace("{별명}", member.nickname))
        member.refresh_from_db(fields=["unread_message_count", "unread_notification_count"])


@transaction.atomic
def approve_member(*, member: Member, by: Member) -> bool:
    """Lets a waiting member in, mails and welcomes them. Returns False if they are not waiting (any
    more)."""
    waiting = Member.objects.filter(pk=member.pk, pending_since__isnull=False)
    if not waiting.update(pending_since=None, is_active=True):
        return False
    member.refresh_from_db()
    record(member=member, kind=MemberEvent.Kind.APPROVED, by=by)
    log_action(by=by, member=member, words=_("가입 승인"))
    go_on_joining(member=member)
    transaction.on_commit(partial(mail_member, member, "approved"))
    return True


@transaction.atomic
def refuse_member(*, member: Member, by: Member) -> bool:
    """Deletes a waiting applicant with everything they filled in, and mails them.

    Returns False if they are not waiting (any more)."""
    waiting = Member.objects.select_for_update().filter(pk=member.pk, pending_since__isnull=False)
    if not waiting.exists():
        return False
    log_action(by=by, member=member, words=_("가입 거절"), flag=DELETION)
    transaction.on_commit(partial(mail_member, member, "refused"))
    waiting.get().delete()
    return True


def forget_unconfirmed() -> int:
    """Deletes members who had to confirm their address when they joined and have not done so within
    UNCONFIRMED. Returns their number. Otherwise anybody could occupy names and other people's
    addresses for ever."""
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
    """Mails the owners that somebody is waiting for approval."""
    if not hit(f"asks_to_join:{member.pk}", 1, ASK_AGAIN_SECONDS):
        return
    for owner in Member.objects.filter(is_superuser=True, is_active=True, left_at=None):
        transaction.on_commit(partial(mail_member, owner, "asks_to_join", applicant=member))
