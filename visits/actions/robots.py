"""Limits the number of robot names per day: the counts stay for ever, and clients choose their
name."""

from collections import Counter
from datetime import date, timedelta

from django.db import router, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from boardsite.visitors.robot_names import UNKNOWN
from visits.models import RobotCount
from visits.models.days import LATE

NAMES = 200
"""Names that a day keeps; a well-known site has some eighty."""
LATELY = timedelta(days=7)
"""How far back it looks, for a machine that was off for some days."""


def merge_rare_robots() -> int:
    """Adds the rarest robots of past days to those without a known name. Returns the number of
    removed names.

    One program can use all of the 1,500 names of robot_names in each hour. Verified robots are
    never rare."""
    rows = RobotCount.objects.using(router.db_for_write(RobotCount))
    over = timezone.localdate(timezone.now() - LATE, timezone.get_default_timezone())
    past = rows.filter(day__lt=over, day__gte=over - LATELY).order_by("day").values_list("day")
    crowded = past.annotate(names=Count("name", distinct=True)).filter(names__gt=NAMES)
    return sum(_merge_day(rows.filter(day=day)) for day, _names in list(crowded))


def _merge_day(rows: QuerySet[RobotCount]) -> int:
    with transaction.atomic(using=rows.db):
        rare = _rare_names(rows)
        merged: Counter[tuple[date, int, str]] = Counter()
        going = rows.filter(name__in=[*rare, UNKNOWN])
        for row in going.order_by("hour", "name", "standing").select_for_update():
            merged[row.day, row.hour, row.standing] += row.requests
        going.delete()
        rows.bulk_create(
            RobotCount(day=day, hour=hour, name=UNKNOWN, standing=standing, requests=requests)
            for (day, hour, standing), requests in sorted(merged.items())
        )
    return len(rare)


def _rare_names(rows: QuerySet[RobotCount]) -> list[str]:
    is_verified = Q(standing=RobotCount.Standing.VERIFIED)
    names = rows.exclude(name=UNKNOWN).order_by().values("name")
    sums = names.annotate(
        all=Sum("requests"), verified=Sum("requests", filter=is_verified, default=0)
    )
    ranked = list(sums.order_by("-all", "name").values_list("name", "verified"))
    return [name for name, verified in ranked[NAMES - 1 :] if not verified]
