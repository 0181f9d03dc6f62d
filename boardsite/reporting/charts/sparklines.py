"""A small line chart beside a number."""

from collections.abc import Sequence

SPARKLINE = (120, 32)
"""Width and height of the viewBox that `sparkline` draws for."""


def sparkline(values: Sequence[int]) -> str:
    """`values`, oldest first, as points of a polyline in a viewBox of 120 × 32: `<svg viewBox="0 0
    120 32"><polyline points="{{ points }}"/></svg>` (templates/ui/sparkline.html). Returns "" for
    fewer than two values. The scale starts at 0, so that a quiet week looks quiet. The margin of
    two units is for the width of the line."""
    if len(values) < 2:
        return ""
    width, height = SPARKLINE[0] - 4, SPARKLINE[1] - 4
    top = max(*values, 1)
    step = width / (len(values) - 1)
    points = (
        (2 + step * number, 2 + height * (1 - max(value, 0) / top))
        for number, value in enumerate(values)
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
