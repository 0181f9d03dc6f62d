"""Pictures of numbers as SVG, drawn by the server. Pure: numbers in, coordinates out.

templates/ui/chart.html and templates/ui/sparkline.html print them; colours are in static/css/admin.css.
Along the page a chart is measured in per cent and down the page in pixels, with no viewBox: it takes
whatever width there is, and its words stay as large as those around it.
"""

from collections.abc import Sequence

from boardsite.charts.bars import draw_bars
from boardsite.charts.columns import draw_columns
from boardsite.charts.shapes import Chart, Series
from boardsite.charts.sparklines import sparkline

__all__ = ["Chart", "Series", "draw", "sparkline"]

MOST_SERIES = 3
"""As many as can be told apart without colour: plain, striped, dotted."""


def draw(
    kind: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    rest: str,
    is_stacked: bool = True,
) -> Chart | None:
    """A chart of `kind` ("columns", "bars"); None where there is nothing to draw. `rest` names what
    comes after the last bar, "" leaves it out. Of the series after the first, those that are nothing
    but zeros are left out."""
    drawn = [each for place, each in enumerate(series) if not place or any(each.values)]
    drawn = [Series(name, [max(value or 0, 0) for value in values]) for name, values in drawn]
    if not labels or not drawn:
        return None
    drawn = drawn[:MOST_SERIES]
    if kind == "columns":
        return draw_columns(labels, drawn, is_stacked)
    return draw_bars(labels, drawn, rest, is_stacked)
