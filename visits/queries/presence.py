"""Who is present now, as a user may see it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from boardsite.caching.ttl_cache import TTLCache
from boardsite.places import Place, elsewhere, name_places
from visits.models import Presence
from visits.models.presence import PresenceQuerySet
from visits.permissions import User, may_see_visitors

SHOWN = 200  # members by name, and robots
PATHS = 1000  # paths of anonymous visitors that are examined, and
PLACES = 50  # places that are shown; all others are elsewhere


class PresentMember(NamedTuple):
    """`path` is "" where it is hidden; `since` says how long ago they were seen."""

    member: Any
    is_self: bool
    place: Place
    path: str
    since: str


@dataclass(frozen=True)
class PresentGuests:
    """The number of people at one place."""

    count: int
    place: Place
    path: str


class PresentRobot(NamedTuple):
    name: str
    place: Place
    path: str
    since: str


@dataclass
class Present:
    """`people` counts members by name and anonymous visitors; members who hide their presence count
    as anonymous."""

    people: int
    members: int
    guests: int
    robots: int
    shown_members: list[PresentMember]
    shown_guests: list[PresentGuests]
    shown_robots: list[PresentRobot]

    @property
    def members_left(self) -> int:
        """The number of named members beyond SHOWN."""
        return self.members - len(self.shown_members)


def present(user: User, *, own_key: int | None = None) -> Present:
    """Who is present, as `user` may see it. `own_key` is the user's visitor number, if they are a
    person with a browser.

    The user themselves is always present, whatever has been written yet. Whether members show
    themselves is queried now. Six queries, however many people there are."""
    is_member = user.is_authenticated
    others = _others(user, own_key)
    named = others.filter(member__in=_named(user).values("pk"))
    counts = others.aggregate(
        guests=Count("key", filter=Q(robot="", member=None)),
        members=Count("member", distinct=True),
        robots=Count("key", filter=~Q(robot="")),
        named=Count("member", distinct=True, filter=Q(member__in=_named(user).values("pk"))),
    )
    people = counts["guests"] + counts["members"] + int(is_member or own_key is not None)
    members = counts["named"] + int(is_member)
    named_rows = list(named.order_by("-seen_at")[:SHOWN])
    guest_rows = _guests_by_path(others)
    robot_rows = list(others.robots().order_by("-seen_at")[:SHOWN])
    if own_key is not None and not is_member:
        guest_rows[_own_path()] += 1
    paths = {*guest_rows, *(row.path for row in (*named_rows, *robot_rows)), _own_path()}
    atlas = _Atlas(paths, user)
    return Present(
        people=people,
        members=members,
        guests=people - members,
        robots=counts["robots"],
        shown_members=_show_members(named_rows, user, atlas),
        shown_guests=_show_guests(guest_rows, people - members, atlas),
        shown_robots=[_show_robot(row, atlas) for row in robot_rows],
    )


def _count_people() -> int:
    counts = Presence.objects.here().aggregate(
        guests=Count("key", filter=Q(robot="", member=None)),
        members=Count("member", distinct=True),
    )
    return counts["guests"] + counts["members"]


present_count = TTLCache(_count_people, seconds=15)
"""How many people are present now, without robots."""


class _Atlas:
    """What `user` may know of the places at `paths`."""

    def __init__(self, paths: Collection[str], user: User) -> None:
        self._places = name_places(paths, user)
        self._shows_paths = may_see_visitors(user)
        self._now = timezone.now()

    def place(self, path: str) -> Place:
        return self._places[path]

    def path(self, path: str) -> str:
        """As text, for the staff."""
        return path if self._shows_paths else ""

    def since(self, moment: datetime) -> str:
        minutes = int((self._now - moment).total_seconds() // 60)
        return _("%d분 전") % minutes if minutes > 0 else _("방금")


def _own_path() -> str:
    """The user's own place."""
    return reverse("list_present")


def _others(user: User, own_key: int | None) -> PresenceQuerySet:
    others = Presence.objects.here()
    if own_key is not None:
        others = others.exclude(key=own_key)
    return others.exclude(member=user.pk) if user.is_authenticated else others


def _named(user: User) -> QuerySet:
    return get_user_model().objects.showing_presence_to(user)


def _guests_by_path(others: PresenceQuerySet) -> Counter[str]:
    rows = others.guests().values("path").annotate(count=Count("key")).order_by("-count", "path")
    return Counter({row["path"]: row["count"] for row in rows[:PATHS]})


def _show_members(rows: Sequence[Presence], user: User, atlas: _Atlas) -> list[PresentMember]:
    """The user first, then the most recently seen. Nobody appears twice, although midnight gives
    two numbers."""
    latest = {row.member: row for row in reversed(rows)}
    members = get_user_model().objects.in_bulk(latest)
    shown = []
    if user.is_authenticated:
        shown.append(PresentMember(user, True, atlas.place(_own_path()), "", _("방금")))
    for row in rows:
        if latest.get(row.member) is row and row.member in members:
            place = atlas.place(row.path)
            # Private pages are hidden from the staff too.
            path = atlas.path(row.path) if place.address else ""
            since = atlas.since(row.seen_at)
            shown.append(PresentMember(members[row.member], False, place, path, since))
    return shown


def _show_guests(by_path: Counter[str], guests: int, atlas: _Atlas) -> list[PresentGuests]:
    """The places with the most visitors first. Elsewhere includes the members who hide their
    presence, because their place could identify them."""
    by_place: Counter[tuple[Place, str]] = Counter()
    for path, count in by_path.items():
        by_place[atlas.place(path), atlas.path(path)] += count
    by_place.pop((elsewhere(), ""), None)
    shown = [PresentGuests(count, *where) for where, count in by_place.most_common(PLACES)]
    if rest := guests - sum(each.count for each in shown):
        shown.append(PresentGuests(rest, elsewhere(), ""))
    return shown


def _show_robot(row: Presence, atlas: _Atlas) -> PresentRobot:
    name = row.robot or _("이름 없는 로봇")
    return PresentRobot(name, atlas.place(row.path), atlas.path(row.path), atlas.since(row.seen_at))
