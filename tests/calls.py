"""The cost of an action in function calls, which every machine counts alike, however busy it is."""

import sys
from collections.abc import Callable


def count_calls(action: Callable[[], object]) -> int:
    """The number of calls of Python and C functions while `action` runs."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        if event in ("call", "c_call"):
            count += 1

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count
