"""Pictures of numbers as SVG, drawn by the server. Pure: numbers in, coordinates out.

templates/ui/chart.html and templates/ui/sparkline.html print them; colours are in static/css/admin.css.
Along the page a chart is measured in per cent and down the page in pixels, with no viewBox: it takes
whatever width there is, and its words stay as large as those around it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, count
from typing import NamedTuple

SPARKLINE = (120, 32)
"""Width and height of the viewBox that `sparkline` draws for."""
MOST_COLUMNS = 400
"""More than that are drawn as sums of some at a time."""
MOST_BARS = 20
"""What comes after them is drawn as one."""
MOST_SERIES = 3
"""As many as can be told apart without colour: plain, striped, dotted."""

HEIGHT = 200  # of the columns, in pixels
ABOVE = 20  # room for the number over the highest one
BELOW = 24  # and for the words of the axis
CROWD = 62  # from so many columns on a phone shows a part of them, and slides
NARROW, WIDE = 280, 720  # the columns have at least so many pixels on a phone, on a desk
LETTER = 7  # pixels that a digit takes at most; a Korean letter takes two
BAR, BAR_GAP = 12, 12
NAME_LENGTH, SHORT_NAME = 20, 12  # Latin letters of a name beside its bar

DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Series(NamedTuple):
    """One number of each row, under a name."""

    name: str
    values: Sequence[int]


class Part(NamedTuple):
    """A rectangle; lengths as SVG takes them. `series` counts from 1."""

    x: str
    y: str
    width: str
    height: str
    series: int


class Word(NamedTuple):
    """A text at a point. `is_minor`: to be left out where the page is narrow."""

    x: str
    y: str
    text: str
    is_minor: bool = False


class Piece(NamedTuple):
    """A column or a bar: what it says to the pointer, the field that it answers in, its parts."""

    title: str
    field: Part
    parts: Sequence[Part]


@dataclass(frozen=True)
class Chart:
    """What templates/ui/chart.html prints. `legend`: the series' names, if there are several.
    `first`, `last`, `highest`, `highest_at`: for the description. `folded`: rows that each column
    stands for."""

    kind: str
    height: int
    pieces: Sequence[Piece]
    names: Sequence[Word] = ()
    values: Sequence[Word] = ()
    grid: Sequence[Word] = ()
    legend: Sequence[str] = ()
    first: str = ""
    last: str = ""
    highest: str = "0"
    highest_at: str = ""
    folded: int = 1
    size: str = ""  # "long": wants more width than a phone has; "short": its names are short


def draw(
    kind: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    rest: str,
    is_stacked: bool = True,
) -> Chart | None:
    """A chart of `kind` ("columns", "bars"); None where there is nothing to draw. `rest` names what
    comes after the last bar, "" leaves it out. Series that are nothing but zeros are left out, beyond the first."""
    drawn = [each for place, each in enumerate(series) if not place or any(each.values)]
    drawn = [Series(name, [max(value or 0, 0) for value in values]) for name, values in drawn]
    if not labels or not drawn:
        return None
    drawn = drawn[:MOST_SERIES]
    if kind == "columns":
        return _columns(labels, drawn, is_stacked)
    return _bars(labels, drawn, rest, is_stacked)


def round_top(highest: int) -> tuple[int, int]:
    """(top, step) of a scale of at most five steps of 1, 2 or 5 times a power of ten."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= highest)
    return max(-(-highest // step), 1) * step, step


def short(number: int, top: int) -> str:
    """A number of an axis that ends at `top`: 20,000, and where it reaches a million 20만, 3억."""
    for unit, name in ((10**12, "조"), (10**8, "억"), (10**4, "만")):
        if top >= 10**6 and number >= unit:
            return f"{number / unit:,.1f}".removesuffix(".0") + name
    return f"{number:,}"


def width_of(text: str) -> int:
    """How many Latin letters `text` is as wide as."""
    return sum(1 if ord(letter) < 0x1100 else 2 for letter in text)


def cut(text: str, most: int = NAME_LENGTH) -> str:
    """`text`, shortened to the width of `most` Latin letters."""
    if width_of(text) <= most:
        return text
    ends = list(accumulate(width_of(letter) for letter in text))
    return text[: sum(end < most for end in ends)] + "…"


def sparkline(values: Sequence[int]) -> str:
    """The course of `values`, oldest first, as points of a polyline in a viewBox of 120 × 32:
    `<svg viewBox="0 0 120 32"><polyline points="{{ points }}"/></svg>`; templates/ui/sparkline.html
    does that. "" for fewer than two values. The bottom is 0, so that a calm week looks calm; two
    units on each side are left for the line's own width.
    """
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


def _columns(labels: Sequence[str], series: list[Series], is_stacked: bool) -> Chart:
    size = -(-len(labels) // MOST_COLUMNS)
    if size > 1:
        labels, series = _folded(labels, series, size)
    highest = [_highest(each, is_stacked) for each in zip(*(s.values for s in series), strict=True)]
    top, step = round_top(max(highest))
    marks = [*range(0, top + 1, step)]
    at = highest.index(max(highest))
    return Chart(
        kind="columns",
        height=ABOVE + HEIGHT + BELOW,
        pieces=[_column(number, labels, series, top, is_stacked) for number in range(len(labels))],
        names=_axis(_without_year(labels)),
        values=_numbers_above(highest, top),
        grid=[Word("0", _px(_level(mark, top)), short(mark, top)) for mark in marks],
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
            parts.append(Part(_pc(x), _px(high), _pc(thick), _px(low - high), place + 1))
        below += value
    field = Part(_pc(left), "0", _pc(width), _px(ABOVE + HEIGHT), 0)
    return Piece(_title(labels[number], series, values), field, parts)


def _bars(labels: Sequence[str], series: list[Series], rest: str, is_stacked: bool) -> Chart:
    if len(labels) > MOST_BARS and rest:
        labels = [*labels[:MOST_BARS], rest]
        series = [
            Series(name, [*values[:MOST_BARS], sum(values[MOST_BARS:])]) for name, values in series
        ]
    labels = labels[: MOST_BARS + bool(rest)]
    series = [Series(name, values[: MOST_BARS + bool(rest)]) for name, values in series]
    slots = 1 if is_stacked else len(series)
    pitch = BAR * slots + BAR_GAP
    highest = [_highest(each, is_stacked) for each in zip(*(s.values for s in series), strict=True)]
    top = max(*highest, 1)
    at = highest.index(max(highest))
    middles = [pitch * number + pitch / 2 for number in range(len(labels))]
    return Chart(
        kind="bars",
        height=pitch * len(labels),
        pieces=[_bar(number, labels, series, top, is_stacked) for number in range(len(labels))],
        names=[Word("0", _px(y), cut(label)) for label, y in zip(labels, middles, strict=True)],
        values=[
            Word(_pc(100 * value / top), _px(y), f"{value:,}")
            for value, y in zip(highest, middles, strict=True)
        ],
        legend=[each.name for each in series] if len(series) > 1 else (),
        first=labels[0],
        last=labels[-1],
        highest=f"{highest[at]:,}",
        highest_at=labels[at],
        size="short" if max(map(width_of, labels)) <= SHORT_NAME else "",
    )


def _bar(
    number: int, labels: Sequence[str], series: list[Series], top: int, is_stacked: bool
) -> Piece:
    slots = 1 if is_stacked else len(series)
    pitch = BAR * slots + BAR_GAP
    values = [each.values[number] for each in series]
    parts, before = [], 0
    for place, value in enumerate(values):
        y = pitch * number + BAR_GAP / 2 + (0 if is_stacked else place * BAR)
        x = 100 * before / top if is_stacked else 0
        if value:
            parts.append(Part(_pc(x), _px(y), _pc(100 * value / top), _px(BAR), place + 1))
        before += value
    field = Part("0", _px(pitch * number), "100%", _px(pitch), 0)
    return Piece(_title(labels[number], series, values), field, parts)


def _highest(values: Sequence[int], is_stacked: bool) -> int:
    return sum(values) if is_stacked else max(values)


def _title(label: str, series: list[Series], values: Sequence[int]) -> str:
    if len(series) == 1:
        return f"{label}: {values[0]:,}"
    named = zip(series, values, strict=True)
    return f"{label}: " + ", ".join(f"{each.name} {value:,}" for each, value in named)


def _axis(labels: Sequence[str]) -> list[Word]:
    """As many words as fit side by side, at even distances; on a phone fewer of the same."""
    total = len(labels)
    room = total * (max(map(width_of, labels)) + 2) * LETTER
    each = max(-(-room // WIDE), 1)
    if total <= CROWD:  # else the chart is as wide on a phone too, and slides
        narrow = max(-(-room // (NARROW * each)), 1) * each
    else:
        narrow = each
    return [
        Word(_centre(number, total), _px(ABOVE + HEIGHT + 16), label, bool(number % narrow))
        for number, label in enumerate(labels)
        # The last one would be cut off at the edge.
        if number % each == 0 and (total < 20 or number < total * 0.97)
    ]


def _numbers_above(values: Sequence[int], top: int) -> list[Word]:
    """The numbers over the columns, if all of them fit."""
    room = len(values) * (max(len(f"{value:,}") for value in values) + 1) * LETTER
    if room > WIDE:
        return []
    return [
        Word(_centre(number, len(values)), _px(_level(value, top) - 5), f"{value:,}", room > NARROW)
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
    """Dates of one year as 11-03; of several as they are; of a span its first day."""
    firsts = [label.partition("~")[0] for label in labels]
    is_dated = all(DATE.fullmatch(label) for label in firsts)
    if is_dated and firsts[0][:4] == firsts[-1][:4]:
        return [label[5:] for label in firsts]
    return firsts


def _level(value: int, top: int) -> float:
    """How far down the page `value` lies."""
    return ABOVE + HEIGHT * (1 - value / top)


def _centre(number: int, total: int) -> str:
    return _pc(100 * (number + 0.5) / total)


def _pc(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") + "%"


def _px(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
