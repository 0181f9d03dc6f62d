"""What pages show from several tables at once, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connections, router
from django.db.models import BigIntegerField, CharField, QuerySet
from django.utils import timezone

from accounts.models import OWNER_LEVEL
from accounts.permissions import Visitor, blocked_by
from boards.models import Board, Category, Post, PostBody, PostVote, ReadMark, Scrap
from boards.paging import Buckets
from boards.permissions import Access, access, imagined_member
from boards.queries.extras import POST_HAS_EXTRAS, show_extras
from boards.queries.tags import POST_HAS_TAGS
from boards.rows import PostRow, for_rows, post_row
from boards.skins import BODY, find_skin
from boards.text.richtext import excerpt
from boardsite.compiled import Compiled, Slot
from boardsite.versions import Unchanged, current

SORTS = {"": "-number", "views": "-view_rank", "likes": "-like_count"}
SORTED_PAGES = 500  # pages of a list sorted by views or likes; older ones nobody turns to
EXCERPT_LENGTH = 160  # characters of a post in a list that shows them
ID = BigIntegerField()
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
    older: Post | None = None  # what stands below and above the post that was asked for
    newer: Post | None = None


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
    total = buckets.total
    count = total if category else board.post_count
    older = newer = None
    ready = {}  # rows that are the same for all
    if sort:
        total = min(total, SORTED_PAGES * size)
        ordered = buckets.posts.order_by(SORTS[sort], "-number")
        posts = list(for_rows(ordered)[offset : offset + size]) if offset < total else []
    else:  # one more at each end, so that the first and the last have their neighbours
        first, last = max(0, offset - (place is not None)), offset + size + (place is not None)
        if can.visitor.is_authenticated and not pick and _rows_are_plain(board):
            known = _known_parts if place is None else _known_around
            posts, ready = _known_part(known, board, buckets, first, last - first)
        else:
            posts = buckets.rows(first, last - first)
        if place is not None:
            newer, older = _beside(posts, around)
            posts = posts[offset - first :][:size]
    if sort == "views":  # the indexed copy may lag a little: within a page the true order holds
        posts.sort(key=lambda post: (-post.view_count, -post.number))
    now = timezone.localtime()
    rows = [
        (_as_all_see_it(post, ready, can, around) if ready else None)
        or post_row(post, board, can, f"{total - offset - place:,}", around, pick, now)
        for place, post in enumerate(posts)
    ]
    if sort:  # an answer does not stand below what it answers
        for row in rows:
            row.depth = min(row.depth, 1)
    show_texts(can, posts, rows)
    notices = []
    if page == 1 and category is None and not sort:
        notices, pinned = pinned_rows(can, around, pick)
        posts = posts + pinned
    if getattr(board, "lists_extras", True):
        own = [row for row in notices if not row.from_board]
        show_extras(board, posts, [*rows, *own])
    return PostList(rows, notices, total, count, page, older, newer)


def _rows_are_plain(board: Board) -> bool:
    """Whether nothing is put into the rows of its list by and by (show_texts, show_extras)."""
    return not (find_skin(board.skin).shows or getattr(board, "lists_extras", True))


Part = tuple[list[Post], dict[int, PostRow]]


def _known_part(
    known: Unchanged[Part], board: Board, buckets: Buckets, first: int, count: int
) -> Part:
    """`count` posts of a list from `first` on, and by their ids the rows of those that look the same
    to all who may read there. Not to be changed."""

    def load() -> Part:
        posts, now = buckets.rows(first, count), timezone.localtime()
        anyone = access(imagined_member(board, level=OWNER_LEVEL), board)
        rows = {
            post.pk: post_row(post, board, anyone, f"{buckets.total - place:,}", now=now)
            for place, post in enumerate(posts, first)
            if not post.is_secret
        }
        for row in rows.values():
            row.drawn = {}
        return posts, rows

    return known.get((board.pk, buckets.category, first, count), load)


# No older than a kept page (boardsite.pagecache), whose views guests see: ten seconds, and a minute
# below a post. A part takes some 150 KB.
_known_parts: Unchanged[Part] = Unchanged(scope=lambda board, *rest: board, size=16)
_known_around: Unchanged[Part] = Unchanged(scope=lambda board, *rest: board, seconds=60, size=32)


def _as_all_see_it(
    post: Post, ready: dict[int, PostRow], can: Access, around: Post | None
) -> PostRow | None:
    """The row of `post` if it is the same for this visitor as for all."""
    is_own = post.pk == around.pk if around is not None else False
    if is_own or not can.read or post.author_id in blocked_by(can.visitor):
        return None
    return ready.get(post.pk)


def _beside(posts: Sequence[Post], post: Post) -> tuple[Post | None, Post | None]:
    """What stands above and below `post` in the list of which `posts` are a part."""
    ids = [each.pk for each in posts]
    if post.pk not in ids:  # the list has changed meanwhile
        older, newer = neighbours(post)
        return newer, older
    place = ids.index(post.pk)
    above = posts[place - 1] if place else None
    return above, posts[place + 1] if place + 1 < len(posts) else None


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
    ids = Post.objects.notices().filter(board=Slot("board", ID)).order_by().values("pk")
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


def _post_at() -> QuerySet[Post]:
    posts = Post.objects.published().filter(board=Slot("board", ID), number=Slot("number", ID))
    posts = posts.select_related("author", "category", "body", "cover", "guest_password")
    posts = posts.defer(*_UNSHOWN)
    return posts.annotate(has_extras=POST_HAS_EXTRAS, has_tags=POST_HAS_TAGS)


# Columns that no page of a post looks at: each costs a microsecond, whatever is in it.
_UNSHOWN = [
    *(f"author__{name}" for name in "password last_login email date_joined nickname_key".split()),
    *(f"author__{name}" for name in "nickname_shape nickname_changed_at introduction".split()),
    *(f"author__{name}" for name in "shows_profile shows_activity shows_presence".split()),
    *(f"author__{name}" for name in "must_confirm_email invitation removes_posts".split()),
    *(f"author__{name}" for name in "erased_at suspension_reason post_count points".split()),
    *(f"author__{name}" for name in "comment_count unread_message_count".split()),
    *(f"author__{name}" for name in "unread_notification_count takes_messages".split()),
]


_at = Compiled(_post_at)


def post_at(board: Board, number: int) -> Post | None:
    """The published post with that number; board, author, category, body, cover and guest's
    password are joined."""
    post = _at.first(board=board.pk, number=number)
    if post is not None:
        post.board = board
    return post


def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """The posts under (older) and above (newer) `post` in its board's list, secret ones too."""
    place = {"board": post.board_id, "thread": post.thread, "path": post.path}
    return _older.first(**place), _newer.first(**place)


