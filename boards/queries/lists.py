"""A page of a board's list, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import BigIntegerField, QuerySet
from django.utils import timezone

from boards.models import Board, Category, Post, PostBody
from boards.paging import Buckets
from boards.permissions import Access, Look, access
from boards.queries.extras import with_extras
from boards.queries.faq import faq_posts, is_ordered_by_hand
from boards.queries.marks import with_marks
from boards.queries.neighbours import neighbours
from boards.rows import PostRow, for_rows, post_row
from boards.skins import BODY, find_skin
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.caching.versions import current
from boardsite.databases.compiled import Compiled, Slot
from boardsite.text.richtext import excerpt

SORTS = {"": "-number", "views": "-view_rank", "likes": "-like_count"}
SORT_BY_DATE = "date"  # how an address asks for "" where the board has another order
SORTED_PAGES = 500  # pages of a list sorted by views or likes; older ones nobody turns to
EXCERPT_LENGTH = 160  # characters of a post in a list that shows them
NEW_POSTS = 1_000  # 새글 goes back so far; older posts are found in their boards


@dataclass(frozen=True)
class PostList:
    """The posts of one page of a board.

    `total` is how many rows the pages number; `count` how many posts there are, notices among them.
    `older` and `newer` stand below and above the post that was asked for.
    """

    rows: list[PostRow]
    notices: list[PostRow]
    total: int
    count: int
    page: int
    older: PostRow | None = None
    newer: PostRow | None = None


def sort_of(board: Board, asked: str) -> str:
    """The key of SORTS that `?sort=` of a board's list asks for; its own order for anything else."""
    sort = "" if asked == SORT_BY_DATE else asked or board.list_order
    return sort if sort in SORTS else board.list_order


def sort_query(board: Board, sort: str) -> str:
    """How an address asks for `sort`; "" where it need not."""
    return "" if sort == board.list_order else sort or SORT_BY_DATE


def board_list(
    can: Access,
    *,
    page: int = 1,
    size: int,
    category: Category | None = None,
    sort: str = "",
    around: Post | None = None,
    views: str = "",
    pick: bool = False,
) -> PostList:
    """A page of a board's list: notices first on page 1 of the whole board, then numbered rows.

    `around` asks for the page on which that post stands; its row shows `views`, the same number (or
    placeholder of a cached page) as the head of its page. `sort` is a key of SORTS. `pick`: with boxes
    for a moderator to tick.
    """
    board = can.board
    buckets = Buckets(board, category)
    place = buckets.position(around) if around is not None and around.is_listed else None
    if place is not None:
        page = place // size + 1
    offset = (page - 1) * size
    total = min(buckets.total, SORTED_PAGES * size) if sort else buckets.total
    # Below a post one more at each end, so that the first and the last have their neighbours.
    first, last = max(0, offset - (place is not None)), offset + size + (place is not None)
    posts: list[Post] = []
    by_hand = not sort and place is None and is_ordered_by_hand(board, buckets.total)
    if not sort and can.visitor.is_authenticated and not pick and _rows_are_plain(board):
        known = _known_parts if place is None else _known_around
        rows = _known_rows(known, can, buckets, first, last - first, around)
    else:
        posts = (
            _sorted(buckets, sort, first, total, size)
            if sort
            else faq_posts(buckets, first, last - first)
            if by_hand
            else buckets.rows(first, last - first)
        )
        now = timezone.localtime()
        rows = [
            post_row(post, board, can, f"{total - place:,}", around, pick, now)
            for place, post in enumerate(posts, first)
        ]
    newer = older = None
    if place is not None and around is not None:
        newer, older = _beside(rows, around, can)
        posts, rows = posts[offset - first :][:size], rows[offset - first :][:size]
    if sort or by_hand:  # without threads, reply posts are only marked
        rows = [replace(row, depth=min(row.depth, 1)) for row in rows]
    rows = with_texts(can, posts, rows)
    notices: list[PostRow] = []
    if page == 1 and category is None and (sort == board.list_order or around is not None):
        notices = pinned_rows(can, around, pick)
    if getattr(board, "lists_extras", True):
        every = with_extras(board, [*notices, *rows])
        notices, rows = every[: len(notices)], every[len(notices) :]
    if around is None:
        every = with_marks(can.visitor, [*notices, *rows])
        notices, rows = every[: len(notices)], every[len(notices) :]
    if views:
        notices, rows = (
            [replace(row, views=views) if row.is_current else row for row in each]
            for each in (notices, rows)
        )
    count = buckets.total if category else board.post_count
    return PostList(rows, notices, total, count, page, older, newer)


def _sorted(buckets: Buckets, sort: str, first: int, total: int, size: int) -> list[Post]:
    """`size` posts from `first` on in that order, of the `total` that may be turned to."""
    if first >= total:
        return []
    posts = for_rows(buckets.posts.order_by(SORTS[sort], "-number"))[first : first + size]
    if sort == "views":  # the indexed copy may lag a little: within a page the true order holds
        return sorted(posts, key=lambda post: (-post.view_count, -post.number))
    return list(posts)


