"""Erases a member in two steps that boards.actions.leaving calls: first their belongings, at the
end their own row. Safe to repeat after a run that was killed.

A test checks that every foreign key to Member is listed in DELETED, KEPT or SPECIAL."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from accounts.actions.addresses import forget_addresses_of
from accounts.actions.devices import end_other_sessions
from accounts.actions.locking import lock_members
from accounts.actions.record import record
from accounts.models import (
    MEMBER_LEVEL,
    Block,
    Bounce,
    Delivery,
    Device,
    Invitation,
    MailRefusal,
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
from accounts.text.names import nickname_key

NOBODY = "탈퇴한 회원"
"""The name on everything that an erased member wrote. It is stored in rows, so it is not translated."""

DELETED = [
    (Block, "member"),
    (Block, "blocked"),
    (Bounce, "member"),
    (Delivery, "member"),
    (Device, "member"),  # and, by cascade, its sessions
    (MailRefusal, "member"),
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
# Rows that name who did something to others. They stay; the member's own row no longer has a name.
KEPT = {
    "accounts.MemberEvent.by",
    "accounts.MemberNote.by",
    "accounts.AddressBlock.by",
    "accounts.AddressLook.by",
    "accounts.Mailing.created_by",
    "accounts.Consent.member",  # the proof of the consent; it holds kinds and times
    "admin.LogEntry.user",
    "collector.Complaint.handled_by",
    "collector.Source.member",  # only a robot has sources; they wait for another robot
    "collector.SourceEvent.by",
    "pages.ContentPicture.uploader",
    "pages.ContentRevision.editor",
}
SPECIAL = {
    "accounts.AuthorAddress.member",  # forget_addresses_of: the law may require them for a while
    "accounts.MemberSession.member",  # end_other_sessions
    "accounts.MemberEvent.member",  # kinds and times stay, words are deleted
    "accounts.NicknameChange.member",  # one stays without its letters until others may take the 별명
    "accounts.Invitation.maker",  # unused ones are deleted
    # the member's own is cleared; on the members whom they recommended it points to a nameless row
    "accounts.Member.recommender",
    "accounts.Message.sender",
    "accounts.Message.receiver",
}


@transaction.atomic
def erase_belongings(*, member: Member) -> None:
    """Deletes all rows of this app and of allauth about `member`, except their own row (see
    `retire_member`)."""
    end_other_sessions(member=member)
    lock_members(member.pk)
    forget_addresses_of(member=member)
    _empty_boxes(member)
    Notification.objects.filter(actor_name__in=_own_names(member)).update(actor_name=NOBODY)
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


def _own_names(member: Member) -> set[str]:
    """The names that `member` has or had, except former ones that another member has now."""
    names = {member.nickname, *member.nickname_changes.values_list("nickname", flat=True)}
    taken = Member.objects.filter(nickname_key__in={nickname_key(name) for name in names})
    return names - {*taken.exclude(pk=member.pk).values_list("nickname", flat=True)}


def _empty_boxes(member: Member) -> None:
    """Removes their side of every message. The other side keeps its messages, without the name."""
    Message.objects.filter(sender=member).update(sender_name=NOBODY, deleted_by_sender=True)
    Message.objects.filter(receiver=member).update(receiver_name=NOBODY, deleted_by_receiver=True)
    own = Message.objects.filter(sender=member) | Message.objects.filter(receiver=member)
    own.in_no_box().filter(reported_at=None).delete()


@transaction.atomic
def retire_member(*, member: Member) -> None:
    """The last step: the row loses everything personal. Nobody can take its 아이디 again; its 별명 is
    free after the usual interval."""
    lock_members(member.pk)
    member.refresh_from_db()
    if member.erased_at is not None:
        return
    RetiredName.objects.get_or_create(name_hash=name_hash(member.username))
    until = member.suspended_until
    if until is not None and until > timezone.now():
        ShutOutMail.objects.update_or_create(
            mail_hash=mail_hash(member.email), defaults={"until": until}
        )
    NicknameChange.objects.filter(member=member).delete()
    NicknameChange.objects.create(member=member, nickname=NOBODY, nickname_key=member.nickname_key)
    picture, storage = member.picture.name, member.picture.storage
    member.username = neutral_username(member.pk)
    member.nickname = NOBODY
    member.nickname_key = member.username  # no 별명 has an underscore in its key
    member.nickname_shape = member.username
    member.nickname_claim = ""
    member.nickname_changed_at = None
    member.email = f"left-{member.pk}@erased.invalid"  # RFC 2606: an address of nobody
    member.set_unusable_password()
    member.picture = member.introduction = member.signature = member.suspension_reason = ""
    member.shows_profile = member.shows_activity = member.shows_presence = False
    member.takes_messages = member.is_active = member.is_staff = member.is_superuser = False
    member.roles = ""
    member.pending_since = member.invitation = member.recommender = member.last_login = (
        member.suspended_until
    ) = None
    member.level = MEMBER_LEVEL
    member.erased_at = timezone.now()
    counted = {"points", "post_count", "comment_count"}
    fields = [field.name for field in Member._meta.concrete_fields if not field.primary_key]
    member.save(update_fields=[name for name in fields if name not in counted])
    record(member=member, kind=MemberEvent.Kind.ERASED)
    if picture:
        transaction.on_commit(lambda: storage.delete(picture))


def forget_erased_nicknames() -> None:
    """Frees the 별명 of erased members once nobody could be mistaken for them any more."""
    age = timedelta(days=MemberSettings.load().nickname_days)
    old = NicknameChange.objects.filter(member__erased_at__lt=timezone.now() - age)
    old.filter(nickname=NOBODY).delete()


def forget_blocked_mail() -> None:
    """Members suspended for a limited time may join with their address again when that time is
    over."""
    ShutOutMail.objects.filter(until__lte=timezone.now()).delete()
