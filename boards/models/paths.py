"""Materialised paths: the order of a thread as one text column (docs/decisions/0012)."""

PATH_DIGITS = 6  # base 36: 2.1 billion rows


def path_part(number: int) -> str:
    """`number` as six base-36 digits, which sort like the numbers in every collation."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits.rjust(PATH_DIGITS, "0")


def path_numbers(path: str) -> list[int]:
    """The inverse of path_part, for each part of `path`."""
    return [int(path[at : at + PATH_DIGITS], 36) for at in range(0, len(path), PATH_DIGITS)]


def below(levels: int) -> str:
    """A suffix: path + below(levels) sorts after every path that starts with `path` and is at most
    `levels` deeper."""
    return "Z" * levels * PATH_DIGITS
