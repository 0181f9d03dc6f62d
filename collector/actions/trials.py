"""The row of a 시험 수집 (trial). A button creates it, and the process that runs the trial (`trying`)
completes it.

A separate module, because the pages of the admin must not import what fetches and parses (0038).
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from collector.models import Source, Trial

PATIENCE = timedelta(minutes=1)
"""A trial that has not ended by then has died; another may start."""


def ask_trial(source: Source) -> bool:
    """Resets the Trial of `source` for a new run; False while one is running."""
    now = timezone.now()
    with transaction.atomic():
        _trial, is_new = Trial.objects.get_or_create(source=source, defaults={"asked_at": now})
        old = Trial.objects.filter(source=source)
        free = old.filter(ended_at__isnull=False) | old.filter(asked_at__lte=now - PATIENCE)
        return is_new or free.update(asked_at=now, ended_at=None, error="", found=[]) == 1


def is_running(trial: Trial) -> bool:
    return trial.ended_at is None and trial.asked_at > timezone.now() - PATIENCE


def is_stuck(trial: Trial) -> bool:
    """Whether its process was killed or never started."""
    return trial.ended_at is None and not is_running(trial)


def end_trial(trial: Trial, *, found: list[dict] | None = None, error: str = "") -> None:
    """Stores the result, unless another trial was started meanwhile."""
    same = Trial.objects.filter(source=trial.source_id, asked_at=trial.asked_at, ended_at=None)
    same.update(ended_at=timezone.now(), found=found or [], error=error[:300])
