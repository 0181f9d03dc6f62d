"""Elements of a chart: rectangles and words at coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Series(NamedTuple):
    """A named series: one number for each row."""

    name: str
    values: Sequence[int]


class Part(NamedTuple):
    """A rectangle; lengths are SVG values. `series` counts from 1."""

    x: str
    y: str
    width: str
    height: str
    series: int


class Word(NamedTuple):
    """A text at a point. Narrow pages leave it out when `is_minor`."""

    x: str
    y: str
    text: str
    is_minor: bool = False


class Piece(NamedTuple):
    """A column or a bar: its tooltip, the area that reacts to the pointer, and its parts."""

    title: str
    field: Part
    parts: Sequence[Part]


@dataclass(frozen=True)
class Chart:
    """The context of templates/ui/chart.html. `legend` has the series' names, if there are several.
    The description uses `first`, `last`, `highest` and `highest_at`. `folded` is the number of rows
    that each column sums up."""

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
    size: str = ""  # "long": needs more width than a phone has; "short": its names are short


def height_of(values: Sequence[int], is_stacked: bool) -> int:
    return sum(values) if is_stacked else max(values)


def title_of(label: str, series: list[Series], values: Sequence[int]) -> str:
    if len(series) == 1:
        return f"{label}: {values[0]:,}"
    named = zip(series, values, strict=True)
    return f"{label}: " + ", ".join(f"{each.name} {value:,}" for each, value in named)


def percent(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") + "%"


def pixels(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