def _rows_are_plain(board: Board) -> bool:
    """Whether its rows show nothing that is read apart (with_texts, with_extras)."""
    return not (find_skin(board.skin).shows or getattr(board, "lists_extras", True))


# Rows as they are for all with the same look; of a secret the post itself.
Known = tuple[PostRow | Post, ...]


def _known_rows(
    known: VersionedCache[Known],
    can: Access,
    buckets: Buckets,
    first: int,
    count: int,
    around: Post | None,
) -> list[PostRow]:
    """`count` rows of a list from `first` on, for a member."""
    board, current_pk = can.board, around.pk if around is not None else None

    def load() -> Known:
        posts, now, anyone = buckets.rows(first, count), timezone.localtime(), can.of_anyone()
        return tuple(
            post
            if post.is_secret
            else post_row(post, board, anyone, f"{buckets.total - place:,}", now=now)
            for place, post in enumerate(posts, first)
        )

    now = timezone.localtime()
    return [
        row.seen_by(can, is_current=row.pk == current_pk)
        if isinstance(row, PostRow)
        else post_row(row, board, can, f"{buckets.total - place:,}", around, now=now)
        for place, row in enumerate(
            known.get((can.look, buckets.category, first, count), load), first
        )
    ]


# No older than a kept page (boardsite.caching.page_cache), whose views guests see: ten seconds, and a minute
# below a post. Twenty rows take some 70 KB.
def _board_of(look: Look, *rest: object) -> int:
    return look.board


_known_parts: VersionedCache[Known] = VersionedCache(scope=_board_of, size=16)
_known_around: VersionedCache[Known] = VersionedCache(scope=_board_of, seconds=60, size=32)


def _beside(
    rows: Sequence[PostRow], post: Post, can: Access
) -> tuple[PostRow | None, PostRow | None]:
    """What stands above and below `post` in the list of which `rows` are a part."""
    ids = [row.pk for row in rows]
    if post.pk not in ids:  # the list has changed meanwhile
        older, newer = neighbours(can, post)
        return newer, older
    place = ids.index(post.pk)
    above = rows[place - 1] if place else None
    return above, rows[place + 1] if place + 1 < len(rows) else None


def pinned_rows(can: Access, around: Post | None = None, pick: bool = False) -> list[PostRow]:
    """What stands above the list: 전체 공지 of other boards that the visitor may read, each with the
    name of its board, then the board's own notices."""
    board = can.board
    own, everywhere = [], []
    nothing = current() is not None and not _has_pinned(board.pk)  # most boards, most of the time
    for post in [] if nothing else _pinned(board=board.pk):
        if post.board_id == board.pk:
            own.append(post)
        elif (there := access(can.visitor, post.board)).may_read(post):
            row = post_row(post, post.board, there)
            everywhere.append(replace(row, from_board=post.board.name))
    own.sort(key=lambda post: (not post.is_site_notice, -post.number))
    return everywhere + [post_row(post, board, can, current=around, pick=pick) for post in own]


def _pinned_posts() -> QuerySet[Post]:
    # One query, each part by its small index; with OR, SQLite would walk through the whole table.
    ids = (
        Post.objects.notices()
        .filter(board=Slot("board", BigIntegerField()))
        .order_by()
        .values("pk")
    )
    ids = ids.union(Post.objects.site_notices().values("pk"))
    posts = for_rows(Post.objects.filter(pk__in=ids)).newest_first()
    return posts.select_related("board__group", "author", "category")


_pinned = Compiled(_pinned_posts)
_has_pinned = VersionedCache(lambda board: bool(_pinned(board=board)), scope=lambda board: board)


def with_texts(can: Access, posts: Sequence[Post], rows: Sequence[PostRow]) -> list[PostRow]:
    """The rows with what the board's skin shows of their posts' texts, if the visitor may read them."""
    shows = find_skin(can.board.skin).shows
    if not shows:
        return [*rows]
    if shows != BODY:
        return with_excerpts(can, posts, rows)
    htmls = _htmls_of(can, posts, rows)
    return [replace(row, html=html) for row, html in zip(rows, htmls, strict=True)]


def with_excerpts(can: Access, posts: Sequence[Post], rows: Sequence[PostRow]) -> list[PostRow]:
    """The rows with the beginnings of their posts' texts, if the visitor may read them. One query."""
    htmls = _htmls_of(can, posts, rows)
    return [
        replace(row, excerpt=excerpt(html, EXCERPT_LENGTH))
        for row, html in zip(rows, htmls, strict=True)
    ]


def _htmls_of(can: Access, posts: Sequence[Post], rows: Sequence[PostRow]) -> list[str]:
    open_to_visitor = [
        post.pk
        for post in posts
        if can.may_read(post) and can.is_free(post) and not can.folds(post)
    ]
    bodies = dict(PostBody.objects.filter(pk__in=open_to_visitor).values_list("pk", "html"))
    return [bodies.get(row.pk, "") for row in rows]
