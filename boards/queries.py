"""What pages show from several tables at once, ready to be drawn."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Exists, F
from django.utils import timezone

from accounts.permissions import Visitor
from boards.models import Board, BoardGroup, Category, Post, PostVote, Scrap
from boards.paging import Buckets
from boards.permissions import Access, access
from boards.rows import PostRow, for_rows, mixed_rows, post_row

SORTS = {"": "-number", "views": "-view_rank", "likes": "-like_count"}
SORTED_PAGES = 500  # pages of a list sorted by views or likes; older ones nobody turns to
LATEST = 6
LATEST_PICTURES = 4
POPULAR_DAYS = 7
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
        page = buckets.position(around.number) // size + 1
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
    notices = []
    if page == 1 and category is None and not sort:
        pinned = for_rows(board.posts.notices()).order_by("-number")
        notices = [post_row(post, board, can, current=around, pick=pick) for post in pinned]
    return PostList(rows=rows, notices=notices, total=total, count=count, page=page)


def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """The posts before (older) and after (newer) `post` in its board's list, secret ones too."""
    listed = for_rows(post.board.posts.listed())
    older = listed.filter(number__lt=post.number).order_by("-number").first()
    newer = listed.filter(number__gt=post.number).order_by("number").first()
    return older, newer


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


def popular_posts(visitor: Visitor, count: int = 10) -> list[PostRow]:
    """인기글 of the last seven days: a like weighs as 10 views, a comment as 5."""
    return mixed_rows(visitor, _popular(visitor)[:count])


def _popular(visitor: Visitor):
    since = timezone.now() - datetime.timedelta(days=POPULAR_DAYS)
    weight = F("view_count") + 10 * F("like_count") + 5 * F("comment_count")
    posts = Post.objects.visible_to(visitor).filter(created_at__gte=since, is_notice=False)
    return posts.order_by(weight.desc(), "-id")


def popular_now(visitor: Visitor, count: int = 5) -> list[PostRow]:
    """인기글 beside every page. Only which ones they are is kept for a minute, and for guests'
    eyes; whether they may still be shown is asked anew each time."""
    ids = cache.get("popular_now")
    if ids is None:
        ids = [row.pk for row in _popular(AnonymousUser())[:10]]
        cache.set("popular_now", ids, 60)
    posts = Post.objects.visible_to(visitor).filter(pk__in=ids)
    order = {pk: place for place, pk in enumerate(ids)}
    return mixed_rows(visitor, posts, key=lambda post: order[post.pk])[:count]


def own_marks(visitor: Visitor, post: Post) -> dict[str, bool]:
    """What `visitor` has done with `post`: is_liked, is_scrapped. One query, none for a guest."""
    if not visitor.is_authenticated:
        return {"is_liked": False, "is_scrapped": False}
    own = {"post": post, "member": visitor}
    return Post.objects.values(
        is_liked=Exists(PostVote.objects.filter(**own)),
        is_scrapped=Exists(Scrap.objects.filter(**own)),
    ).get(pk=post.pk)
