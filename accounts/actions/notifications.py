"""알림: told, bundled, read, forgotten. `Member.unread_notification_count` moves with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.db.models import BigIntegerField, CharField, Count, F, QuerySet
from django.utils import timezone

from accounts.actions.locking import lock_members
from accounts.models import Block, Member, Notification, NotificationChoice
from boardsite.compiled import Compiled, Slot
from boardsite.statements import insert, update

Kind = Notification.Kind
Way = NotificationChoice.Way
Mail = Notification.Mail

MAILS = {Way.MAIL: Mail.NOW, Way.DIGEST: Mail.DAILY}  # any other way is without mail
CHUNK = 500  # members that are told, and held meanwhile, at a time


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
    if member.is_robot or not member.is_here:
        return
    with transaction.atomic():
        way = _hold(member.pk, kind, by)
        if way == Way.NONE:
            return
        news = {
            "title": title[:200],
            "address": address,
            "part": part,
            "actor_name": actor,
            "at": timezone.now(),
            "mail": _mail(way),
        }
        same = {"member_id": member.pk, "kind": kind, "about": about}
        if update(Notification, same | {"is_read": False}, to=news, by={"count": 1}):
            return
        insert(Notification(**same, **news))
        update(Member, {"id": member.pk}, by={"unread_notification_count": 1})


def notify_many(
    *,
    members: Iterable[int],
    kind: str,
    title: str,
    address: str,
    about: str,
    part: str = "",
    actor: str = "",
    by: int | None = None,
    grown: Mapping[str, str] | None = None,
) -> None:
    """As notify, for many members (ids, no robots) at once: a few queries a CHUNK of them.

    `grown`: what the line of those who have not read theirs yet says from now on, where that differs
    ("title", "address", …). Such a line is mailed once until it is read: who did not come back for
    the first post needs no mail for each that follows.
    """
    news = {"title": title[:200], "address": address, "part": part, "actor_name": actor}
    members = sorted(set(members))
    for start in range(0, len(members), CHUNK):
        chunk = members[start : start + CHUNK]
        ways = _ways(kind, chunk)
        deaf = {member for member, way in ways.items() if way == Way.NONE}
        if by is not None:
            blocks = Block.objects.filter(member__in=chunk, blocked=by)
            deaf.update(blocks.values_list("member", flat=True))
        _notify_chunk([pk for pk in chunk if pk not in deaf], kind, about, news, grown or {}, ways)


@transaction.atomic
def _notify_chunk(members: list[int], kind, about, news, grown, ways) -> None:
    lock_members(*members)
    at = timezone.now()
    same = Notification.objects.unread().filter(kind=kind, about=about, member__in=members)
    told = set(same.values_list("member", flat=True))
    if told:
        same.update(count=F("count") + 1, at=at, **{**news, **grown})
        daily = [member for member in told if ways.get(member) == Way.DIGEST]
        same.filter(member__in=daily).update(mail=Mail.DAILY)
    new = [member for member in members if member not in told]
    Notification.objects.bulk_create(
        Notification(
            member_id=member,
            kind=kind,
            about=about,
            at=at,
            mail=_mail(ways.get(member, Way.SITE)),
            **news,
        )
        for member in new
    )
    Member.objects.filter(pk__in=new).update(
        unread_notification_count=F("unread_notification_count") + 1
    )


def read_notifications(*, member: Member, about: str | None = None, pk: int | None = None) -> int:
    """Marks as read all of `member`'s notifications, those about one thing, or one. Returns how many.

    Those about one thing are also those that tell of it alone (as their `part`). Nobody is mailed
    what he has read. Where none is about that thing nothing is locked: it is asked with each post
    that is opened by who has others unread.
    """
    unread = Notification.objects.unread().filter(member=member)
    if about is not None:
        if not _told_of(member=member.pk, about=about):
            return 0
        unread = unread.about(about)
    if pk is not None:
        unread = unread.filter(pk=pk)
    with transaction.atomic():
        lock_members(member.pk)
        read = unread.update(is_read=True, mail=Mail.NONE)
        _count_down([member.pk], read)
    return read


def _unread_about() -> QuerySet[Notification]:
    unread = Notification.objects.unread().about(Slot("about", CharField()))
    return unread.filter(member=Slot("member", BigIntegerField())).only("pk")


_told_of = Compiled(_unread_about, by_key=True)


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


@transaction.atomic
def forget_these(notifications: Iterable[int]) -> None:
    """Deletes these (by key), whosoever they are."""
    _forget(Notification.objects.filter(pk__in=notifications))


@transaction.atomic
def choose_notifications(*, member: Member, ways: Mapping[str, str]) -> None:
    """Sets how `member` wants each kind (kind → way). What he has got already stays, and what of it
    still waits to be mailed goes the new way."""
    lock_members(member.pk)
    own = NotificationChoice.objects.filter(member=member)
    own.filter(kind__in=ways).delete()
    NotificationChoice.objects.bulk_create(
        NotificationChoice(member=member, kind=kind, way=way)
        for kind, way in sorted(ways.items())
        if way != Way.SITE  # no row says the same
    )
    for mail in Mail.values:
        _waiting(member.pk).filter(
            kind__in=[kind for kind, way in ways.items() if _mail(way) == mail]
        ).update(mail=mail)


@transaction.atomic
def unsubscribe(*, member: int, kinds: Iterable[str]) -> None:
    """From now on no mail of these kinds to `member` (an id); the site tells him as before."""
    kinds = list(kinds)
    lock_members(member)
    mailed = NotificationChoice.objects.filter(member=member, kind__in=kinds, way__in=MAILS)
    mailed.update(way=Way.SITE)
    _waiting(member).filter(kind__in=kinds).update(mail=Mail.NONE)


def _waiting(member: int) -> QuerySet[Notification]:
    """What of `member`'s notifications is yet to be mailed."""
    return Notification.objects.filter(member=member).exclude(mail=Mail.NONE)


