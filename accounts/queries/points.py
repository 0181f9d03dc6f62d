"""포인트: whether points are on, who has paid for what, and the rows of ledger and ranking."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member, PointEntry, PointSettings
from accounts.permissions import is_owner
from boardsite.dates import full_date, machine_date

RANKED = 100  # members in the ranking
RANKING_SECONDS = 300  # how long the ranking is cached


@dataclass(slots=True)
class PointRow:
    """A row of the member's own ledger. `expires` is "" where nothing expires or nothing is left."""

    text: str
    amount: str
    is_minus: bool
    date: str
    time: str
    expires: str


@dataclass(slots=True)
class RankRow:
    """A row of the ranking; equal points share a rank."""

    place: int
    member: Member
    points: str
    is_own: bool


def are_on() -> bool:
    return PointSettings.known().is_on


def message_cost(sender: Member) -> int:
    """The points that `sender` pays for each receiver of a 쪽지; 0 for the owner of the site."""
    settings = PointSettings.known()
    return settings.message_cost if settings.is_on and not is_owner(sender) else 0


def paid_for(member: Member, kind: str, abouts: Iterable[str]) -> set[str]:
    """Those of `abouts` for which `member` has paid or got points; one query."""
    own = PointEntry.objects.filter(member=member, kind=kind, about__in=list(abouts))
    return set(own.values_list("about", flat=True))


def point_row(entry: PointEntry) -> PointRow:
    is_left = entry.expires_on is not None and entry.amount > entry.spent
    return PointRow(
        text=entry.text,
        amount=f"{entry.amount:+,}",
        is_minus=entry.amount < 0,
        date=full_date(entry.at),
        time=machine_date(entry.at),
        expires=_("만료 %s") % f"{entry.expires_on:%y-%m-%d}" if is_left else "",
    )


def ranking(visitor_id: int | None) -> list[RankRow]:
    """The RANKED members with the most points. Excludes 수집기, the owner, members who have left or
    are suspended, and those who hide their profile."""
    ids = cache.get("ranking")
    shown = Member.objects.filter(
        Q(suspended_until=None) | Q(suspended_until__lte=timezone.now()),
        points__gt=0,
        is_active=True,
        left_at=None,
        is_robot=False,
        is_superuser=False,
        shows_profile=True,
    ).order_by("-points", "pk")
    if ids is None:
        ids = list(shown.values_list("pk", flat=True)[:RANKED])
        cache.set("ranking", ids, RANKING_SECONDS)
    return _placed(list(shown.filter(pk__in=ids)), visitor_id)


def _placed(members: Sequence[Member], visitor_id: int | None) -> list[RankRow]:
    rows: list[RankRow] = []
    for number, member in enumerate(members, start=1):
        is_tie = rows and rows[-1].member.points == member.points
        rows.append(
            RankRow(
                place=rows[-1].place if is_tie else number,
                member=member,
                points=f"{member.points:,}",
                is_own=member.pk == visitor_id,
            )
        )
    return rows
