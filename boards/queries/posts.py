"""What pages show from several tables at once, ready to be drawn."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Exists, F, QuerySet, Subquery
from django.utils import timezone

from accounts.permissions import Visitor
from boards.models import Board, BoardGroup, Category, Post, PostBody, PostVote, ReadMark, Scrap
from boards.paging import Buckets
from boards.permissions import Access, access
from boards.queries.extras import show_extras
from boards.rows import PostRow, for_rows, mixed_rows, post_row
from boards.skins import BODY, find_skin
from boards.text.richtext import excerpt

SORTS = {"": "-number", "views": "-view_rank", "likes": "-like_count"}
SORTED_PAGES = 500  # pages of a list sorted by views or likes; older ones nobody turns to
LATEST = 6
EXCERPT_LENGTH = 160  # characters of a post in a list that shows them
LATEST_PICTURES = 4
POPULAR_DAYS = {"day": 1, "week": 7, "month": 30}
POPULAR_POSTS = 200  # of a period; its pages end there
POPULAR_SECONDS = 60  # how long which ones they are is remembered
NEW_POSTS = 1_000  # 새글 goes back so far; older posts are found in their boards


@dataclass
class PostList:
    """The posts of one page of a board.

    `total` is how many rows the pages number; `count` how many posts there are, notices among them.
    """

    rows: list[PostRow]
    notices: list[PostRow]
    total: int
    count: int
    page: int


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
    if around is not None and around.is_listed:
        page = buckets.position(around) // size + 1
    offset = (page - 1) * size
    total = buckets.total
    count = total if category else board.post_count
    if sort:
        total = min(total, SORTED_PAGES * size)
    if offset >= total:
        posts = []
    elif sort:
        posts = for_rows(buckets.posts.order_by(SORTS[sort], "-number"))[offset : offset + size]
    else:
        posts = for_rows(buckets.rows(offset, size))
    posts = list(posts)
    if sort == "views":  # the indexed copy may lag a little: within a page the true order holds
        posts.sort(key=lambda post: (-post.view_count, -post.number))
    rows = [
        post_row(post, board, can, f"{total - offset - place:,}", around, pick)
        for place, post in enumerate(posts)
    ]
    if sort:  # an answer does not stand below what it answers
        for row in rows:
            row.depth = min(row.depth, 1)
    show_texts(can, posts, rows)
    notices = []
    if page == 1 and category is None and not sort:
        notices, pinned = pinned_rows(can, around, pick)
        posts += pinned
    if getattr(around or board, "lists_extras", True):
        own = [row for row in notices if not row.from_board]
        show_extras(board, posts, [*rows, *own])
    return PostList(rows=rows, notices=notices, total=total, count=count, page=page)


def pinned_rows(
    can: Access, around: Post | None = None, pick: bool = False
) -> tuple[list[PostRow], list[Post]]:
    """What stands above the list: 전체 공지 of other boards that the visitor may read, each with the
    name of its board, then the board's own notices; and the posts of these own.
    """
    board = can.board
    # One query, each part by its small index; with OR, SQLite would walk through the whole table.
    ids = board.posts.notices().order_by().values("pk")
    ids = ids.union(Post.objects.site_notices().values("pk"))
    posts = for_rows(Post.objects.filter(pk__in=ids)).newest_first()
    posts = posts.select_related("board__group", "author", "category")
    own, everywhere = [], []
    for post in posts:
        if post.board_id == board.pk:
            own.append(post)
        elif (there := access(can.visitor, post.board)).may_read(post):
            row = post_row(post, post.board, there)
            row.from_board = post.board.name
            everywhere.append(row)
    own.sort(key=lambda post: (not post.is_site_notice, -post.number))
    rows = [post_row(post, board, can, current=around, pick=pick) for post in own]
    return everywhere + rows, own


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


def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """The posts under (older) and above (newer) `post` in its board's list, secret ones too."""
    listed = for_rows(post.board.posts.listed()).by_thread()
    own = {"thread": post.thread}
    older = listed.filter(thread__lte=post.thread).exclude(path__lte=post.path, **own).first()
    newer = listed.filter(thread__gte=post.thread).exclude(path__gte=post.path, **own)
    return older, newer.reverse().first()


@dataclass
class BoardBlock:
    """A board with its latest posts."""

    board: Board
    rows: list[PostRow]


