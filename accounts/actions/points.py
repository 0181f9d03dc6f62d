"""포인트: given, taken back, spent, expired. `Member.points` changes with every line of the ledger.

Each operation locks the member's row first, so that parallel ones neither count twice nor overdraw.
While points are switched off nothing is given or charged, but undoing an action still takes back
what it gave."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.record import record
from accounts.models import Member, MemberEvent, PointEntry, PointSettings
from accounts.permissions import Refused
from accounts.queries.points import are_on

Kind = PointEntry.Kind
RECOMMENDED_A_DAY = 5  # new members for whom one recommender gets points
TEXT_LENGTH = 200  # characters, as the column


class NotEnoughPoints(Refused):
    """The member has fewer points than needed; the sentence says how many."""

    def __init__(self, cost: int, balance: int, *, back: str = ""):
        words = _("포인트가 모자랍니다. %(cost)s포인트가 드는데 지금 %(balance)s포인트가 있습니다.")
        super().__init__(words % {"cost": f"{cost:,}", "balance": f"{balance:,}"}, back=back)


@transaction.atomic
def give_points(*, member: Member, kind: str, about: str, text: str, amount: int) -> bool:
    """Gives `amount` (above 0) once for (member, kind, about). Returns whether it was the first
    time."""
    if amount <= 0 or member.is_robot or not are_on():
        return False
    lock_members(member.pk)
    if _is_known(member.pk, kind, about):
        return False
    debt = max(0, -_balance(member.pk))  # points that balance an overdraft cannot expire as well
    days = PointSettings.known().keep_days
    PointEntry.objects.create(
        member_id=member.pk,
        kind=kind,
        about=about,
        text=text[:TEXT_LENGTH],
        amount=amount,
        spent=min(debt, amount),
        expires_on=timezone.localdate() + datetime.timedelta(days=days) if days else None,
    )
    _move(member.pk, amount)
    return True


def take_back(*, member: int, kind: str, about: str) -> None:
    """Undoes give_points, also below 0, so that nobody gains by spending before deleting."""
    take_back_all(members=[member], kind=kind, abouts=[about])


@transaction.atomic
def take_back_all(*, members: Iterable[int], kind: str, abouts: Iterable[str]) -> None:
    """Like take_back, for many actions of several members (ids). Payments (below 0) stay."""
    given = PointEntry.objects.filter(
        member__in=list(members), kind=kind, about__in=list(abouts), amount__gt=0
    )
    owners = sorted(set(given.values_list("member", flat=True)))
    if not owners:
        return
    lock_members(*owners)
    taken: dict[int, list[int]] = {owner: [0, 0] for owner in owners}
    entries = list(given.filter(member__in=owners))
    for entry in entries:
        taken[entry.member_id][0] += entry.amount
        taken[entry.member_id][1] += entry.spent
    PointEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    for owner, (amount, spent) in taken.items():
        if amount:
            _move(owner, -amount)
            _use_up(owner, spent)


@transaction.atomic
def spend_points(*, member: Member, kind: str, about: str, text: str, amount: int) -> None:
    """Takes `amount` (above 0) once and for good for (member, kind, about).

    Raises NotEnoughPoints rather than leaving less than 0."""
    if amount <= 0 or member.is_robot or not are_on():
        return
    lock_members(member.pk)
    if _is_known(member.pk, kind, about):
        return
    able = Member.objects.filter(pk=member.pk, points__gte=amount)
    if not able.update(points=F("points") - amount):
        raise NotEnoughPoints(amount, _balance(member.pk))
    PointEntry.objects.create(
        member_id=member.pk, kind=kind, about=about, text=text[:TEXT_LENGTH], amount=-amount
    )
    _use_up(member.pk, amount)


@transaction.atomic
def adjust_points(
    *, member: Member, amount: int, reason: str, about: str, by: Member | None = None
) -> bool:
    """The owner gives (above 0) or takes (below 0) points by hand. `about` is the form's
    idempotency key. Returns whether something changed. Raises NotEnoughPoints like spend_points."""
    if amount == 0 or member.is_robot or not are_on():
        return False
    lock_members(member.pk)
    if _is_known(member.pk, Kind.MANUAL, about):
        return False
    change = give_points if amount > 0 else spend_points
    change(member=member, kind=Kind.MANUAL, about=about, text=reason, amount=abs(amount))
    words = f"{amount:+,} · {reason}"
    record(member=member, kind=MemberEvent.Kind.POINTS, words=words, by=by)
    return True


def welcome_member(*, member: Member) -> None:
    """Gives the points for joining."""
    amount = PointSettings.known().signup
    give_points(
        member=member, kind=Kind.SIGNUP, about="signup", text=_("회원가입 축하"), amount=amount
    )
    member.refresh_from_db(fields=["points"])  # otherwise saving this object would overwrite them


def reward_recommender(*, member: Member) -> None:
    """Gives the points for recommending a new member. The caller has locked both rows.

    At most RECOMMENDED_A_DAY, and nothing for a suspended recommender. The ledger does not name the
    new member, so that it reveals nothing about members who have left."""
    recommender = member.recommender
    if recommender is None or not recommender.is_here or recommender.is_locked_out:
        return
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = PointEntry.objects.filter(member=recommender, kind=Kind.RECOMMEND, at__gte=midnight)
    if today.count() < RECOMMENDED_A_DAY:
        give_points(
            member=recommender,
            kind=Kind.RECOMMEND,
            about=f"member:{member.pk}",
            text=_("새 회원 추천"),
            amount=PointSettings.known().recommend,
        )


def reward_first_visit(*, member: Member, day: datetime.date) -> None:
    """Gives the points of the day's first visit."""
    give_points(
        member=member,
        kind=Kind.LOGIN,
        about=day.isoformat(),
        text=_("%s 첫 로그인") % day.isoformat(),
        amount=PointSettings.known().login,
    )


