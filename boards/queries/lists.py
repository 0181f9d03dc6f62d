"""A page of a board's list, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, QuerySet
from django.utils import timezone

from accounts.models import OWNER_LEVEL
from boards.models import Board, Category, Post, PostBody
from boards.paging import Buckets
from boards.permissions import Access, access, imagined_member
from boards.queries.extras import show_extras
from boards.queries.posts import neighbours
from boards.rows import PostRow, for_rows, post_row
from boards.skins import BODY, find_skin
from boards.text.richtext import excerpt
from boardsite.compiled import Compiled, Slot
from boardsite.versions import Unchanged, current

SORTS = {"": "-number", "views": "-view_rank", "likes": "-like_count"}
SORTED_PAGES = 500  # pages of a list sorted by views or likes; older ones nobody turns to
EXCERPT_LENGTH = 160  # characters of a post in a list that shows them
NEW_POSTS = 1_000  # 새글 goes back so far; older posts are found in their boards


@dataclass
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


def board_list(
    can: Access,
    *,
    page: int = 1,
    size: int,
    category: Category | None = None,
    sort: str = "",
    around: Post | None = None,
    pick: bool = False,
) -> PostList:
    """A page of a board's list: notices first on page 1 of the whole board, then numbered rows.

    `around` asks for the page on which that post stands. `sort` is a key of SORTS. `pick`: with
    boxes for a moderator to tick.
    """
    board = can.board
    buckets = Buckets(board, category)
    place = buckets.position(around) if around is not None and around.is_listed else None
    if place is not None:
        page = place // size + 1
    offset = (page - 1) * size
    total = min(buckets.total, SORTED_PAGES * size) if sort else buckets.total
    found = PostList([], [], total, buckets.total if category else board.post_count, page)
    # Below a post one more at each end, so that the first and the last have their neighbours.
    first, last = max(0, offset - (place is not None)), offset + size + (place is not None)
    posts: list[Post] = []
    if not sort and can.visitor.is_authenticated and not pick and _rows_are_plain(board):
        known = _known_parts if place is None else _known_around
        rows = _known_rows(known, can, buckets, first, last - first, around)
    else:
        posts = (
            _sorted(buckets, sort, first, total, size)
            if sort
            else buckets.rows(first, last - first)
        )
        now = timezone.localtime()
        rows = [
            post_row(post, board, can, f"{total - place:,}", around, pick, now)
            for place, post in enumerate(posts, first)
        ]
    if place is not None:
        found.newer, found.older = _beside(rows, around, can)
        posts, rows = (each[offset - first :][:size] for each in (posts, rows))
    found.rows = rows
    if sort:  # an answer does not stand below what it answers
        for row in rows:
            row.depth = min(row.depth, 1)
    show_texts(can, posts, rows)
    if page == 1 and category is None and not sort:
        found.notices, pinned = pinned_rows(can, around, pick)
        posts = posts + pinned
    if getattr(board, "lists_extras", True):
        own = [row for row in found.notices if not row.from_board]
        show_extras(board, posts, [*rows, *own])
    return found


def _sorted(buckets: Buckets, sort: str, first: int, total: int, size: int) -> list[Post]:
    """`size` posts from `first` on in that order, of the `total` that may be turned to."""
    if first >= total:
        return []
    posts = for_rows(buckets.posts.order_by(SORTS[sort], "-number"))[first : first + size]
    if sort == "views":  # the indexed copy may lag a little: within a page the true order holds
        return sorted(posts, key=lambda post: (-post.view_count, -post.number))
    return list(posts)


def _rows_are_plain(board: Board) -> bool:
    """Whether nothing is put into the rows of its list by and by (show_texts, show_extras)."""
    return not (find_skin(board.skin).shows or getattr(board, "lists_extras", True))


# Rows that look the same to all who may read there; of a secret the post itself.
Known = list[PostRow | Post]


def _known_rows(
    known: Unchanged[Known],
    can: Access,
    buckets: Buckets,
    first: int,
    count: int,
    around: Post | None,
) -> list[PostRow]:
    """`count` rows of a list from `first` on, for a member. Not to be changed."""
    board, current_pk = can.board, around.pk if around is not None else None

    def load() -> Known:
        posts, now = buckets.rows(first, count), timezone.localtime()
        anyone = access(imagined_member(board, level=OWNER_LEVEL), board)
        rows: Known = []
        for place, post in enumerate(posts, first):
            if not post.is_secret:
                row = post_row(post, board, anyone, f"{buckets.total - place:,}", now=now)
                row.drawn = {}
            rows.append(post if post.is_secret else row)
        return rows

    now = timezone.localtime()
    return [
        row.seen_by(can, is_current=row.pk == current_pk)
        if type(row) is PostRow
        else post_row(row, board, can, f"{buckets.total - place:,}", around, now=now)
        for place, row in enumerate(
            known.get((board.pk, buckets.category, first, count), load), first
        )
    ]


# No older than a kept page (boardsite.pagecache), whose views guests see: ten seconds, and a minute
# below a post. Twenty rows take some 70 KB.
_known_parts: Unchanged[Known] = Unchanged(scope=lambda board, *rest: board, size=16)
_known_around: Unchanged[Known] = Unchanged(scope=lambda board, *rest: board, seconds=60, size=32)


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


def pinned_rows(
    can: Access, around: Post | None = None, pick: bool = False
) -> tuple[list[PostRow], list[Post]]:
    """What stands above the list: 전체 공지 of other boards that the visitor may read, each with the
    name of its board, then the board's own notices; and the posts of these own.
    """
    board = can.board
    own, everywhere = [], []
    nothing = current() is not None and not _has_pinned(board.pk)  # most boards, most of the time
    for post in [] if nothing else _pinned(board=board.pk):
        if post.board_id == board.pk:
            own.append(post)
        elif (there := access(can.visitor, post.board)).may_read(post):
            row = post_row(post, post.board, there)
            row.from_board = post.board.name
            everywhere.append(row)
    own.sort(key=lambda post: (not post.is_site_notice, -post.number))
    rows = [post_row(post, board, can, current=around, pick=pick) for post in own]
    return everywhere + rows, own


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
_has_pinned = Unchanged(lambda board: bool(_pinned(board=board)), scope=lambda board: board)


def show_texts(can: Access, posts: Sequence[Post], rows: Sequence[PostRow]) -> None:
    """Gives each row what the board's skin shows of its post's text, if the visitor may read it."""
    shows = find_skin(can.board.skin).shows
    if not shows:
        return
    open_to_visitor = [
        post.pk
        for post in posts
        if can.may_read(post) and can.is_free(post) and not can.folds(post)
    ]
    bodies = dict(PostBody.objects.filter(pk__in=open_to_visitor).values_list("pk", "html"))
    for post, row in zip(posts, rows, strict=True):
        html = bodies.get(post.pk, "")
        if shows == BODY:
            row.html = html
        else:
            row.excerpt = excerpt(html, EXCERPT_LENGTH)
