"""Statistics for the staff. Each app registers its own in its reports.py.

    register(Report("sign-ups", _("가입"), _("회원"), "accounts.view_member", read=sign_ups))

boardsite/views/reports.py shows each of them as a range of days, a chart, a table and a CSV file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from boardsite.typing import StrOrPromise


class Period(NamedTuple):
    """Days of the site's time zone from `first` to `last`, both included."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)


class Link(NamedTuple):
    """A cell with a link. A CSV file gets its text."""

    text: StrOrPromise
    address: str

    def __str__(self) -> str:
        return str(self.text)


class Table(NamedTuple):
    """`rows` have a cell for each of `columns`: first the row's title, then numbers (int, or None
    for none) or words. `foot` has the sums, or nothing."""

    columns: Sequence[StrOrPromise]
    rows: Sequence[Sequence[Any]]
    foot: Sequence[Any] = ()


@dataclass(frozen=True)
class Report:
    """`permission` is an argument of user.has_perm; users with STATISTICS see every report.
    `read` takes the days and the user; its table contains only boards and posts that this user may
    see.

    `chart` is "columns" (values over time), "bars" (names) or "" (none). `charted` lists the
    columns of the table that it draws: at most three, stacked or, where their sum has no meaning,
    side by side (`is_stacked`). `is_newest_first`: the table is sorted the other way round than the
    chart. `draws_rest`: one more bar sums up the rows without a bar. `days` is the default number
    of days, as far as there are data. `note` may depend on the days. `since` is the first day with
    data (전체). `links` lead to related pages that the user may see."""

    slug: str
    title: StrOrPromise
    group: StrOrPromise
    permission: str
    read: Callable[[Period, Any], Table]
    chart: str = "bars"
    charted: Sequence[int] = (1,)
    note: StrOrPromise | Callable[[Period], StrOrPromise] = ""
    is_stacked: bool = True
    is_newest_first: bool = False
    draws_rest: bool = True
    days: int = 30
    since: Callable[[], date | None] | None = None
    links: Callable[[Any], Sequence[Link]] | None = None


STATISTICS = "boardsite.view_statistics"
_reports: dict[str, Report] = {}


def register(*reports: Report, come_first: bool = False) -> None:
    """Lists the reports in this order, behind those of other apps or before them."""
    new = {report.slug: report for report in reports}
    ordered = {**new, **_reports} if come_first else {**_reports, **new}
    _reports.clear()
    _reports.update(ordered)


def find_report(slug: str, user) -> Report | None:
    """The report with this slug, if `user` may see it."""
    report = _reports.get(slug)
    return report if report and _may_see(report, user) else None


def is_report(slug: str) -> bool:
    """Whether the report exists, regardless of permissions."""
    return slug in _reports


def reports_for(user) -> list[Report]:
    """The reports that `user` may see."""
    return [report for report in _reports.values() if _may_see(report, user)]


def _may_see(report: Report, user) -> bool:
    return user.has_perm(report.permission) or user.has_perm(STATISTICS)
