"""What a process remembers for some seconds, so that pages need not ask the database each time."""

import time
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from boardsite import replica

T = TypeVar("T")


class Remembered(Generic[T]):
    """Call it as `load`: it answers with what `load` has returned to the same arguments, at most
    `seconds` ago. Not to be changed by who gets it. The primary database is asked, whoever asks.

    For few arguments: what has run out is replaced, never thrown away.
    """

    _all: ClassVar[list["Remembered"]] = []

    def __init__(self, load: Callable[..., T], *, seconds: float):
        self.load, self.seconds = load, seconds
        self._kept: dict[tuple[Any, ...], tuple[float, T]] = {}
        Remembered._all.append(self)

    def __call__(self, *args: Any) -> T:
        kept, now = self._kept, time.monotonic()
        if args not in kept or now - kept[args][0] >= self.seconds:
            # Into the dict from before `load`: a change that is made meanwhile brings a new one.
            with replica.not_reading():
                kept[args] = now, self.load(*args)
        return kept[args][1]

    def forget(self) -> None:
        """After a change: this process knows at once, others within `seconds`."""
        self._kept = {}

    @staticmethod
    def forget_all() -> None:
        """For tests: what one of them leaves in the process does not reach the next."""
        for each in Remembered._all:
            each.forget()
