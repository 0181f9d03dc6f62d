"""Where kept pages lie (boardsite.pagecache): in the memory of each worker, of PAGE_CACHE_MB at the most;
where many machines share a Redis (CACHE_URL), also there. Robots' pages have a quarter of the room to
themselves, so that they push out nobody's."""

import hashlib
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache

from boardsite import versions

ROBOTS_SHARE = 0.25
LARGEST = 1024 * 1024  # bytes; no larger page is kept
OVERHEAD = 1500  # bytes that a page takes besides its text: headers, holes, keys
KINDS = 32  # routes of which the first page is remembered, to pack others by
WINDOW = 32 * 1024  # bytes; zlib looks no further back


class Page(NamedTuple):
    """A finished page. `text`: what stands between its holes, with a NUL for each hole, packed by
    `PageCache`; `holes`: each a name with its arguments."""

    text: bytes
    holes: Sequence[tuple[str, ...]]
    headers: dict[str, str]
    scope: int
    version: tuple[int, int]
    until: float  # seconds since 1970: other machines read it too
    match: tuple[str, tuple, dict[str, Any]]  # route, args, kwargs of the address

    @property
    def kind(self) -> str:
        return self.match[0]

    @property
    def size(self) -> int:
        return OVERHEAD + len(self.text)


@dataclass
class Shelf:
    """The latest pages, of at most `room` bytes together."""

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


class Packing:
    """Packs pages by what they share with the first of their kind (a route): to a twelfth of their
    length, where each by itself would come to a fifth."""

    def __init__(self) -> None:
        self._first: dict[str, bytes] = {}

    def pack(self, kind: str, content: bytes) -> bytes:
        first = self._first.get(kind)
        if first is None and len(self._first) < KINDS and content:
            first = self._first.setdefault(kind, content[-WINDOW:])
        packer = zlib.compressobj(zdict=first) if first else zlib.compressobj()
        return packer.compress(content) + packer.flush()

    def unpack(self, kind: str, text: bytes) -> bytes:
        """What this has packed."""
        return zlib.decompressobj(zdict=self._first.get(kind, b"")).decompress(text)


class PageCache:
    """People's pages and robots'. Those that machines share are packed each by itself.

    `fills`: what holes can be filled with. A machine that still runs the release before fills others, and
    shares no page with this one.
    """

    def __init__(self, fills: Iterable[str] = ()) -> None:
        self.fills = fills
        self.packing = Packing()
        room = settings.PAGE_CACHE_MB * 1024 * 1024
        self.people, self.robots = Shelf(room * (1 - ROBOTS_SHARE)), Shelf(room * ROBOTS_SHARE)

    def shelved(self, key: str, robot: bool) -> Page | None:
        """The page that this process has kept last, whether it may still be shown or not."""
        return (self.robots if robot else self.people).get(key)

    def find(self, key: str, robot: bool, now: versions.Versions) -> Page | None:
        """The page, if it may still be shown."""
        shelf = self.robots if robot else self.people
        page = self.shelved(key, robot)
        if _is_good(page, now):
            return page
        if settings.PAGE_CACHE_SHARED:
            found = cache.get(self._shared_key(key))
            page = Page(*found) if found else None
            if _is_good(page, now):
                content = zlib.decompress(page.text)
                page = page._replace(text=self.packing.pack(page.kind, content))
                shelf.put(key, page)
                return page
        return None

    def put(self, key: str, robot: bool, page: Page) -> None:
        if page.size > LARGEST:
            return
        (self.robots if robot else self.people).put(key, page)
        if settings.PAGE_CACHE_SHARED:
            content = self.packing.unpack(page.kind, page.text)
            alone = page._replace(text=zlib.compress(content))
            cache.set(self._shared_key(key), tuple(alone), page.until - time.time())

    def clear(self) -> None:
        self.people.clear()
        self.robots.clear()

    def _shared_key(self, key: str) -> str:
        ours = " ".join([key, *Page._fields, *sorted(self.fills)])
        return f"page:{hashlib.sha256(ours.encode()).hexdigest()}"


def _is_good(page: Page | None, now: versions.Versions) -> bool:
    return page is not None and page.until > time.time() and now.of(page.scope) == page.version
