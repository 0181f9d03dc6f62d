"""Levels by the owner's rules, which raise and never lower them.

They run once a day and whenever a rule is saved, with one UPDATE per rule, so that no action waits
for them."""

from django.db import transaction

from accounts.models import LevelRule
from accounts.queries.levels import raised_by


@transaction.atomic
def raise_levels() -> int:
    """Gives every member the highest level that the active rules allow. Returns how many rose."""
    risen = 0
    for rule in LevelRule.objects.filter(is_on=True).order_by("-level"):
        risen += raised_by(rule).update(level=rule.level)
    return risen
