"""Judges whether the visitors of a day are people or programs by the current rules, and updates the
day's two counts."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from boardsite.databases.day_counts import midnight
from visits.models import DayCount, DayVisitor, Verdict
from visits.rules import Facts, judge

BATCH = 2_000
"""Rows of a transaction: some 100 ms, for which a new visitor may have to wait."""


def judge_visitors(database: str, day: date) -> int:
    """Returns how many visitors changed. Works in batches, so that nobody waits long; an
    interrupted run leaves nothing half done."""
    rows = DayVisitor.objects.using(database).filter(day=day)
    wrong = [pk for pk, *_new in _misjudged(rows.order_by("pk"), day)]
    return sum(
        _move_visitors(database, day, wrong[start : start + BATCH])
        for start in range(0, len(wrong), BATCH)
    )


def _misjudged(rows: QuerySet[DayVisitor], day: date) -> Iterator[tuple[int, str, str, str]]:
    """Visitors whose verdict or reason is a different one now: pk, old verdict, new one, new
    reason."""
    now, end = timezone.now(), midnight(day + timedelta(days=1))
    facts = rows.values_list("pk", "verdict", "reason", *Facts._fields)
    for pk, verdict, reason, *columns in facts.iterator(chunk_size=BATCH):
        new = judge(Facts(*columns), now=now, day_end=end)
        if new != (verdict, reason):
            yield pk, verdict, *new


def _move_visitors(database: str, day: date, pks: list[int]) -> int:
    """Judges these visitors again under a lock, and moves them together with the day's counts. The
    day's sums are then out of date."""
    visitors = DayVisitor.objects.using(database)
    with transaction.atomic(using=database):
        locked = visitors.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)
        moved: dict[tuple[str, str], list[int]] = {}
        suspicious = 0  # how many more there are
        for pk, old, verdict, reason in _misjudged(locked, day):
            moved.setdefault((verdict, reason), []).append(pk)
            suspicious += (verdict == Verdict.SUSPICIOUS) - (old == Verdict.SUSPICIOUS)
        for (verdict, reason), group in moved.items():
            visitors.filter(pk__in=group).update(verdict=verdict, reason=reason)
        is_open = moved and DayCount.objects.using(database).filter(
            day=day, is_closed=False
        ).update(
            visitors=F("visitors") - suspicious,
            suspicious=F("suspicious") + suspicious,
            settled_at=None,
        )
        if not is_open:  # nothing to move, or the day was closed a moment ago
            transaction.set_rollback(True, using=database)
            return 0
    return sum(map(len, moved.values()))