def _hold(member: int, kind: str, by: int | None) -> str:
    """Holds a member's row, and says how he wants that kind from `by`: whom he has blocked not at
    all. One statement, as every comment asks."""
    choice, block = NotificationChoice._meta.db_table, Block._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT way FROM {choice} WHERE member_id = he.id AND kind = %s), "
            f"EXISTS (SELECT 1 FROM {block} WHERE member_id = he.id AND blocked_id = %s) "
            f"FROM {Member._meta.db_table} AS he WHERE id = %s "
            + ("FOR NO KEY UPDATE" if connection.features.has_select_for_update else ""),
            [kind, by, member],
        )
        way, is_blocked = cursor.fetchone() or (Way.NONE, False)
    return Way.NONE if is_blocked else way or Way.SITE


def _ways(kind: str, members: Iterable[int]) -> dict[int, str]:
    """How those of `members` that have said so want that kind."""
    choices = NotificationChoice.objects.filter(member__in=members, kind=kind)
    return dict(choices.values_list("member", "way"))


def _mail(way: str) -> str:
    return MAILS.get(way, Mail.NONE)


def _forget(gone) -> None:
    members = gone.order_by().values_list("member", flat=True).distinct()
    while told := list(
        members.all()
    ):  # who is told meanwhile is not held yet: the next turn has him
        lock_members(*told)
        _delete(gone.filter(member__in=told))


def _delete(gone) -> None:
    unread = gone.unread().order_by().values("member").annotate(count=Count("pk"))
    alike = defaultdict(list)  # count → members, so that many pay few queries
    for member, count in unread.values_list("member", "count"):
        alike[count].append(member)
    for count, members in alike.items():
        _count_down(members, count)
    gone.delete()


def _count_down(members: Iterable[int], count: int) -> None:
    if count:
        Member.objects.filter(pk__in=members).update(
            unread_notification_count=F("unread_notification_count") - count
        )
