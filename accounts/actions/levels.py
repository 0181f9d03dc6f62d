"""Levels by the owner's rules: raised, never lowered.

Once a day and whenever a rule is saved, by one UPDATE a rule: no deed has to wait for it.
"""

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import LevelRule, Member


def raised_by(rule: LevelRule) -> QuerySet[Member]:
    """Whom `rule` would raise now, were it on: people for whom all of its conditions hold.

    Not 수집기, not owners of the site, not who stands as high already.
    """
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


@transaction.atomic
def raise_levels() -> int:
    """Gives every member the highest level that the rules in use allow him; returns how many rose."""
    risen = 0
    for rule in LevelRule.objects.filter(is_on=True).order_by("-level"):
        risen += raised_by(rule).update(level=rule.level)
    return risen
