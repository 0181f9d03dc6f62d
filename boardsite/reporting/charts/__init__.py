"""Charts as SVG, rendered by the server. Pure: numbers in, coordinates out.

templates/ui/chart.html and templates/ui/sparkline.html print them; static/css/admin.css has the
colours. Horizontal lengths are percentages and vertical ones pixels, without a viewBox: a chart
takes the available width, and its text stays as large as the text around it."""

from collections.abc import Sequence

from boardsite.reporting.charts.bars import draw_bars
from boardsite.reporting.charts.columns import draw_columns
from boardsite.reporting.charts.shapes import Chart, Series
from boardsite.reporting.charts.sparklines import sparkline

MOST_SERIES = 3
"""The most that readers can distinguish without colour: plain, striped, dotted."""


def draw(
    kind: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    rest: str,
    is_stacked: bool = True,
) -> Chart | None:
    """A chart of `kind` ("columns", "bars"), or None where there is nothing to show. `rest` names
    the bar for all further rows, "" leaves it out. Series after the first that consist of zeros are
    left out."""
    drawn = [each for place, each in enumerate(series) if not place or any(each.values)]
    drawn = [Series(name, [max(value or 0, 0) for value in values]) for name, values in drawn]
    if not labels or not drawn:
        return None
    drawn = drawn[:MOST_SERIES]
    if kind == "columns":
        return draw_columns(labels, drawn, is_stacked)
    return draw_bars(labels, drawn, rest, is_stacked)
