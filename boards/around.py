"""What stands around a post on its page: the list below it, the posts next to it, the way back.

On cached pages these are placeholders, so that a comment elsewhere in the board leaves the page valid
(docs/decisions/0095). They are rendered once for each post and content of its page of the list: after a change
in the board a process reads the versions of all posts once, and shows what it has rendered while those of the
posts of a page are the same. Numbers of views are at most a minute old.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from boards.models import Board, Post, State
from boards.paging import Buckets
from boards.permissions import Access, access
from boards.queries.extras import with_extras
from boards.queries.finding import board_at
from boards.queries.lists import PostList, board_list, pinned_rows, sort_query
from boards.queries.neighbours import neighbours
from boards.rows import PostRow, post_row
from boardsite.caching import versions
from boardsite.caching.page_cache import placeholder
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.compression import Segment, segment
from boardsite.jinja import draw
from boardsite.pagination import Pages

SECONDS = 50.0  # of a page of a list; another ten may pass until that is looked at
GUESSES = 10_000  # places in lists that a process remembers
_VIEWS = secrets.token_hex(12)  # stands for the number of views in the post's own row


class Around(NamedTuple):
    """For the page of a post: the address of its page of the list, and HTML."""

    list_address: str
    neighbours: str
    list: str


def draw_around(
    can: Access,
    posts: PostList | None,
    size: int,
    older: PostRow | None,
    newer: PostRow | None,
) -> Around:
    """`posts`: the list below the post, in pages of `size`; None for none."""
    board = can.board
    address, html = board.get_absolute_url(), ""
    if posts is not None:
        pages = Pages(posts.page, posts.total, size, address, {"sort": sort_query(board, "")})
        if posts.page > 1:
            address = pages.address(posts.page)
        html = draw("boards/_around.jinja", board=board, can=can, posts=posts, pages=pages)
    return Around(address, draw("boards/_neighbours.jinja", older=older, newer=newer), html)


# -- cached pages ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """What a page of a list shows to guests, but for the views. `site`: the site's version. `parts`: those
    of its posts and of the order of the list. `notices`: the rows above page 1; None on others."""

    site: int
    parts: dict[int, int]
    notices: list[PostRow] | None
    made_at: float

    def is_still(self, board: Board) -> bool:
        known = _parts(board.pk)
        return (
            time.monotonic() - self.made_at < SECONDS
            and self.site == _site_version()
            and all(known.get(part, 0) == number for part, number in self.parts.items())
            and (self.notices is None or self.notices == _without_views(_notices(board)))
        )


class Fragments(NamedTuple):
    """An Around for cached pages. `below`: the list after the views in the post's own row; None if it
    has no such row. `shown`: if it is None, they are valid for one version of the board."""

    list_address: str
    neighbours: Segment
    above: Segment
    below: Segment | None
    shown: Shown | None = None


def placeholders(request: HttpRequest, post: Post, size: int) -> Around:
    """`size` 0: without a list."""
    words: list[int | str] = [
        post.pk,
        size,
        int(post.is_listed),
        post.thread,
        *([post.path] if post.path else []),
    ]

    def piece(name: str) -> str:
        return placeholder(request, "around", name, *words)

    shown = piece("above") + piece("views") + piece("below") if size else ""
    return Around(piece("list_address"), piece("neighbours"), shown)


def fragments(slug: str, pk: int, size: int, is_listed: bool, thread: int, path: str) -> Fragments:
    """Around the post `pk` of the board at `slug`, which every guest may read."""
    board = board_at(slug)
    if board is None:  # it has been deleted a moment ago
        return empty_fragments(slug)
    key = board.pk, pk, size

    def load() -> Fragments:
        before = _known.latest(*key)
        if before and before.shown and before.shown.is_still(board):
            return before
        state = {"state": State.PUBLISHED, "is_notice": not is_listed}
        post = Post(pk=pk, board=board, thread=thread, path=path, **state)
        return _fragments(access(AnonymousUser(), board), post, size)

    return _known.get(key, load)


def empty_fragments(slug: str, above: str = "") -> Fragments:
    return Fragments(f"/{slug}/", segment(b""), segment(above.encode()), None)


def _fragments(can: Access, post: Post, size: int) -> Fragments:
    if not size:
        return _deflated(draw_around(can, None, size, *neighbours(can, post)))
    if post.is_listed and (page := _page_with(can, post, size)):
        posts = page.around(post)
        drawn = draw_around(can, posts, size, posts.older, posts.newer)
        return _deflated(drawn)._replace(shown=page.shown)
    posts = board_list(can, size=size, around=post, views=_VIEWS)
    beside = (posts.older, posts.newer) if post.is_listed else neighbours(can, post)
    return _deflated(draw_around(can, posts, size, *beside))


def _deflated(around: Around) -> Fragments:
    above, mark, below = around.list.partition(_VIEWS)
    return Fragments(
        around.list_address,
        segment(around.neighbours.encode()),
        segment(above.encode()),
        segment(below.encode()) if mark else None,
    )


@dataclass(frozen=True, eq=False)
class _Page:
    """A page of a list with one more row at each end, as guests see it."""

    number: int
    size: int
    total: int
    first: int  # the place of the first row in the list
    rows: Sequence[PostRow]
    notices: Sequence[PostRow]
    places: Mapping[int, int]  # in `rows`, by post
    shown: Shown

    def around(self, post: Post) -> PostList:
        place, rows = self.places[post.pk], [*self.rows]
        rows[place] = replace(rows[place], is_current=True, views=_VIEWS)
        start = (self.number - 1) * self.size - self.first
        return PostList(
            rows[start : start + self.size],
            [*self.notices],
            max(self.total, self.first + place + 1),
            0,
            self.number,
            older=rows[place + 1] if place + 1 < len(rows) else None,
            newer=rows[place - 1] if place else None,
        )


def _page_with(can: Access, post: Post, size: int) -> _Page | None:
    """The page of the list on which `post` stands; None if the list has just changed.

    Where it stood before is where it is looked for first: counting the posts above it takes a query.
    """
    buckets = Buckets(can.board)
    place = _guesses.get(post.pk)
    for _try in range(3):
        if place is None:
            place = buckets.position(post)
        page = _page(can, buckets, place // size + 1, size)
        place = page.places.get(post.pk)
        if place is not None:
            place += page.first
            if place // size + 1 == page.number:
                if len(_guesses) >= GUESSES:
                    _guesses.clear()
                _guesses[post.pk] = place
                return page
    return None


_guesses: dict[int, int] = {}


def _page(can: Access, buckets: Buckets, number: int, size: int) -> _Page:
    board, key = can.board, (can.board.pk, number, size)

    def load() -> _Page:
        before = _pages.latest(*key)
        if before and before.shown.is_still(board):
            return before
        parts = _parts(board.pk)  # read before the rows
        first = max(0, (number - 1) * size - 1)
        posts, now = buckets.rows(first, number * size + 1 - first), timezone.localtime()
        rows = [
            post_row(post, board, can, f"{buckets.total - place:,}", now=now)
            for place, post in enumerate(posts, first)
        ]
        if getattr(board, "lists_extras", True):
            rows = with_extras(board, rows)
        notices = _notices(board) if number == 1 else []
        own = [versions.part_of(key) for key in (-board.pk, *(post.pk for post in posts))]
        shown = Shown(
            _site_version(),
            {part: parts.get(part, 0) for part in own},
            _without_views(notices) if number == 1 else None,
            time.monotonic(),
        )
        places = {post.pk: place for place, post in enumerate(posts)}
        return _Page(number, size, buckets.total, first, rows, notices, places, shown)

    return _pages.get(key, load)


def _site_version() -> int:
    now = versions.current()
    return now.of_site() if now else 0


def _notices(board: Board) -> list[PostRow]:
    return _known_notices.get((board.pk,), partial(_read_notices, board))


def _read_notices(board: Board) -> list[PostRow]:
    rows = pinned_rows(access(AnonymousUser(), board))
    return with_extras(board, rows) if getattr(board, "lists_extras", True) else rows


def _without_views(rows: Sequence[PostRow]) -> list[PostRow]:
    return [replace(row, views="") for row in rows]


def _board_of(board: int, *rest: object) -> int:
    return board


# After so many seconds it is asked whether they are still what the list shows.
_pages: VersionedCache[_Page] = VersionedCache(scope=_board_of, size=48)  # some 80 KB each
_known: VersionedCache[Fragments] = VersionedCache(scope=_board_of, size=512)  # some 7 KB
_known_notices: VersionedCache[list[PostRow]] = VersionedCache(scope=_board_of)
_parts = VersionedCache(lambda board: versions.read_parts(), scope=_board_of, size=16)
