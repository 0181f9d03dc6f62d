"""A line of a list as a plain object, with every string computed once.

A template tag costs 20 µs; in a list of thirty rows that is more than the database takes
(docs/decisions/0005). So dates, addresses and counts are strings here.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from markupsafe import Markup

from accounts.permissions import Visitor
from boards.models import Board, Post
from boards.models.posts import PostQuerySet
from boards.permissions import Access, access
from boardsite.jinja import macro

DRAWN_DEPTH = 5  # deeper reply posts are not indented further, so that their subjects keep room


@dataclass(frozen=True, slots=True)
class PostRow:
    """One line of a list. `pick` is the id by which a moderator ticks it, "" where they may not.

    `depth`: the indentation of a reply post, 0 for all others. `folded`: the
    subject of a post whose author the visitor has blocked; what every list prints as its subject
    says so then, and no skin has to know (our own lists let it be opened: parts/folded.jinja).
    What is not compared is not for skins.
    """

    pk: int = field(compare=False)
    author_id: int | None = field(compare=False)
    url: str
    number: str
    subject: str
    category: str
    author_name: str
    author_url: str
    is_guest: bool
    date: str
    time: str
    views: str
    likes: str
    comments: str
    is_notice: bool
    is_new: bool
    is_hot: bool
    is_secret: bool
    is_masked: bool
    is_current: bool
    has_picture: bool
    has_file: bool
    has_link: bool
    thumb_url: str
    board_name: str
    board_url: str
    pick: str
    depth: int
    is_site_notice: bool
    from_board: str  # of a 전체 공지 in another board's list
    excerpt: str  # "" unless the board's skin shows it (lists.with_texts)
    html: str  # the body, likewise
    extras: tuple = ()  # ExtraRows that the board lists (extras.with_extras)
    folded: str = ""
    is_read: bool = False  # by the visitor, a member (marks.with_marks)
    has_new: bool = False  # others have commented since

    def seen_by(self, can: Access, *, is_current: bool = False) -> "PostRow":
        """This row, in which nothing is folded yet, for one visitor: itself if they see what others
        do. `is_current`: it stands below its own post."""
        if not is_current and can.folds(self):
            subject = _("차단한 회원의 글입니다.")
            return replace(self, subject=subject, folded=self.subject, thumb_url="")
        return replace(self, is_current=True) if is_current else self

    def unfolded(self) -> "PostRow":
        """The same where the visitor looks for this very author, or has scrapped the post."""
        return replace(self, subject=self.folded, folded="") if self.folded else self

    def as_line(self, with_board: bool, with_likes: bool, with_pictures: bool = False) -> Markup:
        """The row as HTML, where no posts can be picked."""
        return _line(self, with_board, with_likes, with_pictures)


@lru_cache(maxsize=512)
def _line(row: PostRow, with_board: bool, with_likes: bool, with_pictures: bool) -> Markup:
    """The same rows are shown again and again, and rendering one takes longer than comparing it."""
    return macro("boards/_post_row.jinja", "line")(row, with_board, with_likes, with_pictures)


def short_date(moment: datetime.datetime, today: datetime.date) -> str:
    """`14:03` today, `11-24` this year, `25-02-01` before; in Seoul time."""
    return _short(timezone.localtime(moment), today)


def _short(local: datetime.datetime, today: datetime.date) -> str:
    if local.date() == today:
        return f"{local.hour:02}:{local.minute:02}"
    day = f"{local.month:02}-{local.day:02}"
    return day if local.year == today.year else f"{local.year % 100:02}-{day}"


def for_rows(posts: PostQuerySet) -> PostQuerySet:
    """`posts` with what post_row reads, and nothing else."""
    return posts.select_related("author", "category").only(
        *"board_id number thread path thread_author_id subject author_name state".split(),
        *"is_notice is_site_notice is_secret created_at".split(),
        *"view_count like_count comment_count picture_count file_count link_count".split(),
        *"cover_id author__username author__left_at author__is_superuser category__name".split(),
    )


def post_row(
    post: Post,
    board: Board,
    can: Access,
    number: str = "",
    current: Post | None = None,
    pick: bool = False,
    now: datetime.datetime | None = None,
) -> PostRow:
    """The line of `post`; a secret post that the visitor may not read keeps its subject to itself.

    Lists cache it for all visitors with the same `Access.look`, if the post is no secret: what else of
    the visitor it may show belongs into `seen_by`. `post.author` and `post.category` must have been
    joined. `pick`: with a box to tick, if they may.
    `now`: for all rows of a page, in the time zone of the visitor.
    """
    now = now or timezone.localtime()
    local = post.created_at.astimezone(now.tzinfo)
    open_to_visitor = not post.is_secret or can.may_read(post)
    row = PostRow(
        pk=post.pk,
        author_id=post.author_id,
        url=f"/{board.slug}/{post.number}/",
        number=number,
        subject=post.subject if open_to_visitor else _("비밀글입니다."),
        category=post.category.name if post.category else "",
        author_name=post.author_name,
        author_url=f"/members/{post.author.username}/"
        if post.author and post.author.left_at is None
        else "",
        is_guest=post.author_id is None,
        date=_short(local, now.date()),
        time=local.isoformat(timespec="minutes"),
        views=f"{post.view_count:,}",
        likes=f"{post.like_count:,}",
        comments=f"{post.comment_count:,}" if post.comment_count and open_to_visitor else "",
        is_notice=post.is_notice,
        is_new=now - post.created_at < datetime.timedelta(hours=board.new_hours),
        is_hot=0 < board.hot_views <= post.view_count and open_to_visitor,
        is_secret=post.is_secret,
        is_masked=not open_to_visitor,
        is_current=False,
        has_picture=post.picture_count > 0 and open_to_visitor,
        has_file=post.file_count > 0 and open_to_visitor,
        has_link=post.link_count > 0 and open_to_visitor,
        thumb_url=f"/files/{post.cover_id}/thumb/"
        if post.cover_id and open_to_visitor and can.read
        else "",
        board_name=board.name,
        board_url=f"/{board.slug}/",
        pick=str(post.pk) if pick and can.may_moderate(post) else "",
        depth=min(post.depth, DRAWN_DEPTH),
        is_site_notice=post.is_site_notice,
        from_board="",
        excerpt="",
        html="",
    )
    return row.seen_by(can, is_current=current is not None and post.pk == current.pk)


def mixed_rows(
    visitor: Visitor, found: PostQuerySet, key: Callable[[Post], Any] | None = None
) -> list[PostRow]:
    """Lines of posts from several boards, in the order given or by `key` of a post."""
    posts: list[Post] = list(for_rows(found))
    if key is not None:
        posts.sort(key=key)
    boards = Board.objects.select_related("group").in_bulk({post.board_id for post in posts})
    can = {board.pk: access(visitor, board) for board in boards.values()}
    now = timezone.localtime()
    return [post_row(post, boards[post.board_id], can[post.board_id], now=now) for post in posts]
