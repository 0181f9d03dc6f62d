"""What an erased member leaves behind of himself, in two steps that boards.actions.leaving calls:
first his belongings, at the end his own row. Safe to do again after a run that was killed.

A test walks every foreign key to Member: each is named in DELETED, KEPT or SPECIAL.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from accounts.actions.devices import end_other_sessions
from accounts.actions.locking import lock_members
from accounts.actions.record import record
from accounts.models import (
    MEMBER_LEVEL,
    Block,
    Device,
    Invitation,
    Member,
    MemberEvent,
    MemberNote,
    MemberSettings,
    Message,
    NicknameChange,
    Notification,
    NotificationChoice,
    PointEntry,
    RetiredName,
    ShutOutMail,
)
from accounts.queries.retired_names import mail_hash, name_hash, neutral_username

NOBODY = "탈퇴한 회원"
"""The name on everything that an erased member wrote. Stored in rows, so in no reader's language."""

DELETED = [
    (Block, "member"),
    (Block, "blocked"),
    (Device, "member"),  # and its sessions
    (NotificationChoice, "member"),
    (Notification, "member"),
    (PointEntry, "member"),
    (MemberNote, "member"),
    (EmailAddress, "user"),
    (SocialAccount, "user"),
    (Authenticator, "user"),
    (Member.groups.through, "member"),
    (Member.user_permissions.through, "member"),
]
# Who did a thing to somebody else: the row that is named has no name any more.
KEPT = {
    "accounts.MemberEvent.by",
    "accounts.MemberNote.by",
    "accounts.AddressBlock.by",
    "accounts.Consent.member",  # the proof of what was agreed to; it holds kinds and times
    "admin.LogEntry.user",
    "collector.Complaint.handled_by",
    "collector.Source.member",  # a robot's: its sources wait for another one
    "collector.SourceEvent.by",
}
SPECIAL = {
    "accounts.MemberSession.member",  # end_other_sessions
    "accounts.MemberEvent.member",  # kinds and times stay, words go
    "accounts.NicknameChange.member",  # one, without its letters, until others may take the 별명
    "accounts.Invitation.maker",  # unused ones go
    "accounts.Message.sender",
    "accounts.Message.receiver",
}


@transaction.atomic
def erase_belongings(*, member: Member) -> None:
    """All rows of this app and of allauth that tell of `member`; his own is `retire_member`'s."""
    end_other_sessions(member=member)
    lock_members(member.pk)
    _empty_boxes(member)
    names = [member.nickname, *member.nickname_changes.values_list("nickname", flat=True)]
    Notification.objects.filter(actor_name__in=names).update(actor_name=NOBODY)
    for model, field in DELETED:
        model.objects.filter(**{field: member}).delete()
    Member.objects.filter(pk=member.pk).update(
        points=0, unread_notification_count=0, unread_message_count=0
    )
    Invitation.objects.filter(maker=member, used_count=0).delete()
    Invitation.objects.filter(maker=member).update(maker=None, note="")
    MemberEvent.objects.filter(member=member).update(words="")
    about_him = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Member), object_id=str(member.pk)
    )
    about_him.update(object_repr=NOBODY, change_message="")


def _empty_boxes(member: Member) -> None:
    """His side of every message. The other side keeps what was written to it, without his name."""
    Message.objects.filter(sender=member).update(sender_name=NOBODY, deleted_by_sender=True)
    Message.objects.filter(receiver=member).update(receiver_name=NOBODY, deleted_by_receiver=True)
    own = Message.objects.filter(sender=member) | Message.objects.filter(receiver=member)
    own.in_no_box().filter(reported_at=None).delete()


@transaction.atomic
def retire_member(*, member: Member) -> None:
    """The last step: a row without a person, whose old 아이디 nobody takes again and whose 별명 is
    free after the usual interval."""
    lock_members(member.pk)
    member.refresh_from_db()
    if member.erased_at is not None:
        return
    RetiredName.objects.get_or_create(name_hash=name_hash(member.username))
    if member.is_suspended:
        ShutOutMail.objects.update_or_create(
            mail_hash=mail_hash(member.email), defaults={"until": member.suspended_until}
        )
    NicknameChange.objects.filter(member=member).delete()
    NicknameChange.objects.create(member=member, nickname=NOBODY, nickname_key=member.nickname_key)
    picture, storage = member.picture.name, member.picture.storage
    member.username = neutral_username(member.pk)
    member.nickname = NOBODY
    member.nickname_key = member.username  # no 별명 has an underscore in its key
    member.nickname_shape = member.username
    member.nickname_changed_at = None
    member.email = f"left-{member.pk}@erased.invalid"  # RFC 2606: nobody's
    member.set_unusable_password()
    member.picture = member.introduction = member.signature = member.suspension_reason = ""
    member.shows_profile = member.shows_activity = member.shows_presence = False
    member.takes_messages = member.is_active = member.is_staff = member.is_superuser = False
    member.is_pending = False
    member.invitation = member.last_login = member.suspended_until = None
    member.level = MEMBER_LEVEL
    member.erased_at = timezone.now()
    counted = {"points", "post_count", "comment_count"}
    fields = [field.name for field in Member._meta.concrete_fields if not field.primary_key]
    member.save(update_fields=[name for name in fields if name not in counted])
    record(member=member, kind=MemberEvent.Kind.ERASED)
    if picture:
        transaction.on_commit(lambda: storage.delete(picture))


def forget_erased_nicknames() -> None:
    """Frees what erased members were called, once nobody could be taken for them any more."""
    age = timedelta(days=MemberSettings.load().nickname_days)
    old = NicknameChange.objects.filter(member__erased_at__lt=timezone.now() - age)
    old.filter(nickname=NOBODY).delete()


def forget_shut_out_mail() -> None:
    """Who was suspended for a time may join by his address when it is over."""
    ShutOutMail.objects.filter(until__lte=timezone.now()).delete()
