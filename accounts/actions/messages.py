"""쪽지: sent, read, deleted on one side, reported. `Member.unread_message_count` moves with them."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions.locking import lock_members
from accounts.actions.notifications import forget, notify, read_notifications
from accounts.models import Member, MemberSettings, Message, Notification
from boardsite.models import SiteSettings
from boardsite.ratelimit import hit

ONCE_SECONDS = 86_400  # how long a form that was sent is remembered
NAME_LENGTH = 40  # characters of the name that a message keeps
CHUNK = 500  # messages that are deleted at a time
TITLE_LENGTH = 60  # characters of a message that its notification shows


@transaction.atomic
def send_message(
    *, sender: Member, receivers: Sequence[Member], text: str, submission: uuid.UUID | None = None
) -> list[Message]:
    """One message for each of `receivers`, who are told.

    [] when the form `submission` has already brought these words to them: a second press waits for
    the first one's transaction. Whether `sender` may is asked before (permissions.unreached_by).
    """
    if submission is not None and not _take(sender, submission, receivers, text):
        return []
    lock_members(*(receiver.pk for receiver in receivers))
    messages = [
        Message.objects.create(
            sender=sender,
            sender_name=sender.nickname,
            receiver=receiver,
            receiver_name=receiver.nickname,
            text=text,
        )
        for receiver in receivers
    ]
    for message in messages:
        _deliver(message, actor=sender.nickname, by=sender.pk)
    return messages


@transaction.atomic
def send_from_site(*, receiver: Member, text: str) -> Message:
    """A message in the name of the site, that nobody can answer; `receiver` is told."""
    lock_members(receiver.pk)
    name = SiteSettings.known().name[:NAME_LENGTH]
    message = Message.objects.create(
        sender=None,
        sender_name=name,
        receiver=receiver,
        receiver_name=receiver.nickname,
        text=text,
    )
    _deliver(message, actor=name, by=None)
    return message


@transaction.atomic
def read_message(*, message: Message, member: Member) -> None:
    """Marks it as read if `member` is its receiver; to its sender it tells nothing."""
    if message.receiver_id != member.pk or message.read_at is not None:
        return
    lock_members(member.pk)
    now = timezone.now()
    unread = Message.objects.unread().received_by(member).filter(pk=message.pk)
    if unread.update(read_at=now):
        _count(member.pk, -1)
        read_notifications(member=member, about=_about(message))
    message.read_at = now


@transaction.atomic
def delete_message(*, message: Message, member: Member) -> None:
    """Takes it out of the box of `member` alone.

    The row goes when nobody has it any more; what was reported stays for the owner to judge.
    """
    lock_members(*filter(None, (message.sender_id, message.receiver_id)))
    own = Message.objects.filter(pk=message.pk)
    if own.unread().received_by(member).exists():
        _count(member.pk, -1)
    if own.received_by(member).update(deleted_by_receiver=True):
        forget(about=_about(message))
    own.sent_by(member).update(deleted_by_sender=True)
    own.in_no_box().filter(reported_at=None).delete()


@transaction.atomic
def report_message(*, message: Message, member: Member, reason: str) -> bool:
    """Tells the owner of the site about a message that `member` has received; once a message.

    Whether it is the first time.
    """
    received = Message.objects.received_by(member).filter(pk=message.pk, reported_at=None)
    return bool(received.update(reported_at=timezone.now(), report_reason=reason))


def forget_old_messages() -> int:
    """Deletes what was read more than MemberSettings.message_days ago, for both; returns how many.

    Unread ones wait, and what was reported stays for the owner to judge.
    """
    days = MemberSettings.load().message_days
    if not days:
        return 0
    limit = timezone.now() - timedelta(days=days)
    old = Message.objects.filter(read_at__lt=limit, reported_at=None).order_by("pk")
    deleted = 0
    while chunk := list(old.values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            # What was read is in no member's count; its notification was read with it.
            names = [f"message:{pk}" for pk in chunk]
            Notification.objects.filter(about__in=names, is_read=True).delete()
            deleted += old.filter(pk__in=chunk).delete()[0]
    return deleted


def _take(sender: Member, submission: uuid.UUID, receivers: Sequence[Member], text: str) -> bool:
    """Claims a form with these very words; False where it has been taken."""
    names = ",".join(sorted(receiver.username for receiver in receivers))
    key = uuid.uuid5(submission, f"{names}\0{text}")
    return hit(f"message:{sender.pk}:{key.hex}", 1, ONCE_SECONDS)


def _deliver(message: Message, *, actor: str, by: int | None) -> None:
    _count(message.receiver_id, 1)
    notify(
        member=message.receiver,
        kind=Notification.Kind.MESSAGE,
        title=" ".join(message.text.split())[:TITLE_LENGTH],
        address=message.get_absolute_url(),
        about=_about(message),
        actor=actor,
        by=by,
    )


def _count(member: int, more: int) -> None:
    Member.objects.filter(pk=member).update(unread_message_count=F("unread_message_count") + more)


def _about(message: Message) -> str:
    return f"message:{message.pk}"
