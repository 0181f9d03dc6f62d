"""Whom a level rule raises, and whom it would have raised in which week of the last month."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import LevelRule, Member, PointEntry

DAYS_AGO = (30, 21, 14, 7)  # the beginnings of the weeks; the last week ends now
# members that are examined, the newest first, which keeps the query fast on a big site
MOST = 5_000

Written = dict[int, list[tuple[int, int]]]
"""By member: how many posts and comments they have written since each of several moments."""

written_since: Callable[[Sequence[int], Sequence[datetime.datetime]], Written] | None = None
"""The app with the posts sets it (its AppConfig.ready); None: there are no posts."""


@dataclass(frozen=True)
class Preview:
    """How many meet the rule now: since before the month, and since each of its weeks."""

    before: int
    weeks: list[int]  # one for each of DAYS_AGO
    is_capped: bool  # only MOST of them were examined


def raised_by(rule: LevelRule) -> QuerySet[Member]:
    """Members whom `rule` would raise now, were it active: all of its conditions hold.

    Excludes 수집기, owners of the site, and members who already have that level."""
    since = timezone.now() - datetime.timedelta(days=rule.days)
    return Member.objects.filter(
        level__lt=rule.level,
        points__gte=rule.points,
        post_count__gte=rule.posts,
        comment_count__gte=rule.comments,
        date_joined__lte=since,
        is_active=True,
        left_at=None,
        is_robot=False,
        is_superuser=False,
    )


def preview(rule: LevelRule) -> Preview:
    """Of the members whom `rule` would raise now, since when they have met it.

    Points come from the ledger; posts and comments are those that still exist. 4 queries."""
    now = timezone.now()
    moments = [now - datetime.timedelta(days=days) for days in DAYS_AGO]
    found = (
        raised_by(rule).order_by("-pk").only("points", "post_count", "comment_count", "date_joined")
    )
    members = list(found[: MOST + 1])
    is_capped, members = len(members) > MOST, members[:MOST]
    pks = [member.pk for member in members]
    earned = _earned_since(pks, moments)
    written = written_since(pks, moments) if written_since and pks else {}
    since = [_met_since(rule, member, moments, earned, written) for member in members]
    return Preview(
        before=since.count(0),
        weeks=[since.count(place) for place in range(1, len(moments) + 1)],
        is_capped=is_capped,
    )


def _met_since(
    rule: LevelRule,
    member: Member,
    moments: list[datetime.datetime],
    earned: dict,
    written: Written,
) -> int:
    """The index of the first of `moments` at which the member met all conditions; their number for
    none."""
    nothing = [(0, 0)] * len(moments)
    for place, moment in enumerate(moments):
        posts, comments = written.get(member.pk, nothing)[place]
        if (
            member.points - earned.get(member.pk, [0] * len(moments))[place] >= rule.points
            and member.post_count - posts >= rule.posts
            and member.comment_count - comments >= rule.comments
            and member.date_joined <= moment - datetime.timedelta(days=rule.days)
        ):
            return place
    return len(moments)


def _earned_since(pks: list[int], moments: list[datetime.datetime]) -> dict[int, list[int]]:
    """By member: the points added to the ledger since each of `moments`; below 0 where they spent
    more."""
    sums = {
        f"since_{place}": Sum("amount", filter=Q(at__gt=moment), default=0)
        for place, moment in enumerate(moments)
    }
    lines = PointEntry.objects.filter(member__in=pks, at__gt=min(moments)).order_by()
    rows = lines.values("member").annotate(**sums).values_list("member", *sums)
    return {member: values for member, *values in rows}
