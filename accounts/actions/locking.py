"""Locks members' rows while their counters change."""

from accounts.models import Member


def lock_members(*members: int) -> None:
    """Locks the rows in the order of their keys, so that counters stay correct without deadlocks."""
    rows = Member.objects.select_for_update(no_key=True).only("pk")
    list(rows.filter(pk__in=members).order_by("pk"))
