"""Where the page cache stores its pages: in the memory of each worker, at most PAGE_CACHE_MB of it, and,
where several machines share a Redis (CACHE_URL), there too. Robots have a quarter of the memory for
themselves, so that they evict no page that people read."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache

from boardsite.caching import versions
from boardsite.compression import Segment

ROBOTS_SHARE = 0.25
OVERHEAD = 1500  # bytes that a page takes besides its text: headers, placeholders, keys
SEGMENT_OVERHEAD = 200
OLD_SECONDS = 600.0
"""For so long an expired page is sent while the database is away."""


class Page(NamedTuple):
    """A cached page: the text between its placeholders, and of each placeholder the name with the
    arguments."""

    segments: Sequence[Segment]
    placeholders: Sequence[tuple[str, ...]]
    headers: dict[str, str]
    scope: int
    version: tuple[int, int]
    until: float  # seconds since 1970: other machines read it too
    match: tuple[str, tuple, dict[str, Any]]  # route, args, kwargs of the address
    part: tuple[int, int] | None = None
    """The part of `scope` that the page shows (boardsite.caching.versions), with its version. Then
    `version` says only when the page was last known to be valid."""

    @property
    def length(self) -> int:
        """In bytes, without what the placeholders stand for."""
        return sum(each.length for each in self.segments)

    @property
    def size(self) -> int:
        """How many bytes of memory it takes."""
        return OVERHEAD + sum(SEGMENT_OVERHEAD + len(each.deflated) for each in self.segments)


@dataclass
class PageStore:
    """The pages used last, of at most `room` bytes together."""

    room: float
    pages: OrderedDict[str, Page] = field(default_factory=OrderedDict)
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: str) -> Page | None:
        with self.lock:
            page = self.pages.get(key)
            if page is not None:
                self.pages.move_to_end(key)
            return page

    def put(self, key: str, page: Page) -> None:
        with self.lock:
            self._drop(key)
            self.pages[key] = page
            self.size += page.size
            while self.size > self.room:
                self._drop(next(iter(self.pages)))

    def _drop(self, key: str) -> None:
        if (page := self.pages.pop(key, None)) is not None:
            self.size -= page.size

    def clear(self) -> None:
        with self.lock:
            self.pages.clear()
            self.size = 0


class PageCache:
    """The stores for people and for robots.

    `placeholders`: the names that are registered. A machine that runs another release has others, and
    shares no page with this one.
    """

    def __init__(self, placeholders: Iterable[str] = ()) -> None:
        self.placeholders = placeholders
        room = settings.PAGE_CACHE_MB * 1024 * 1024
        self.people, self.robots = (
            PageStore(room * (1 - ROBOTS_SHARE)),
            PageStore(room * ROBOTS_SHARE),
        )

    def stored(self, key: str, robot: bool) -> Page | None:
        """The page in this process, whether it is still valid or not."""
        return (self.robots if robot else self.people).get(key)

    def find(self, key: str, robot: bool, now: versions.Versions) -> Page | None:
        """The page, if it is still valid."""
        store = self.robots if robot else self.people
        page = self.stored(key, robot)
        if page is not None and _is_valid(page, now):
            return self._confirmed(store, key, page, now)
        if settings.PAGE_CACHE_SHARED:
            found = cache.get(self._shared_key(key))
            page = Page(*found) if found else None
            if page is not None and _is_valid(page, now):
                store.put(key, page)
                return page
        return None

    def _confirmed(self, store: PageStore, key: str, page: Page, now: versions.Versions) -> Page:
        """The page, which is valid now whatever else of its scope has changed: `find_old` shows it until
        something of the scope changes again."""
        if page.version != now.of(page.scope):
            page = page._replace(version=now.of(page.scope))
            store.put(key, page)
        return page

    def find_old(self, key: str, robot: bool, latest: versions.Versions) -> Page | None:
        """The page, if no change of it was known when the versions were read last, and it has expired
        at most OLD_SECONDS ago."""
        page = self.stored(key, robot)
        if page is None or page.until + OLD_SECONDS < time.time():
            return None
        return page if latest.of(page.scope) == page.version else None

    def put(self, key: str, robot: bool, page: Page) -> None:
        (self.robots if robot else self.people).put(key, page)
        if settings.PAGE_CACHE_SHARED:
            cache.set(self._shared_key(key), tuple(page), page.until - time.time())

    def clear(self) -> None:
        self.people.clear()
        self.robots.clear()

    def _shared_key(self, key: str) -> str:
        ours = " ".join([key, *Page._fields, *Segment._fields, *sorted(self.placeholders)])
        return f"page:{hashlib.sha256(ours.encode()).hexdigest()}"


def _is_valid(page: Page, now: versions.Versions) -> bool:
    if page.until <= time.time():
        return False
    if page.part is None:
        return now.of(page.scope) == page.version
    part, version = page.part
    return now.of_site() == page.version[0] and now.of_part(part, page.scope) == version
