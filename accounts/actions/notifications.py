"""알림: creates, groups, reads and deletes them. `Member.unread_notification_count` changes with
them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import BigIntegerField, CharField, Count, F, QuerySet
from django.utils import timezone

from accounts.actions.locking import lock_members
from accounts.models import Block, Member, Notification, NotificationChoice
from accounts.models.notifications import NotificationQuerySet
from boardsite.databases.compiled import Compiled, Slot
from boardsite.databases.statements import insert, update

Kind = Notification.Kind
Way = NotificationChoice.Way
Mail = Notification.Mail
default_way = NotificationChoice.default_way

MAILS: dict[str, Mail] = {
    Way.MAIL: Mail.NOW,
    Way.DIGEST: Mail.DAILY,
}  # every other way is without mail
CHUNK = 500  # members who are notified, and locked meanwhile, at a time

unreadable: Callable[[Member, Sequence[Notification]], set[int]] | None = None
"""Returns the ids of those notifications whose subject the member may not read any more. The app
with the posts sets it (its AppConfig.ready); None: everything may be read."""


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
    """Notifies `member`, unless they do not want that kind or have blocked the sender.

    `by` is the id of the member who acted, None for an anonymous visitor or the site, whom nobody
    can block. If the member has an unread notification of the same kind about the same thing, its
    count grows instead. Notification explains `about` and `part`."""
    if member.is_robot or not member.is_here:
        return
    with transaction.atomic():
        way = _lock_and_get_way(member.pk, kind, by)
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
        if update(Notification, same | {"read_at": None}, to=news, by={"count": 1}):
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
    """Like notify, for many members (ids, no robots) at once: a few queries for each CHUNK of them.

    `grown` has the fields ("title", "address", …) that an existing unread notification gets
    instead. Such a notification is mailed once until it is read, because members who did not come
    back for the first post need no mail for each further one."""
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
def _notify_chunk(
    members: list[int], kind: str, about: str, news: dict, grown: Mapping, ways: dict
) -> None:
    lock_members(*members)
    at = timezone.now()
    same = Notification.objects.unread().filter(kind=kind, about=about, member__in=members)
    growing = set(same.values_list("member", flat=True))
    if growing:
        same.update(count=F("count") + 1, at=at, **{**news, **grown})
        daily = [member for member in growing if ways.get(member) == Way.DIGEST]
        same.filter(member__in=daily).update(mail=Mail.DAILY)
    new = [member for member in members if member not in growing]
    Notification.objects.bulk_create(
        Notification(
            member_id=member,
            kind=kind,
            about=about,
            at=at,
            mail=_mail(ways.get(member, default_way(kind))),
            **news,
        )
        for member in new
    )
    Member.objects.filter(pk__in=new).update(
        unread_notification_count=F("unread_notification_count") + 1
    )


def read_notifications(*, member: Member, about: str | None = None, pk: int | None = None) -> int:
    """Marks all of `member`'s notifications as read, or those about one thing, or a single one.
    Returns their number.

    Those about one thing include notifications that have it as their only `part`. Notifications
    that were read are not mailed. Nothing is locked when none is about the thing, because every
    post that a member with unread notifications opens calls this."""
    unread = Notification.objects.unread().filter(member=member)
    if about is not None:
        if not has_unread_about(member=member, about=about):
            return 0
        unread = unread.about(about)
    if pk is not None:
        unread = unread.filter(pk=pk)
    with transaction.atomic():
        lock_members(member.pk)
        read = unread.update(read_at=timezone.now(), mail=Mail.NONE)
        _count_down([member.pk], read)
    return read


def has_unread_about(*, member: Member, about: str) -> bool:
    """Whether `member` has an unread notification about that thing."""
    return bool(_find_unread_about(member=member.pk, about=about))


def _unread_about() -> QuerySet[Notification]:
    unread = Notification.objects.unread().about(Slot("about", CharField()))
    return unread.filter(member=Slot("member", BigIntegerField())).only("pk")


_find_unread_about = Compiled(_unread_about, by_key=True)


@transaction.atomic
def delete_notification(*, notification: Notification) -> None:
    """Deletes one of a member's notifications."""
    lock_members(notification.member_id)
    _delete(Notification.objects.filter(pk=notification.pk))


