"""How far the move is: the last import, the last comparison, and what came from the old site."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count

from boardsite.models import ChoreRun
from importer.models import Imported, Kind, OldLinkDay
from importer.proving.report import read_report

COMMAND = "import_gnuboard5"
RECENT = timedelta(days=30)
"""For this long after the last import or comparison the dashboard shows the move."""
# Kinds that only serve addresses or later imports: their number says nothing to an owner.
INTERNAL = frozenset({Kind.TITLE, Kind.BODY, Kind.PATH, Kind.PAGE_PICTURE})


class Move(NamedTuple):
    """`proved_at` is None without a comparison; `unexplained` are the differences that it found."""

    run: ChoreRun | None
    proved_at: datetime | None
    unexplained: int

    @property
    def latest(self) -> datetime | None:
        times = [self.proved_at]
        if self.run is not None:
            times += [self.run.ended_at, self.run.failed_at]
        return max((each for each in times if each), default=None)


def find_move() -> Move:
    """One query, and the file of the last report."""
    report = read_report()
    proved_at = datetime.fromisoformat(report["ended_at"]) if report else None
    return Move(
        ChoreRun.objects.filter(name=COMMAND).first(),
        proved_at,
        report["unexplained"] if report else 0,
    )


def counts_by_kind() -> list[tuple[str, int]]:
    """How many rows of each kind have been imported. Reads the whole ledger."""
    rows = Imported.objects.values_list("kind").annotate(count=Count("pk")).order_by("kind")
    return [(str(Kind(kind).label), count) for kind, count in rows if kind not in INTERNAL]


def redirects_by_day(first: date, last: date) -> dict[date, tuple[int, int]]:
    """Redirects of people and of robots on each day that has any."""
    rows = OldLinkDay.objects.filter(day__range=(first, last)).order_by("day")
    return {day: (people, robots) for day, people, robots in rows.values_list()}
