"""What a chart is made of: rectangles and words at coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


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