@transaction.atomic
def forget(*, about: str = "", part: str = "") -> None:
    """Deletes everybody's notifications about something that is no longer visible."""
    if about:
        _forget(Notification.objects.filter(about=about))
    if part:
        _forget(Notification.objects.filter(part=part))


@transaction.atomic
def forget_these(notifications: Iterable[int]) -> None:
    """Deletes the notifications with these ids, of all members."""
    _forget(Notification.objects.filter(pk__in=notifications))


def forget_unreadable_by(member: int) -> None:
    """Deletes notifications of the member (an id) about things that they may not read any more.

    To be called after the commit of the change of rights, because it uses small transactions."""
    existing = Notification.objects.filter(member=member).order_by("pk")
    person, last = Member.objects.filter(pk=member).first(), 0
    while person and unreadable and (chunk := list(existing.filter(pk__gt=last)[:CHUNK])):
        last = chunk[-1].pk
        if gone := unreadable(person, chunk):
            forget_these(gone)


@transaction.atomic
def choose_notifications(*, member: Member, ways: Mapping[str, str]) -> None:
    """Sets how `member` wants each kind (kind → way). Existing notifications stay, and those that
    wait to be mailed follow the new choice."""
    lock_members(member.pk)
    own = NotificationChoice.objects.filter(member=member)
    own.filter(kind__in=ways).delete()
    NotificationChoice.objects.bulk_create(
        NotificationChoice(member=member, kind=kind, way=way)
        for kind, way in sorted(ways.items())
        if way != default_way(kind)  # a missing row means the same
    )
    for mail in Mail.values:
        _waiting(member.pk).filter(
            kind__in=[kind for kind, way in ways.items() if _mail(way) == mail]
        ).update(mail=mail)


@transaction.atomic
def unsubscribe(*, member: int, kinds: Iterable[str]) -> None:
    """Ends mails of these kinds to `member` (an id). The site notifies them as before."""
    kinds = list(kinds)
    lock_members(member)
    mailed = NotificationChoice.objects.filter(member=member, kind__in=kinds, way__in=MAILS)
    mailed.update(way=Way.SITE)
    NotificationChoice.objects.bulk_create(
        [
            NotificationChoice(member_id=member, kind=kind, way=Way.SITE)
            for kind in kinds
            if default_way(kind) in MAILS
        ],
        ignore_conflicts=True,  # with the choices above, and others that are no mail
    )
    _waiting(member).filter(kind__in=kinds).update(mail=Mail.NONE)


def _waiting(member: int) -> QuerySet[Notification]:
    """`member`'s notifications that are yet to be mailed."""
    return Notification.objects.to_be_mailed().filter(member=member)


def _lock_and_get_way(member: int, kind: str, by: int | None) -> str:
    """Locks a member's row, and returns how they want that kind from `by`: not at all from somebody
    they have blocked. One statement, because every comment needs it."""
    choice, block = NotificationChoice._meta.db_table, Block._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT way FROM {choice} WHERE member_id = receiver.id AND kind = %s), "
            f"EXISTS (SELECT 1 FROM {block} WHERE member_id = receiver.id AND blocked_id = %s) "
            f"FROM {Member._meta.db_table} AS receiver WHERE id = %s "
            + ("FOR NO KEY UPDATE" if connection.features.has_select_for_update else ""),
            [kind, by, member],
        )
        way, is_blocked = cursor.fetchone() or (Way.NONE, False)
    return Way.NONE if is_blocked else way or default_way(kind)


def _ways(kind: str, members: Iterable[int]) -> dict[int, str]:
    """The ways of those of `members` who have made a choice for that kind."""
    choices = NotificationChoice.objects.filter(member__in=members, kind=kind)
    return dict(choices.values_list("member", "way"))


def _mail(way: str) -> str:
    return MAILS.get(way, Mail.NONE)


def _forget(gone: NotificationQuerySet) -> None:
    members = gone.order_by().values_list("member", flat=True).distinct()
    while notified := list(
        members.all()
    ):  # members notified since the query are not locked yet and come in the next round
        lock_members(*notified)
        _delete(gone.filter(member__in=notified))


def _delete(gone: NotificationQuerySet) -> None:
    unread = gone.unread().order_by().values("member").annotate(count=Count("pk"))
    alike = defaultdict(list)  # count → members, so that many of them need few queries
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
