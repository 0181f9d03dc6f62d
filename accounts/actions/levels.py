"""Levels by the owner's rules: raised, never lowered.

Once a day and whenever a rule is saved, by one UPDATE a rule: no deed has to wait for it.
"""

from django.db import transaction

from accounts.models import LevelRule
from accounts.queries.levels import raised_by


@transaction.atomic
def raise_levels() -> int:
    """Gives every member the highest level that the rules in use allow him; returns how many rose."""
    risen = 0
    for rule in LevelRule.objects.filter(is_on=True).order_by("-level"):
        risen += raised_by(rule).update(level=rule.level)
    return risen
