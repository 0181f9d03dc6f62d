"""How charts write numbers and names, and how wide those are."""

from itertools import accumulate, count

NAME_LENGTH = 20
"""Latin letters of a name beside its bar."""


def round_top(highest: int) -> tuple[int, int]:
    """(top, step) of a scale of at most five steps of 1, 2 or 5 times a power of ten."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= highest)
    return max(-(-highest // step), 1) * step, step


def short(number: int, top: int) -> str:
    """A number of an axis that ends at `top`: 20,000, or 20만 and 3억 when `top` reaches a million."""
    for unit, name in ((10**12, "조"), (10**8, "억"), (10**4, "만")):
        if top >= 10**6 and number >= unit:
            return f"{number / unit:,.1f}".removesuffix(".0") + name
    return f"{number:,}"


def width_of(text: str) -> int:
    """The width of `text` in Latin letters."""
    return sum(1 if ord(letter) < 0x1100 else 2 for letter in text)


def cut(text: str, most: int = NAME_LENGTH) -> str:
    """`text`, shortened to the width of `most` Latin letters."""
    if width_of(text) <= most:
        return text
    ends = list(accumulate(width_of(letter) for letter in text))
    return text[: sum(end < most for end in ends)] + "…"
