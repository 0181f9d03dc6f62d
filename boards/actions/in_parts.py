"""What large operations have in common: small transactions, a limit of time, and undoing by the log."""

import time
from collections.abc import Iterator

from django.db.models import QuerySet

from boards.models import ModerationEntry

Operation = ModerationEntry.Operation
CHUNK = 100  # posts per transaction
SECONDS = 8  # for the part that a request does
_STATES = [Operation.HIDE, Operation.RESTORE, Operation.DELETE]


def chunks(rows: QuerySet, *, by: str = "pk") -> Iterator[list[int]]:
    """The ids of `rows`, CHUNK at a time, also of those that change meanwhile. `by` is a positive
    number that differs in all of them and stands in an index."""
    last = 0
    while found := list(
        rows.filter(**{f"{by}__gt": last}).order_by(by).values_list("pk", by)[:CHUNK]
    ):
        last = found[-1][1]
        yield [pk for pk, _number in found]


def last_changed_by(operation: str, reason: str, name: str, pks: list[int]) -> list[int]:
    """Those of the posts or comments whose last change of state was `operation` for `reason`, by
    the log. `name` is the column of the log: "post" or "comment"."""
    entries = ModerationEntry.objects.filter(operation__in=_STATES, **{f"{name}__in": pks})
    if name == "post":
        entries = entries.filter(comment=None)
    last = {
        pk: (found, why)
        for pk, found, why in entries.order_by("pk").values_list(name, "operation", "reason")
    }
    return [pk for pk, entry in last.items() if entry == (operation, reason)]


def deadline(seconds: float | None) -> float:
    """The moment, as time.monotonic has it; None for no limit."""
    return float("inf") if seconds is None else time.monotonic() + seconds
