"""How often what people see has changed: what is remembered is good until then.

The database counts by itself. Triggers (boardsite.triggers) on the tables that pages are made of move
the count of a board, or of the SITE as a whole, in the transaction of the writing; so every way of
writing moves it (the site, the admin, the collector, an importer, a command, SQL by hand), and nobody
reads a new count before the new rows, nor keeps an old one after them (docs/decisions/0035).

While somebody reads (`reading`), the counts are asked for once; `Unchanged` and boardsite.pagecache
compare what they have kept with them. Elsewhere nothing is kept: a command or a deed sees what is.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.db import DatabaseError, connections, router

from boardsite.models import ScopeVersion

logger = logging.getLogger(__name__)
T = TypeVar("T")

SITE = 0  # the scope of what stands on every page; a board's is its id
ALL = -1  # asks for the sum of all: what is put together from many boards

TABLE = ScopeVersion._meta.db_table


class Question(NamedTuple):
    """A SELECT of one row with two whole numbers, and its parameters; by key, for it is planned once."""

    sql: str
    params: Sequence[Any]

    def answer(self, using: str) -> tuple[int, int] | None:
        """What the database `using` answers to it alone; None when there is no such row."""
        with connections[using].prepared_cursor() as cursor:
            cursor.execute(self.sql, self.params)
            return cursor.fetchone()


class Versions:
    """The counts as they were when they were first asked for.

    `along`: what the same statement asks besides, for a way to the database costs more than most
    answers; to be set before the first `of`. `told`: what was answered, under the same names; of a row
    that is not there, and of one that could not be read, nothing is told.
    """

    def __init__(self) -> None:
        self._known: dict[int, int] | None = None
        self.along: Mapping[Hashable, Question] = {}
        self.told: dict[Hashable, tuple[int, int]] = {}

    def of(self, scope: int) -> tuple[int, int]:
        """What a page about `scope` hangs on: the site's count and its own (ALL: that of all)."""
        if self._known is None:
            self._known = self._read()
        known = self._known
        return known.get(SITE, 0), known[ALL] if scope == ALL else known.get(scope, 0)

    def _read(self) -> dict[int, int]:
        """The counts where this request reads its pages, so that neither runs ahead of the other."""
        try:
            known, self.told = _ask(self.along)
        except DatabaseError:
            if not self.along:
                raise
            logger.exception("What kept pages ask along with the versions could not be read")
            known, self.told = _ask({})
        known[ALL] = sum(known.values())
        return known


def _ask(
    along: Mapping[Hashable, Question],
) -> tuple[dict[int, int], dict[Hashable, tuple[int, int]]]:
    """The counts, and what was answered to `along`."""
    names = list(along)
    sql = [f"SELECT scope, SUM(number), 0 FROM {TABLE} GROUP BY scope"]
    # Scopes are no less than 0, so what is asked along is numbered below.
    sql += [
        f"SELECT {~place}, * FROM ({along[name].sql}) AS asked" for place, name in enumerate(names)
    ]
    params = [value for name in names for value in along[name].params]
    with connections[router.db_for_read(ScopeVersion)].prepared_cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sql), params)
        rows = cursor.fetchall()
    known = {place: int(number) for place, number, _ in rows if place >= 0}
    return known, {names[~place]: (int(one), other) for place, one, other in rows if place < 0}


_current: ContextVar[Versions | None] = ContextVar("versions", default=None)


def current() -> Versions | None:
    """The counts while somebody reads; None while anything may be written."""
    return _current.get()


@contextmanager
def reading() -> Iterator[Versions]:
    """For a request that only reads: what has been kept for these counts is good."""
    versions = Versions()
    token = _current.set(versions)
    try:
        yield versions
    finally:
        _current.reset(token)


class Unchanged(Generic[T]):
    """Call it as `load`: while somebody reads, it answers with what `load` has returned to the same
    arguments for the same version of `scope(*args)`, at most `seconds` ago; else it loads.

    Not to be changed by who gets it, and nothing of one visitor unless he is among the arguments.
    The `size` latest are kept. `get` is for what takes more to load than to name.
    """

    _all: ClassVar[list["Unchanged"]] = []

    def __init__(
        self,
        load: Callable[..., T] | None = None,
        *,
        scope: Callable[..., int] = lambda *args: SITE,
        seconds: float = 10,
        size: int = 256,
    ):
        self.load, self.scope, self.seconds, self.size = load, scope, seconds, size
        self._kept: OrderedDict[tuple[Any, ...], tuple[tuple[int, int], float, T]] = OrderedDict()
        self._lock = threading.Lock()
        Unchanged._all.append(self)

    def __call__(self, *args: Any) -> T:
        return self.get(args, lambda: self.load(*args))

    def get(self, args: tuple[Any, ...], load: Callable[[], T]) -> T:
        """What has been loaded for `args`; else what `load` returns."""
        versions = current()
        if versions is None:
            return load()
        version, now = versions.of(self.scope(*args)), time.monotonic()
        found = self._kept.get(args)
        if found is not None and found[0] == version and now - found[1] < self.seconds:
            return found[2]
        loaded = load()
        with self._lock:
            self._kept[args] = version, now, loaded
            self._kept.move_to_end(args)
            if len(self._kept) > self.size:
                self._kept.popitem(last=False)
        return loaded

    @staticmethod
    def forget_all() -> None:
        """For tests: a test's rows go without a word, and their counts with them."""
        for each in Unchanged._all:
            with each._lock:
                each._kept.clear()
