"""인기글: the popular posts of a period, and their rows."""

import datetime
import hashlib
from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.permissions import Visitor
from boards.models import Post
from boards.permissions import access
from boards.queries.boards import known_boards, readable_boards
from boards.rows import PostRow, for_rows, post_row
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.caching.versions import ALL

POPULAR_DAYS = {"day": 1, "week": 7, "month": 30}
POPULAR_POSTS = 200  # per period; the pages end there
SEARCHED = 20  # candidates for the posts shown beside a page
POPULAR_SECONDS = 60  # lifetime of the TTL cache


def popular_posts(visitor: Visitor, period: str = "week") -> list[int]:
    """The ids of the 인기글 of a period (a key of POPULAR_DAYS), at most POPULAR_POSTS, best first.

    A like counts as 10 views, a comment as 5, a dislike as -10. Notices and secret posts are
    excluded. The ids are cached for a minute, for all visitors who read the same boards; their
    visibility is checked with each request.
    """
    ids = _popular_ids(visitor, period)
    posts = Post.objects.visible_to(visitor).filter(pk__in=ids, is_secret=False, is_notice=False)
    shown = set(posts.values_list("pk", flat=True))
    return [pk for pk in ids if pk in shown]


def popular_rows(visitor: Visitor, count: int = 10, period: str = "week") -> list[PostRow]:
    """The best of a period for the front page."""
    return rows_in_order(visitor, _popular_ids(visitor, period)[: max(SEARCHED, count)], count)


def popular_now(visitor: Visitor, count: int = 5) -> list[PostRow]:
    """The 인기글 of the week beside every page: those that guests may read, if the visitor may read
    them too."""
    return rows_in_order(visitor, _guests_ids()[:SEARCHED], count)


def rows_in_order(visitor: Visitor, ids: Sequence[int], count: int | None = None) -> list[PostRow]:
    """The rows of public posts in the order of `ids`, as far as `visitor` may read them; the first
    `count`."""
    boards, posts = known_boards(), _open_posts(tuple(ids))
    can = {pk: access(visitor, boards[pk]) for pk in {post.board_id for post in posts} & {*boards}}
    readable = [
        post for post in posts if post.board_id in can and can[post.board_id].may_read(post)
    ]
    now = timezone.localtime()
    return [
        post_row(post, boards[post.board_id], can[post.board_id], now=now)
        for post in readable[:count]
    ]


def _read_open(ids: tuple[int, ...]) -> list[Post]:
    posts = {post.pk: post for post in for_rows(Post.objects.published().filter(pk__in=ids))}
    return [posts[pk] for pk in ids if pk in posts and not posts[pk].is_secret]


_open_posts = VersionedCache(_read_open, scope=lambda ids: ALL)


def _popular_ids(visitor: Visitor, period: str) -> list[int]:
    return _known_ids(period, tuple(sorted(board.pk for board in readable_boards(visitor))))


_guests_ids = VersionedCache(lambda: _popular_ids(AnonymousUser(), "week"))


def _read_ids(period: str, boards: tuple[int, ...]) -> list[int]:
    readers = hashlib.sha256(repr(boards).encode()).hexdigest()
    key = f"popular:{period}:{readers}"
    ids = cache.get(key)
    if ids is None:
        ids = list(_popular(boards, period).values_list("pk", flat=True)[:POPULAR_POSTS])
        cache.set(key, ids, POPULAR_SECONDS)
    return ids


_known_ids = VersionedCache(_read_ids)


def _popular(boards: Sequence[int], period: str) -> QuerySet[Post]:
    since = timezone.now() - datetime.timedelta(days=POPULAR_DAYS[period])
    liked = 10 * (F("like_count") - F("dislike_count"))
    weight = F("view_count") + liked + 5 * F("comment_count")
    posts = Post.objects.published().filter(is_notice=False, is_secret=False, created_at__gte=since)
    # No index contains the sum. Adding 0 keeps SQLite from using an index by board, with which it
    # would scan all posts of each board instead of those of the period.
    posts = posts.annotate(of_board=F("board_id") + 0)
    return posts.filter(of_board__in=boards).order_by(weight.desc(), "-id")
