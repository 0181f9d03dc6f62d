"""Members' rows, held while their counts move."""

from accounts.models import Member


def lock_members(*members: int) -> None:
    """One after the other, always by key, so that counts stay true and nobody deadlocks."""
    rows = Member.objects.select_for_update(no_key=True).only("pk")
    list(rows.filter(pk__in=members).order_by("pk"))
