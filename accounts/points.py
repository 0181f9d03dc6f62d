"""What is asked about 포인트: whether there are any here, and who has paid for what."""

from collections.abc import Iterable

from accounts.models import Member, PointEntry, PointSettings


def are_on() -> bool:
    return PointSettings.known().is_on


def paid_for(member: Member, kind: str, abouts: Iterable[str]) -> set[str]:
    """Those of `abouts` for which `member` has paid, or got, points once; one query."""
    own = PointEntry.objects.filter(member=member, kind=kind, about__in=list(abouts))
    return set(own.values_list("about", flat=True))