def _neighbour(is_older: bool) -> QuerySet[Post]:
    listed = for_rows(Post.objects.listed().filter(board=Slot("board", ID))).by_thread()
    thread, path = Slot("thread", ID), Slot("path", CharField())
    if is_older:
        return listed.filter(thread__lte=thread).exclude(path__lte=path, thread=thread)[:1]
    newer = listed.filter(thread__gte=thread).exclude(path__gte=path, thread=thread)
    return newer.reverse()[:1]


_older = Compiled(lambda: _neighbour(is_older=True))
_newer = Compiled(lambda: _neighbour(is_older=False))


def own_marks(visitor: Visitor, post: Post) -> dict[str, bool | int | None]:
    """What `visitor` has done with `post`: his vote (a value of Vote, or None), is_scrapped, and how
    far he has read (`seen`, the id of a comment, 0 when there was none; None: not yet).

    One query, none for a guest.
    """
    if not visitor.is_authenticated:
        return {"vote": None, "is_scrapped": False, "seen": None}
    vote, scrap, mark = (model._meta.db_table for model in (PostVote, Scrap, ReadMark))
    with connections[router.db_for_read(ReadMark)].cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT value FROM {vote} WHERE post_id = %s AND member_id = %s), "
            f"EXISTS (SELECT 1 FROM {scrap} WHERE post_id = %s AND member_id = %s), "
            f"(SELECT comment FROM {mark} WHERE post_id = %s AND member_id = %s)",
            [post.pk, visitor.pk] * 3,
        )
        value, is_scrapped, seen = cursor.fetchone()
    return {"vote": value, "is_scrapped": bool(is_scrapped), "seen": seen}
