"""Materialised paths: the order of a thread as one text column (docs/decisions/0012)."""

PATH_DIGITS = 6  # base 36: 2.1 billion rows


def path_part(number: int) -> str:
    """`number` as six base-36 digits, so that text order is number order in every collation."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits.rjust(PATH_DIGITS, "0")


def below(levels: int) -> str:
    """path + below(levels) comes after every path at most `levels` deep that starts with `path`."""
    return "Z" * levels * PATH_DIGITS