def expire_points(*, today: datetime.date) -> int:
    """Removes the rest of points that expire. Returns how many points expired."""
    expiring = PointEntry.objects.filter(expires_on__isnull=False, amount__gt=F("spent"))
    due = expiring.filter(expires_on__lte=today)
    members = due.order_by("member").values_list("member", flat=True).distinct()
    return sum(_expire(member, today) for member in list(members))


@transaction.atomic
def _expire(member: int, today: datetime.date) -> int:
    lock_members(member)
    due = PointEntry.objects.filter(
        member=member, expires_on__lte=today, amount__gt=F("spent")
    ).order_by("pk")
    entries = list(due)
    left = sum(entry.amount - entry.spent for entry in entries)
    gone = min(left, max(0, _balance(member)))
    PointEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(spent=F("amount"))
    if gone:
        PointEntry.objects.create(
            member_id=member,
            kind=Kind.EXPIRE,
            about=f"{today.isoformat()}:{entries[-1].pk}",
            text=_("포인트 소멸"),
            amount=-gone,
        )
        _move(member, -gone)
    return gone


def _use_up(member: int, amount: int) -> None:
    """Marks `amount` as spent on the points that expire first. Points that never expire need no
    mark."""
    expiring = PointEntry.objects.filter(
        member=member, expires_on__isnull=False, amount__gt=F("spent")
    )
    whole = []
    for entry in expiring.order_by("expires_on", "pk").iterator():
        if amount <= 0:
            break
        part = min(amount, entry.amount - entry.spent)
        amount -= part
        if part == entry.amount - entry.spent:
            whole.append(entry.pk)
        else:
            PointEntry.objects.filter(pk=entry.pk).update(spent=F("spent") + part)
    PointEntry.objects.filter(pk__in=whole).update(spent=F("amount"))


def _is_known(member: int, kind: str, about: str) -> bool:
    return PointEntry.objects.filter(member=member, kind=kind, about=about).exists()


def _balance(member: int) -> int:
    return Member.objects.values_list("points", flat=True).get(pk=member)


def _move(member: int, amount: int) -> None:
    Member.objects.filter(pk=member).update(points=F("points") + amount)
