"""Statistics that the staff look at: each app names its own in its reports.py.

    register(Report("sign-ups", _("가입"), _("회원"), "accounts.view_member", read=sign_ups))

boardsite/views/reports.py shows them all in one frame: a range of days, a chart, a table, a CSV file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple


class Period(NamedTuple):
    """From `first` to `last`, both included: days of the site's time zone."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)


class Link(NamedTuple):
    """A cell that leads somewhere. In CSV it is its text."""

    text: str
    address: str

    def __str__(self) -> str:
        return self.text


class Table(NamedTuple):
    """`rows` have a cell for each of `columns`: first what the row is of, then numbers (int; None
    where there is none) or words. `foot`: the sums, or nothing."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    foot: Sequence[Any] = ()


@dataclass(frozen=True)
class Report:
    """`permission` as user.has_perm takes it. `read` gets the days and the user who looks: it shows
    of boards and posts only what that user may see.

    `chart`: "columns" stand for what goes on in time, "bars" lie for names, "" is none; `charted`
    tells which columns of the table it draws, at most three, on top of each other or, where they do
    not add up, side by side (`is_stacked`). `is_newest_first`: the table runs against the chart.
    `draws_rest`: what the chart has no bar for is drawn as one, not left out.
    `days`: how many it shows before one asks for others, as far as there is anything of them.
    `note` may depend on the days. `since` is the first day that there is anything of (전체); `links`
    lead to what else the user may see of it.
    """

    slug: str
    title: str
    group: str
    permission: str
    read: Callable[[Period, Any], Table]
    chart: str = "bars"
    charted: Sequence[int] = (1,)
    note: str | Callable[[Period], str] = ""
    is_stacked: bool = True
    is_newest_first: bool = False
    draws_rest: bool = True
    days: int = 30
    since: Callable[[], date | None] | None = None
    links: Callable[[Any], Sequence[Link]] | None = None


_reports: dict[str, Report] = {}


def register(*reports: Report, come_first: bool = False) -> None:
    """In the order in which they are to be listed: after those of other apps, or before them."""
    new = {report.slug: report for report in reports}
    ordered = {**new, **_reports} if come_first else {**_reports, **new}
    _reports.clear()
    _reports.update(ordered)


def find_report(slug: str, user) -> Report | None:
    """The report of that name, if `user` may see it."""
    report = _reports.get(slug)
    return report if report and user.has_perm(report.permission) else None


def is_report(slug: str) -> bool:
    """Whether there is such a report, whoever may see it."""
    return slug in _reports


def reports_for(user) -> list[Report]:
    """Those that `user` may see."""
    return [report for report in _reports.values() if user.has_perm(report.permission)]
