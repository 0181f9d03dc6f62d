"""Versions: how often the contents of pages have changed, counted by the database itself.

Triggers (boardsite.caching.triggers) on the tables that pages show move the version of a board, or that
of the whole SITE, in the transaction that writes. So every way of writing moves it (views, the admin, the
collector, an importer, a command, SQL by hand), and nobody reads a new version before the new rows, or an
old one after them (docs/decisions/0035).

A part of a board, such as a post, has a version too, so that the page of a post stays cached while others
are written about. Parts share PARTS scopes of their own: the table stays small, and now and then a page
is built again because of another part. What moves the version of a part moves that of its board as well
(docs/decisions/0095).

A request that only reads (`reading`) asks for the versions once. The page cache and each VersionedCache
compare them with those that their entries were stored under.
"""

import logging
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.apps import apps
from django.db import DatabaseError, router

from boardsite.availability.faults import is_timeout, is_unreachable, is_unwritable
from boardsite.databases import replica
from boardsite.databases.prepared import prepared_cursor

logger = logging.getLogger(__name__)

SITE = 0  # the scope of what every page shows; the scope of a board is its id
ALL = -1  # stands for the sum of all versions: for pages that show several boards
PARTS = 4096  # a power of two
FIRST_PART = -1000  # the scopes of parts go down from here

TABLE = "boardsite_scopeversion"  # of the model ScopeVersion; boardsite.models imports this package


_latest: dict[int, int] | None = None


def is_away(error: BaseException) -> bool:
    """Whether the database could not be read, or not in time."""
    return is_unreachable(error) or is_timeout(error) or is_unwritable(error)


def part_of(key: int) -> int:
    """The scope of the part with that key, which may be negative."""
    return FIRST_PART - (key & (PARTS - 1))


def part_sql(key: str) -> str:
    """`part_of` in SQL, for triggers."""
    return f"({FIRST_PART} - ({key} & {PARTS - 1}))"


class Query(NamedTuple):
    """A SELECT by key of one row with two integers, and its parameters."""

    sql: str
    params: Sequence[Any]

    def fetch(self, using: str) -> tuple[int, int] | None:
        """The row in the database `using`; None when there is none."""
        with prepared_cursor(using) as cursor:
            cursor.execute(self.sql, self.params)
            return cursor.fetchone()


class Versions:
    """The versions as they were when they were first read.

    `piggybacked`: queries that the same statement runs, because a round trip to the database costs
    more than most results; to be set before the first `of`. `results`: their rows under the same
    names, without those that are missing or could not be read. `part`: the part whose version the same
    statement reads; to be set before the first `of` as well.
    """

    def __init__(self) -> None:
        self._known: dict[int, int] | None = None
        self._parts: dict[int, int] = {}
        self.part: int | None = None
        self._site: int | None = None
        self.is_old = False
        self.piggybacked: Mapping[Hashable, Query] = {}
        self.results: dict[Hashable, tuple[int, int]] = {}

    def of(self, scope: int) -> tuple[int, int]:
        """The versions that a page about `scope` depends on: the site's and its own (ALL: the sum)."""
        if self._known is None:
            self._known = self._read()
        known = self._known
        return known.get(SITE, 0), known[ALL] if scope == ALL else known.get(scope, 0)

    def of_part(self, part: int, scope: int) -> int | None:
        """The version of a part of `scope`. None if it was not read with the other versions and `scope`
        has moved since: then it may be newer than what has been read of the part."""
        known = self.of(scope)
        if part not in self._parts:
            now = Versions()
            now.part = part
            if now.of(scope) != known:
                return None
            self._parts |= now._parts
        return self._parts[part]

    def of_site(self) -> int:
        """The site's version alone."""
        return self.of(SITE)[0] if self._site is None else self._site

    @property
    def is_read(self) -> bool:
        return self._known is not None or self._site is not None

    def learn_site(self, number: int) -> None:
        """Takes the site's version from another statement that has read it as well."""
        self._site = number

    def _read(self) -> dict[int, int]:
        """Reads them from the database that this request reads its pages from, so that neither is
        newer than the other."""
        try:
            known, self.results = _fetch(self.piggybacked, self.part)
        except DatabaseError as error:
            if is_away(error):
                if not replica.give_up(error):
                    raise
            elif not self.piggybacked:
                raise
            else:
                logger.exception("The queries piggybacked on the versions have failed")
            known, self.results = _fetch({}, self.part)
        if self.part is not None:
            self._parts[self.part] = known.pop(self.part, 0)
        known[ALL] = sum(known.values())
        global _latest
        _latest = known
        return known

    def use_latest(self) -> bool:
        """The versions cannot be read: takes those that this process has read last. Returns whether
        it has read any."""
        self._known = _latest
        self.is_old = _latest is not None
        return self.is_old


def _fetch(
    piggybacked: Mapping[Hashable, Query],
    part: int | None,
) -> tuple[dict[int, int], dict[Hashable, tuple[int, int]]]:
    """The versions by scope, with that of `part`, and the results of `piggybacked`."""
    names = list(piggybacked)
    sql = [f"SELECT scope, SUM(number), 0 FROM {TABLE} WHERE scope >= 0 GROUP BY scope"]
    params = []
    if part is not None:
        sql.append(f"SELECT scope, SUM(number), 0 FROM {TABLE} WHERE scope = %s GROUP BY scope")
        params.append(part)
    # Numbers between the two kinds of scopes mark the piggybacked queries.
    sql += [
        f"SELECT {~place}, * FROM ({piggybacked[name].sql}) AS piggybacked"
        for place, name in enumerate(names)
    ]
    params += [value for name in names for value in piggybacked[name].params]
    with prepared_cursor(router.db_for_read(apps.get_model("boardsite.ScopeVersion"))) as cursor:
        cursor.execute(" UNION ALL ".join(sql), params)
        rows = cursor.fetchall()
    known = {place: int(number) for place, number, _ in rows if place >= 0 or place <= FIRST_PART}
    results = {
        names[~place]: (int(one), other) for place, one, other in rows if FIRST_PART < place < 0
    }
    return known, results


def read_parts() -> dict[int, int]:
    """The versions of all parts that have one."""
    sql = f"SELECT scope, SUM(number) FROM {TABLE} WHERE scope <= {FIRST_PART} GROUP BY scope"
    with prepared_cursor(router.db_for_read(apps.get_model("boardsite.ScopeVersion"))) as cursor:
        cursor.execute(sql)
        return {scope: int(number) for scope, number in cursor.fetchall()}


_current: ContextVar[Versions | None] = ContextVar("versions", default=None)
_at_start: ContextVar[Versions | None] = ContextVar("versions_at_start", default=None)


def current() -> Versions | None:
    """The versions of a request that only reads; None elsewhere."""
    return _current.get()


@contextmanager
def reading() -> Iterator[Versions]:
    """For a request that only reads: what was cached under these versions is valid."""
    versions = Versions()
    token = _current.set(versions)
    try:
        yield versions
    finally:
        _current.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """For a request that may write: it uses no cache but those of settings."""
    token = _at_start.set(Versions())
    try:
        yield
    finally:
        _at_start.reset(token)


def of_request() -> Versions | None:
    """The versions of the request, whether it may write or not; None outside of requests."""
    return _current.get() or _at_start.get()


def unread() -> Versions | None:
    """The versions of a request that may write, if nothing has read them yet: another statement may
    read the site's version as well and hand it to `learn_site`."""
    versions = _at_start.get()
    return versions if versions is not None and not versions.is_read else None
