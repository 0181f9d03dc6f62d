"""The newest comments of all boards, for the front page."""

from dataclasses import dataclass

from django.db.models import F, Max, QuerySet
from django.utils import timezone

from accounts.permissions import Visitor
from boards.models import Comment
from boards.permissions import access
from boards.queries.boards import known_boards, readable_boards
from boards.rows import short_date
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.caching.versions import ALL
from boardsite.text.richtext import excerpt

MOST = 20
SPARE = 20  # comments more than are shown: some authors may be blocked
LOOKED_AT = 20_000  # ids back from the newest one
LENGTH = 80  # characters of a comment that are shown


@dataclass(frozen=True, slots=True)
class RecentComment:
    """A line of the list."""

    url: str
    text: str
    author_name: str
    subject: str
    date: str
    time: str


def recent_comments(visitor: Visitor, count: int) -> list[RecentComment]:
    """The newest `count` (at most MOST) comments that everybody who reads their boards may read.

    Without those of authors whom the visitor has blocked, and those on posts that cost points.
    Visitors who read the same boards share one query.
    """
    comments = _newest(tuple(sorted(board.pk for board in readable_boards(visitor))))
    boards = known_boards()
    places = {each.post.board_id for each in comments} & {*boards}
    can = {pk: access(visitor, boards[pk]) for pk in places}
    found = []
    for comment in comments:
        there = can.get(comment.post.board_id)
        if there and there.read and there.is_free(comment.post) and not there.folds(comment):
            found.append(_row(comment, there.board.slug))
            if len(found) == count:
                break
    return found


def _row(comment: Comment, slug: str) -> RecentComment:
    now = timezone.localtime()
    return RecentComment(
        url=f"/{slug}/{comment.post.number}/?comment={comment.pk}#{comment.anchor}",
        text=excerpt(comment.html, LENGTH),
        author_name=comment.author_name,
        subject=comment.post.subject,
        date=short_date(comment.created_at, now.date()),
        time=timezone.localtime(comment.created_at).isoformat(timespec="minutes"),
    )


def _read_newest(boards: tuple[int, ...]) -> list[Comment]:
    newest = Comment.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return list(_of_boards(boards).filter(pk__gt=newest - LOOKED_AT)[: MOST + SPARE])


def _of_boards(boards: tuple[int, ...]) -> QuerySet[Comment]:
    # Adding 0 keeps SQLite from looking for the posts first, and sorting all of their comments.
    comments = Comment.objects.searchable().annotate(of_board=F("post__board_id") + 0)
    comments = comments.filter(of_board__in=boards).order_by("-id")
    return comments.select_related("post").only(
        *"author_id author_name html created_at".split(),
        *"post__board_id post__number post__subject post__author_id".split(),
    )


_newest = VersionedCache(_read_newest, scope=lambda boards: ALL, size=64)
