"""Values that are valid until a version in the database moves."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from boardsite.caching import versions
from boardsite.databases import replica

T = TypeVar("T")


class Entry(NamedTuple, Generic[T]):
    version: Any  # None: loaded outside of requests
    at: float
    value: T


class VersionedCache(Generic[T]):
    """Call it like `load`: it returns what `load` returned for the same arguments, if since then the
    version of `scope(*args)` has not moved and at most `seconds` have passed.

    It works in requests that only read. Everything else (commands, requests that may write) calls
    `load`, and so sees its own changes. With `is_setting` it works everywhere: requests that may write
    see the value as it was when they began, other code a value that is at most `seconds` old, and
    `load` reads the primary database. That is for what the owner sets in the admin.

    A value that depends on the visitor needs them, or their `Access.look`, among the arguments. The
    `size` entries used last are held.
    """

    _all: ClassVar[list["VersionedCache"]] = []

    def __init__(
        self,
        load: Callable[..., T] | None = None,
        *,
        scope: Callable[..., int] = lambda *args: versions.SITE,
        seconds: float = 10,
        size: int = 256,
        is_setting: bool = False,
    ):
        self.load, self.scope, self.seconds, self.size = load, scope, seconds, size
        self.is_setting = is_setting
        self._entries: OrderedDict[tuple[Any, ...], Entry[T]] = OrderedDict()
        self._lock = threading.Lock()
        VersionedCache._all.append(self)

    def __call__(self, *args: Any) -> T:
        if self.load is None:
            raise TypeError("A VersionedCache without `load` is used by `get`")
        return self._get(args, self.load, args)

    def get(self, args: tuple[Any, ...], load: Callable[[], T]) -> T:
        """The value cached for `args`, or else what `load` returns: for values that need more to be
        loaded than to be named."""
        return self._get(args, load, ())

    def latest(self, *args: Any) -> T | None:
        """The value that was stored last for `args`, whether it is still valid or not."""
        entry = self._entries.get(args)
        return entry.value if entry else None

    def _get(self, args: tuple[Any, ...], load: Callable[..., T], load_args: tuple) -> T:
        known = versions.of_request() if self.is_setting else versions.current()
        if known is None and not self.is_setting:
            return load(*load_args)
        version: Any = None
        if known is not None:
            version = known.of_site() if self.is_setting else known.of(self.scope(*args))
        # The dict from before `load`: if `forget` is called meanwhile, the next call loads again.
        entries, now = self._entries, time.monotonic()
        entry = entries.get(args)
        is_valid = entry is not None and (known is None or entry.version == version)
        is_fresh = entry is not None and now - entry.at < self.seconds
        if entry is not None and is_valid and (is_fresh or (known is not None and known.is_old)):
            return entry.value
        if self.is_setting:
            with replica.not_reading():
                value = load(*load_args)
        else:
            value = load(*load_args)
        with self._lock:
            entries[args] = Entry(version, now, value)
            entries.move_to_end(args)
            if len(entries) > self.size:
                entries.popitem(last=False)
        return value

    def forget(self) -> None:
        """Removes all entries of this process; other processes notice a change by its version."""
        self._entries = OrderedDict()

    @staticmethod
    def forget_all() -> None:
        """For tests: empties every VersionedCache. Rolled back rows take their versions along."""
        for each in VersionedCache._all:
            each.forget()
