"""Sends what has changed among the alarms since the last time. The chore `send_alarms` does it each
minute.

A row (SentAlarm) for each alarm keeps it from being sent again. A row is claimed before it is sent
and marked afterwards. So two hosts send nothing twice, and a process that is killed in between makes
an alarm late or sent twice, but never lost."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from boardsite.alarming.channels import channels, send
from boardsite.alarming.messages import Notice
from boardsite.models import SentAlarm
from boardsite.reporting.dashboard import Alarm, read_alarms

CALM = timedelta(minutes=5)
"""An alarm that is away for so long is over. One that comes and goes is not sent each time."""
CLAIM = timedelta(minutes=5)
"""How long a process may take to send; then another one tries."""


def send_alarms() -> int:
    """Returns how many notices were sent. Raises NotSent if no channel took them; then they are
    tried again the next time. Without a channel nothing is noted, so a new channel gets all
    current alarms."""
    owner = get_user_model().objects.filter(is_superuser=True, is_active=True).first()
    ways = channels() if owner else []
    if not ways:
        return 0
    now = timezone.now()
    note_alarms(read_alarms(owner), now)
    rows = _claim_changes(now)
    if not rows:
        return 0
    try:
        send([_notice_about(row) for row in rows], ways)
    except BaseException:
        _with_keys(rows).update(claimed_at=None)
        raise
    _with_keys(row for row in rows if _is_over(row)).delete()
    begun = _with_keys(row for row in rows if not _is_over(row))
    begun.update(sent_at=timezone.now(), claimed_at=None)
    return len(rows)


def note_alarms(alarms: Sequence[Alarm], now: datetime) -> None:
    """Stores that they are there now, and forgets those that were over before they were sent."""
    found = {key_of(alarm): alarm for alarm in alarms}
    SentAlarm.objects.bulk_create(
        (
            SentAlarm(
                key=key,
                text=alarm.text[:300],
                address=alarm.address[:200],
                is_wrong=alarm.is_wrong,
                seen_at=now,
            )
            for key, alarm in found.items()
        ),
        ignore_conflicts=True,
    )
    SentAlarm.objects.filter(key__in=found).update(seen_at=now)
    SentAlarm.objects.filter(sent_at=None, seen_at__lt=now - CALM).delete()


def key_of(alarm: Alarm) -> str:
    """The same for the same alarm with other numbers: a disk that fills up, more waiting reports."""
    words = re.sub(r"[\d.,]+", "", f"{alarm.is_wrong} {alarm.text}")
    return hashlib.sha256(words.encode()).hexdigest()[:32]


@transaction.atomic
def _claim_changes(now: datetime) -> list[SentAlarm]:
    """The alarms that have to be sent now and that no other process is sending."""
    changed = Q(sent_at=None, seen_at__gte=now) | Q(seen_at__lt=now - CALM)
    is_free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    rows = list(
        SentAlarm.objects.select_for_update()
        .filter(changed, is_free)
        .order_by("-is_wrong", "seen_at", "key")
    )
    _with_keys(rows).update(claimed_at=now)
    return rows


def _with_keys(rows: Iterable[SentAlarm]):
    return SentAlarm.objects.filter(key__in=[row.key for row in rows])


def _is_over(row: SentAlarm) -> bool:
    return row.sent_at is not None


def _notice_about(row: SentAlarm) -> Notice:
    return Notice(row.text, row.address, is_wrong=row.is_wrong, is_over=_is_over(row))
