"""The byte range that a request asks for (RFC 9110, section 14). Pure."""

import re

_ONE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})", re.IGNORECASE | re.ASCII)


class Unsatisfiable(ValueError):
    """The range begins after the end of the file; respond with 416."""


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte to send, inclusive; None for the whole file.

    Multiple ranges, other units and malformed headers yield None, as the standard allows. Raises
    Unsatisfiable.
    """
    found = _ONE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:  # a suffix range
        count = int(found[2])
        if not count or not size:
            raise Unsatisfiable
        return max(0, size - count), size - 1
    first = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(last, size - 1)


def is_continuation(header: str) -> bool:
    """Whether the range begins after the first byte."""
    found = _ONE.fullmatch(header.strip())
    return found is not None and (not found[1] or int(found[1]) > 0)
