"""What is asked about 포인트: whether there are any here, and who has paid for what."""

import time
from collections.abc import Iterable

from accounts.models import Member, PointEntry, PointSettings

SECONDS = 60  # how long a process remembers the settings

_known: list[tuple[float, PointSettings]] = []


def point_settings() -> PointSettings:
    """The owner's settings, at most SECONDS old: pages ask too, and must not pay a query for it."""
    if _known and time.monotonic() - _known[0][0] < SECONDS:
        return _known[0][1]
    settings = PointSettings.objects.filter(pk=1).first() or PointSettings(pk=1)
    _known[:] = [(time.monotonic(), settings)]
    return settings


def forget_settings() -> None:
    """After they have changed: this process knows at once, others within SECONDS."""
    _known.clear()


def are_on() -> bool:
    return point_settings().is_on


def paid_for(member: Member, kind: str, abouts: Iterable[str]) -> set[str]:
    """Those of `abouts` for which `member` has paid, or got, points once; one query."""
    own = PointEntry.objects.filter(member=member, kind=kind, about__in=list(abouts))
    return set(own.values_list("about", flat=True))
