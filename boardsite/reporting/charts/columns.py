"""Columns, for values over time."""

import re
from collections.abc import Sequence

from boardsite.reporting.charts.shapes import (
    Chart,
    Part,
    Piece,
    Series,
    Word,
    height_of,
    percent,
    pixels,
    title_of,
)
from boardsite.reporting.charts.words import round_top, short, width_of

MOST_COLUMNS = 400
"""With more rows than this, a column is the sum of several rows."""

HEIGHT = 200  # pixels of the columns
ABOVE = 20  # pixels for the number over the highest column
BELOW = 24  # pixels for the labels of the axis
CROWD = 62  # with more columns a phone shows a part and scrolls
NARROW, WIDE = 280, 720  # least width of the columns in pixels on a phone and on a desktop
LETTER = 7  # most pixels of a digit; a Korean letter takes two

DATE = re.compile(r"\d{4}-\d\d-\d\d")


def draw_columns(labels: Sequence[str], series: list[Series], is_stacked: bool) -> Chart:
    size = -(-len(labels) // MOST_COLUMNS)
    if size > 1:
        labels, series = _folded(labels, series, size)
    highest = [
        height_of(each, is_stacked) for each in zip(*(s.values for s in series), strict=True)
    ]
    top, step = round_top(max(highest))
    marks = [*range(0, top + 1, step)]
    at = highest.index(max(highest))
    return Chart(
        kind="columns",
        height=ABOVE + HEIGHT + BELOW,
        pieces=[_column(number, labels, series, top, is_stacked) for number in range(len(labels))],
        names=_axis(_without_year(labels)),
        values=_numbers_above(highest, top),
        grid=[Word("0", pixels(_level(mark, top)), short(mark, top)) for mark in marks],
        legend=[each.name for each in series] if len(series) > 1 else (),
        first=labels[0],
        last=labels[-1],
        highest=f"{highest[at]:,}",
        highest_at=labels[at],
        folded=size,
        size="long" if len(labels) > CROWD else "",
    )


def _column(
    number: int, labels: Sequence[str], series: list[Series], top: int, is_stacked: bool
) -> Piece:
    width = 100 / len(labels)
    left, gap = number * width, width * (0.25 if len(labels) <= CROWD else 0)
    values = [each.values[number] for each in series]
    slots = 1 if is_stacked else len(series)
    thick = (width - gap) / slots
    parts, below = [], 0
    for place, value in enumerate(values):
        base = below if is_stacked else 0
        x = left + gap / 2 + (0 if is_stacked else place * thick)
        high, low = _level(base + value, top), _level(base, top)
        if value:
            parts.append(
                Part(percent(x), pixels(high), percent(thick), pixels(low - high), place + 1)
            )
        below += value
    field = Part(percent(left), "0", percent(width), pixels(ABOVE + HEIGHT), 0)
    return Piece(title_of(labels[number], series, values), field, parts)


def _axis(labels: Sequence[str]) -> list[Word]:
    """As many labels as fit side by side at even distances, and fewer of them on a phone."""
    total = len(labels)
    room = total * (max(map(width_of, labels)) + 2) * LETTER
    each = max(-(-room // WIDE), 1)
    if total <= CROWD:  # otherwise the chart is as wide on a phone too and scrolls
        narrow = max(-(-room // (NARROW * each)), 1) * each
    else:
        narrow = each
    return [
        Word(_centre(number, total), pixels(ABOVE + HEIGHT + 16), label, bool(number % narrow))
        for number, label in enumerate(labels)
        # The last label would be cut off at the edge.
        if number % each == 0 and (total < 20 or number < total * 0.97)
    ]


def _numbers_above(values: Sequence[int], top: int) -> list[Word]:
    """The numbers over the columns, if all of them fit."""
    room = len(values) * (max(len(f"{value:,}") for value in values) + 1) * LETTER
    if room > WIDE:
        return []
    return [
        Word(
            _centre(number, len(values)),
            pixels(_level(value, top) - 5),
            f"{value:,}",
            room > NARROW,
        )
        for number, value in enumerate(values)
    ]


def _folded(
    labels: Sequence[str], series: list[Series], size: int
) -> tuple[list[str], list[Series]]:
    starts = range(0, len(labels), size)
    ends = [min(start + size, len(labels)) for start in starts]
    spans = [*zip(starts, ends, strict=True)]
    names = [f"{labels[start]}~{labels[end - 1]}" for start, end in spans]
    return names, [
        Series(name, [sum(values[start:end]) for start, end in spans]) for name, values in series
    ]


def _without_year(labels: Sequence[str]) -> list[str]:
    """Dates of a single year as 11-03, of several years unchanged; of a span, its first day."""
    firsts = [label.partition("~")[0] for label in labels]
    is_dated = all(DATE.fullmatch(label) for label in firsts)
    if is_dated and firsts[0][:4] == firsts[-1][:4]:
        return [label[5:] for label in firsts]
    return firsts


def _level(value: int, top: int) -> float:
    """The y coordinate of `value`."""
    return ABOVE + HEIGHT * (1 - value / top)


def _centre(number: int, total: int) -> str:
    return percent(100 * (number + 0.5) / total)
