"""Values that may be some seconds old."""

import time
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from boardsite.databases import replica

T = TypeVar("T")


class TTLCache(Generic[T]):
    """Call it like `load`: it returns what `load` returned for the same arguments, if that is at most
    `seconds` old. `load` always reads the primary database.

    Use it for functions that are called with few different arguments: expired entries are replaced, but
    never removed.
    """

    _all: ClassVar[list["TTLCache"]] = []

    def __init__(self, load: Callable[..., T], *, seconds: float):
        self.load, self.seconds = load, seconds
        self._entries: dict[tuple[Any, ...], tuple[float, T]] = {}
        TTLCache._all.append(self)

    def __call__(self, *args: Any) -> T:
        entries, now = self._entries, time.monotonic()
        if args not in entries or now - entries[args][0] >= self.seconds:
            # Into the dict from before `load`: if `forget` is called meanwhile, the next call loads again.
            with replica.not_reading():
                entries[args] = now, self.load(*args)
        return entries[args][1]

    def forget(self) -> None:
        """Removes all entries of this process; other processes notice a change within `seconds`."""
        self._entries = {}

    @staticmethod
    def forget_all() -> None:
        """For tests: empties every TTLCache."""
        for each in TTLCache._all:
            each.forget()
