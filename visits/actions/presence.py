"""Going: who has logged in or out is not here any more under the number that he had before."""

from datetime import datetime

from django.db import router, transaction

from visits.models import Presence


def leave(*, key: int, at: datetime) -> None:
    """From `at` on nobody is here with this number, until it opens a page again. What workers have
    seen before and write later does not bring him back."""
    gone = Presence(key=key, seen_at=at, path="")
    with transaction.atomic(using=router.db_for_write(Presence)):
        Presence.objects.bulk_create(
            [gone],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["seen_at", "member", "robot", "path"],
        )
