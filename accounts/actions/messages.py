"""쪽지: sent, read, deleted on one side, reported. `Member.unread_message_count` changes with them."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.notifications import forget, notify, read_notifications
from accounts.actions.points import spend_points
from accounts.models import Member, MemberSettings, Message, Notification, PointEntry
from accounts.queries.points import message_cost
from boardsite.limits.rate_limit import hit
from boardsite.models import SiteSettings

ONCE_SECONDS = 86_400  # how long a submission is remembered
NAME_LENGTH = 40  # characters of the name in a message
CHUNK = 500  # messages that are deleted at a time
TITLE_LENGTH = 60  # characters of a message in its notification


@transaction.atomic
def send_message(
    *, sender: Member, receivers: Sequence[Member], text: str, submission: uuid.UUID | None = None
) -> list[Message]:
    """Sends a message to each of `receivers` and notifies them.

    Returns [] when the form `submission` has already sent this text to them: a repeated submission
    waits for the first one's transaction. The caller has checked the permission
    (permissions.unreached_by). Raises NotEnoughPoints when the sender cannot pay for all."""
    if submission is not None and not _take(sender, submission, receivers, text):
        return []
    cost = message_cost(sender) * len(receivers)
    # Locks the sender's row too, in the same order, so that two members who write to each other at
    # once do not deadlock.
    lock_members(*(receiver.pk for receiver in receivers), *([sender.pk] if cost else []))
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
    if cost and messages:
        spend_points(
            member=sender,
            kind=PointEntry.Kind.MESSAGE,
            about=f"message:{messages[0].pk}",
            # without the receivers' names, because the owner reads the ledger
            text=_("쪽지 %d통 보내기") % len(messages),
            amount=cost,
        )
    for message, receiver in zip(messages, receivers, strict=True):
        _deliver(message, receiver, actor=sender.nickname, by=sender.pk)
    return messages


@transaction.atomic
def send_from_site(*, receiver: Member, text: str) -> Message:
    """Sends a message in the name of the site, which nobody can reply to, and notifies `receiver`."""
    lock_members(receiver.pk)
    name = SiteSettings.known().name[:NAME_LENGTH]
    message = Message.objects.create(
        sender=None,
        sender_name=name,
        receiver=receiver,
        receiver_name=receiver.nickname,
        text=text,
    )
    _deliver(message, receiver, actor=name, by=None)
    return message


@transaction.atomic
def read_message(*, message: Message, member: Member) -> None:
    """Marks it as read if `member` is its receiver. The sender is not notified."""
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
    """Removes it from the box of `member` only.

    The row is deleted when it is in no box any more; a reported one stays for the owner to judge.
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
    """Reports a message that `member` has received to the owner of the site, once per message.

    Returns whether it is the first report."""
    received = Message.objects.received_by(member).filter(pk=message.pk, reported_at=None)
    return bool(received.update(reported_at=timezone.now(), report_reason=reason))


def forget_old_messages() -> int:
    """Deletes messages that were read more than MemberSettings.message_days ago, for both sides.
    Returns their number.

    Unread messages stay, and reported ones stay for the owner to judge."""
    days = MemberSettings.load().message_days
    if not days:
        return 0
    limit = timezone.now() - timedelta(days=days)
    old = Message.objects.filter(read_at__lt=limit, reported_at=None).order_by("pk")
    deleted = 0
    while chunk := list(old.values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            # Read messages are in no member's counter, and their notifications were read with them.
            names = [f"message:{pk}" for pk in chunk]
            Notification.objects.filter(about__in=names, read_at__isnull=False).delete()
            deleted += old.filter(pk__in=chunk).delete()[0]
    return deleted


def _take(sender: Member, submission: uuid.UUID, receivers: Sequence[Member], text: str) -> bool:
    """Claims the submission with this text. Returns False where it has been claimed before."""
    names = ",".join(sorted(receiver.username for receiver in receivers))
    key = uuid.uuid5(submission, f"{names}\0{text}")
    return hit(f"message:{sender.pk}:{key.hex}", 1, ONCE_SECONDS)


def _deliver(message: Message, receiver: Member, *, actor: str, by: int | None) -> None:
    _count(receiver.pk, 1)
    notify(
        member=receiver,
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
