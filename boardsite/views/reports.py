"""Shows the reports of all apps to the staff: a range of days, a chart, a table, a CSV file."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from boardsite.reporting.charts import Chart, Series, draw
from boardsite.reporting.reports import (
    Link,
    Period,
    Report,
    Table,
    find_report,
    is_report,
    reports_for,
)
from boardsite.reporting.spreadsheet import csv_file
from boardsite.visitors.identity import today

OLDEST = date(2000, 1, 1)
"""No report begins before this day."""
LEAST = 29
"""Days before the last one that a report shows at least, even on a new site, unless the user asks
for fewer."""
MOST_ROWS = 500
"""Rows of a page; the CSV file has all of them."""
NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?%?")


class PeriodForm(forms.Form):
    """A range of days, by default the report's own. `period` exists once the form is valid."""

    period: Period

    def __init__(self, data: Any, report: Report):
        super().__init__(data)
        self.report = report
        for name, label in (("from", gettext_lazy("첫날")), ("to", gettext_lazy("끝날"))):
            self.fields[name] = forms.DateField(
                label=label,
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}),
                error_messages={"invalid": gettext_lazy("날짜를 2026-01-31처럼 적어 주세요.")},
            )

    def clean(self) -> None:
        if self.errors:
            return
        last = min(self.cleaned_data["to"] or today(), today())
        first = self.cleaned_data["from"] or _first_day(self.report, last)
        if first > today():
            self.add_error("from", _("아직 오지 않은 날입니다."))
        elif first > last:
            self.add_error("to", _("끝날이 첫날보다 앞섭니다."))
        elif first < OLDEST:
            self.add_error("from", _("2000년 1월 1일부터 볼 수 있습니다."))
        else:
            self.period = Period(first, last)
            self.data = {"from": str(first), "to": str(last)}  # fills in omitted days as well


def _first_day(report: Report, last: date) -> date:
    """The default first day of a report that ends with `last`."""
    first = max(last.toordinal() - report.days + 1, 1)
    if report.since and (since := report.since()):
        first = max(first, min(since.toordinal(), last.toordinal() - LEAST))
    return date.fromordinal(first)


class Preset(NamedTuple):
    name: str
    query: str
    is_current: bool


class Cell(NamedTuple):
    text: str
    is_number: bool
    address: str = ""


@require_safe
def show_first_report(request: HttpRequest) -> HttpResponse:
    """Redirects to the first report that the user may see."""
    seen = reports_for(request.user)
    if not seen:
        raise PermissionDenied
    return redirect("show_report", seen[0].slug)


@require_safe
def show_report(request: HttpRequest, slug: str) -> HttpResponseBase:
    report = find_report(slug, request.user)
    if report is None:
        if is_report(slug):
            raise PermissionDenied
        raise Http404
    form = PeriodForm(request.GET, report)
    if not form.is_valid():
        return _show(request, report, form, {}, status=422)
    table = report.read(form.period, request.user)
    chart = _chart(report, table)
    if report.is_newest_first:
        table = table._replace(rows=table.rows[::-1])
    if request.GET.get("as") == "csv":
        name = f"{report.slug}-{form.period.first}-{form.period.last}.csv"
        return csv_file(name, _lines(table))
    context = {
        "period": form.period,
        "query": _query(form.period),
        "chart": chart,
        "note": report.note(form.period) if callable(report.note) else report.note,
        **_table(table),
    }
    return _show(request, report, form, context)


def _show(
    request: HttpRequest, report: Report, form: PeriodForm, context: dict, status: int = 200
) -> HttpResponse:
    period = context.get("period")
    context |= {
        **admin.site.each_context(request),
        "title": f"{report.group}: {report.title}",
        "report": report,
        "form": form,
        "groups": _groups(request.user, report),
        "presets": _presets(report, period),
        "links": report.links(request.user) if report.links else (),
    }
    return render(request, "admin/report.html", context, status=status)


def _groups(user, shown: Report) -> dict[str, list[tuple[Report, bool]]]:
    """The reports that the user may see, by group, each with whether it is the current one."""
    groups: dict[str, list[tuple[Report, bool]]] = {}
    for report in reports_for(user):
        groups.setdefault(str(report.group), []).append((report, report is shown))
    return groups


def _presets(report: Report, shown: Period | None) -> list[Preset]:
    day = today()
    since = (report.since() if report.since else None) or day.replace(year=day.year - 9, day=1)
    periods = [
        (_("오늘"), Period(day, day)),
        (_("어제"), Period(day - timedelta(days=1), day - timedelta(days=1))),
        (_("최근 7일"), Period(day - timedelta(days=6), day)),
        (_("최근 30일"), Period(day - timedelta(days=29), day)),
        (_("올해"), Period(day.replace(month=1, day=1), day)),
        (_("전체"), Period(max(min(since, day), OLDEST), day)),
    ]
    return [Preset(name, _query(period), period == shown) for name, period in periods]


def _query(period: Period) -> str:
    return urlencode({"from": period.first, "to": period.last})


def _chart(report: Report, table: Table) -> Chart | None:
    if not (report.chart and table.rows):
        return None
    return draw(
        report.chart,
        [str(row[0]) for row in table.rows],
        [Series(str(table.columns[at]), [row[at] for row in table.rows]) for at in report.charted],
        rest=_("그 밖의 것") if report.draws_rest else "",
        is_stacked=report.is_stacked,
    )


def _table(table: Table) -> dict[str, Any]:
    """The table's cells as the template prints them: numbers with separators, aligned to the right."""
    are_numbers = [
        bool(at) and all(_is_number(row[at]) for row in table.rows)
        for at in range(len(table.columns))
    ]
    rows = [table.columns, *table.rows[:MOST_ROWS], table.foot]
    head, *body, foot = (
        [_cell(*each) for each in zip(row, are_numbers, strict=False)] for row in rows
    )
    return {
        "head": head,
        "rows": body,
        "foot": foot,
        "total": f"{len(table.rows):,}",
        "is_cut": len(table.rows) > MOST_ROWS,
    }


def _is_number(value: Any) -> bool:
    return value is None or bool(NUMBER.fullmatch(str(value)))


def _cell(value: Any, is_number: bool) -> Cell:
    if isinstance(value, Link):
        return Cell(str(value.text), is_number, value.address)
    if value is None:
        return Cell("", is_number)
    return Cell(f"{value:,}" if isinstance(value, int | float) else str(value), is_number)


def _lines(table: Table) -> Iterator[Sequence[Any]]:
    yield table.columns
    yield from table.rows
    if table.foot:
        yield table.foot