def latest_blocks(visitor: Visitor, group: BoardGroup | None = None) -> list[BoardBlock]:
    """The latest posts of each board that `visitor` may read, notices too; one query a board."""
    boards = Board.objects.readable_by(visitor).select_related("group")
    if group is not None:
        boards = boards.filter(group=group)
    blocks = []
    for board in boards:
        can = access(visitor, board)
        posts = board.posts.visible_to(visitor).order_by("-number")
        shown = LATEST
        if board.skin == "gallery":
            posts, shown = posts.filter(cover__isnull=False), LATEST_PICTURES
        rows = [post_row(post, board, can) for post in for_rows(posts)[:shown]]
        blocks.append(BoardBlock(board, rows))
    return blocks


def popular_posts(visitor: Visitor, period: str = "week") -> list[int]:
    """The ids of the 인기글 of a period (a key of POPULAR_DAYS), at most POPULAR_POSTS, best first.

    A like weighs as 10 views, a comment as 5, a dislike as -10. Notices and secret posts are none.
    Which ones they are is remembered for a minute, for all who read the same boards; whether they
    may still be shown is asked anew each time.
    """
    ids = _popular_ids(visitor, period)
    posts = Post.objects.visible_to(visitor).filter(pk__in=ids, is_secret=False, is_notice=False)
    shown = set(posts.values_list("pk", flat=True))
    return [pk for pk in ids if pk in shown]


def popular_rows(visitor: Visitor, count: int = 10) -> list[PostRow]:
    """The best of this week for a visitor's front page."""
    return rows_in_order(visitor, _popular_ids(visitor, "week")[: 2 * count])[:count]


def popular_now(visitor: Visitor, count: int = 5) -> list[PostRow]:
    """인기글 of the week beside every page: what guests' eyes find, if the visitor may read it."""
    return rows_in_order(visitor, _popular_ids(AnonymousUser(), "week")[: 2 * count])[:count]


def rows_in_order(visitor: Visitor, ids: Sequence[int]) -> list[PostRow]:
    """Lines of those of the open posts `ids` that `visitor` may read, in the order given."""
    posts = Post.objects.visible_to(visitor).filter(pk__in=ids, is_secret=False)
    order = {pk: place for place, pk in enumerate(ids)}
    return mixed_rows(visitor, posts, key=lambda post: order[post.pk])


def _popular_ids(visitor: Visitor, period: str) -> list[int]:
    readers = "guests"
    if visitor.is_authenticated:
        boards = Board.objects.readable_by(visitor).order_by("pk").values_list("pk", flat=True)
        readers = hashlib.sha256(repr(list(boards)).encode()).hexdigest()
    key = f"popular:{period}:{readers}"
    ids = cache.get(key)
    if ids is None:
        ids = list(_popular(visitor, period).values_list("pk", flat=True)[:POPULAR_POSTS])
        cache.set(key, ids, POPULAR_SECONDS)
    return ids


def _popular(visitor: Visitor, period: str) -> QuerySet[Post]:
    since = timezone.now() - datetime.timedelta(days=POPULAR_DAYS[period])
    liked = 10 * (F("like_count") - F("dislike_count"))
    weight = F("view_count") + liked + 5 * F("comment_count")
    posts = Post.objects.published().filter(is_notice=False, is_secret=False, created_at__gte=since)
    # A sum is in no index: SQLite would walk all posts of each board rather than those of the period.
    posts = posts.annotate(of_board=F("board_id") + 0)
    boards = Board.objects.readable_by(visitor).values("pk")
    return posts.filter(of_board__in=boards).order_by(weight.desc(), "-id")


def own_marks(visitor: Visitor, post: Post) -> dict[str, bool | int | None]:
    """What `visitor` has done with `post`: his vote (a value of Vote, or None), is_scrapped, and how
    far he has read (`seen`, the id of a comment, 0 when there was none; None: not yet).

    One query, none for a guest.
    """
    if not visitor.is_authenticated:
        return {"vote": None, "is_scrapped": False, "seen": None}
    own = {"post": post, "member": visitor}
    return Post.objects.values(
        vote=Subquery(PostVote.objects.filter(**own).values("value")),
        is_scrapped=Exists(Scrap.objects.filter(**own)),
        seen=Subquery(ReadMark.objects.filter(**own).values("comment")),
    ).get(pk=post.pk)
