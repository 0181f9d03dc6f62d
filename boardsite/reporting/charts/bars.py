"""Horizontal bars, for names."""

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
from boardsite.reporting.charts.words import cut, width_of

MOST_BARS = 20
"""One further bar sums up the rest."""
BAR, BAR_GAP = 12, 12  # pixels
SHORT_NAME = 12  # Latin letters; names up to this length leave more room to the bars


def draw_bars(labels: Sequence[str], series: list[Series], rest: str, is_stacked: bool) -> Chart:
    if len(labels) > MOST_BARS and rest:
        labels = [*labels[:MOST_BARS], rest]
        series = [
            Series(name, [*values[:MOST_BARS], sum(values[MOST_BARS:])]) for name, values in series
        ]
    labels = labels[: MOST_BARS + bool(rest)]
    series = [Series(name, values[: MOST_BARS + bool(rest)]) for name, values in series]
    slots = 1 if is_stacked else len(series)
    pitch = BAR * slots + BAR_GAP
    highest = [
        height_of(each, is_stacked) for each in zip(*(s.values for s in series), strict=True)
    ]
    top = max(*highest, 1)
    at = highest.index(max(highest))
    middles = [pitch * number + pitch / 2 for number in range(len(labels))]
    return Chart(
        kind="bars",
        height=pitch * len(labels),
        pieces=[_bar(number, labels, series, top, is_stacked) for number in range(len(labels))],
        names=[Word("0", pixels(y), cut(label)) for label, y in zip(labels, middles, strict=True)],
        values=[
            Word(percent(100 * value / top), pixels(y), f"{value:,}")
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
            parts.append(
                Part(percent(x), pixels(y), percent(100 * value / top), pixels(BAR), place + 1)
            )
        before += value
    field = Part("0", pixels(pitch * number), "100%", pixels(pitch), 0)
    return Piece(title_of(labels[number], series, values), field, parts)
