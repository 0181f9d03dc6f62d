"""알림: told, bundled, read, forgotten. `Member.unread_notification_count` moves with them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from accounts.actions.locking import lock_members
from accounts.models import Block, Member, Notification, NotificationChoice

Kind = Notification.Kind


@transaction.atomic
def notify(
    *,
    member: Member,
    kind: str,
    title: str,
    address: str,
    about: str,
    part: str = "",
    actor: str = "",
    by: int | None = None,
) -> None:
    """Tells `member` what happened, unless he does not want that kind or has blocked who did it.

    `by` is the id of the member who did it, None for a guest or the site, whom nobody can block.
    What he has not read yet of the same kind and about the same thing becomes one more of it, not a
    second notification. `about` and `part` are explained at Notification.
    """
    if member.is_robot or NotificationChoice.objects.filter(member=member, kind=kind).exists():
        return
    if by is not None and Block.objects.filter(member=member, blocked=by).exists():
        return
    lock_members(member.pk)
    news = {
        "title": title[:200],
        "address": address,
        "part": part,
        "actor_name": actor,
        "at": timezone.now(),
    }
    same = Notification.objects.filter(member=member, kind=kind, about=about, is_read=False)
    if same.update(count=F("count") + 1, **news):
        return
    Notification.objects.create(member=member, kind=kind, about=about, **news)
    Member.objects.filter(pk=member.pk).update(
        unread_notification_count=F("unread_notification_count") + 1
    )


@transaction.atomic
def read_notifications(*, member: Member, about: str | None = None, pk: int | None = None) -> None:
    """Marks as read all of `member`'s notifications, those about one thing, or one."""
    lock_members(member.pk)
    unread = Notification.objects.filter(member=member, is_read=False)
    if about is not None:
        unread = unread.filter(about=about)
    if pk is not None:
        unread = unread.filter(pk=pk)
    read = unread.update(is_read=True)
    _count_down(member.pk, read)


@transaction.atomic
def delete_notification(*, notification: Notification) -> None:
    """Deletes one of a member's notifications."""
    lock_members(notification.member_id)
    _delete(Notification.objects.filter(pk=notification.pk))


@transaction.atomic
def forget(*, about: str = "", part: str = "") -> None:
    """Deletes everybody's notifications about something that has gone from sight."""
    if about:
        _forget(Notification.objects.filter(about=about))
    if part:
        _forget(Notification.objects.filter(part=part))


def choose_notifications(*, member: Member, unwanted: Iterable[str]) -> None:
    """Sets which kinds `member` does not want; what he has got already stays."""
    unwanted = set(unwanted)
    with transaction.atomic():
        lock_members(member.pk)
        NotificationChoice.objects.filter(member=member).exclude(kind__in=unwanted).delete()
        NotificationChoice.objects.bulk_create(
            [NotificationChoice(member=member, kind=kind) for kind in sorted(unwanted)],
            ignore_conflicts=True,
        )


def _forget(gone) -> None:
    members = list(gone.order_by().values_list("member", flat=True).distinct())
    if members:
        lock_members(*members)
        _delete(gone)


def _delete(gone) -> None:
    unread = gone.filter(is_read=False).order_by().values("member").annotate(count=Count("pk"))
    for member, count in sorted(unread.values_list("member", "count")):
        _count_down(member, count)
    gone.delete()


def _count_down(member: int, count: int) -> None:
    if count:
        Member.objects.filter(pk=member).update(
            unread_notification_count=F("unread_notification_count") - count
        )
