"""Ends the presence of a visitor who logs in or out, because their number changes."""

from datetime import datetime

from django.db import router, transaction

from visits.models import Presence


def leave(*, key: int, at: datetime) -> None:
    """From `at` on this number is not present until it opens another page. Pages from before `at`
    that workers write later do not restore it."""
    gone = Presence(key=key, seen_at=at, path="")
    with transaction.atomic(using=router.db_for_write(Presence)):
        Presence.objects.bulk_create(
            [gone],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["seen_at", "member", "robot", "path"],
        )
