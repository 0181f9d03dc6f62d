"""The row of a 시험 수집: asked for by a button, ended by the process that tries (`trying`).

Apart from it, so that the pages of the admin need none of what fetches and reads (0038).
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from collector.models import Source, Trial

PATIENCE = timedelta(minutes=1)
"""Who has not ended by then never will; another may be asked for."""


def ask_trial(source: Source) -> bool:
    """Empties the Trial of `source` for a new one; False while one goes on."""
    now = timezone.now()
    with transaction.atomic():
        _trial, is_new = Trial.objects.get_or_create(source=source, defaults={"asked_at": now})
        old = Trial.objects.filter(source=source)
        free = old.filter(ended_at__isnull=False) | old.filter(asked_at__lte=now - PATIENCE)
        return is_new or free.update(asked_at=now, ended_at=None, error="", found=[]) == 1


def is_running(trial: Trial) -> bool:
    return trial.ended_at is None and trial.asked_at > timezone.now() - PATIENCE


def is_stuck(trial: Trial) -> bool:
    """Its process has been killed, or has never begun."""
    return trial.ended_at is None and not is_running(trial)


def end_trial(trial: Trial, *, found: list[dict] | None = None, error: str = "") -> None:
    """Writes down what came of it, unless another has been asked for meanwhile."""
    same = Trial.objects.filter(source=trial.source_id, asked_at=trial.asked_at, ended_at=None)
    same.update(ended_at=timezone.now(), found=found or [], error=error[:300])
