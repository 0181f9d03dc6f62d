"""Which backups stay: those of the last day, and the newest of each of 7 days, 4 weeks and 12 months."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, timedelta

KEPT: list[tuple[int, Callable[[datetime], Hashable]]] = [
    (7, lambda moment: moment.date()),
    (4, lambda moment: moment.isocalendar()[:2]),
    (12, lambda moment: (moment.year, moment.month)),
]
"""How many, and of what."""
DAY = timedelta(days=1)


def find_outdated(backups: Iterable[tuple[str, datetime]]) -> list[str]:
    """The names of those that go, of (name, local time). Days, weeks and months without a backup do
    not count: while none is made, none is deleted."""
    newest_first = sorted(backups, key=lambda backup: backup[1], reverse=True)
    kept = {name for name, moment in newest_first if newest_first[0][1] - moment < DAY}
    for number, period_of in KEPT:
        newest: dict[Hashable, str] = {}
        for name, moment in newest_first:
            newest.setdefault(period_of(moment), name)
        kept |= set(list(newest.values())[:number])
    return [name for name, _moment in newest_first if name not in kept]
