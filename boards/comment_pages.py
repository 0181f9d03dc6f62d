"""The comments of a post in pages: which ones, in which order, and on which page one stands.

See docs/decisions/0012.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils import timezone

from boards.models import Comment, Post, State
from boards.models.comments import BELOW
from boards.models.paths import PATH_DIGITS
from boards.permissions import Access
from boards.rows import full_date
from boardsite.pagination import Pages

COMMENTS_SHOWN = 200  # on one page
NEWEST = "newest"


@dataclass
class CommentRow:
    """A comment as the page draws it: with its text, or a placeholder where it has gone."""

    comment: Comment
    url: str
    reply_url: str
    author: object
    date: str
    time: str
    depth: int
    is_gone: bool
    is_hidden: bool
    may_edit: bool
    may_reply: bool
    may_report: bool
    is_replied: bool
    is_mine: bool
    is_by_author: bool


@dataclass
class CommentPage:
    """One page; `order` is '' (oldest first) or NEWEST, `is_ordered` whether that makes a difference."""

    rows: list[CommentRow]
    pages: Pages
    order: str
    is_ordered: bool

    @property
    def here(self) -> str:
        """The address of this page, without what follows '#'."""
        return self.pages.address(self.pages.number).partition("#")[0]


def comment_page(
    can: Access,
    post: Post,
    *,
    number: int = 1,
    order: str = "",
    around: str = "",
    reply_to: str = "",
) -> CommentPage:
    """Page `number` of the comments of `post`, or the one on which comment `around` stands.

    `around` and `reply_to`, under which the form stands, are ids as text; what names no comment of
    this post is passed over. Raises Http404 when the page does not exist. Two queries, however many
    comments there are, and a third for `around`.
    """
    order = NEWEST if order == NEWEST else ""
    comments = Comment.objects.filter(post=post).shown()
    path = _path(post, around)
    counts = comments.aggregate(
        total=Count("pk"),
        threads=Count("pk", filter=Q(depth=0)),
        before=Count("pk", filter=_before(path, order)),
    )
    total = counts["total"]
    if path:  # of a comment that has gone for good: the page where it stood
        number = min(counts["before"], max(0, total - 1)) // COMMENTS_SHOWN + 1
    address = post.get_absolute_url()
    pages = Pages(number, total, COMMENTS_SHOWN, address, {"order": order}, "comments", "comments")
    comments = comments.newest_thread_first() if order else comments.in_reading_order()
    near = comments.values("pk")[pages.offset : pages.offset + COMMENTS_SHOWN]
    shown = Comment.objects.filter(pk__in=near).select_related("author")
    shown = shown.newest_thread_first() if order else shown.in_reading_order()
    rows = [_row(can, post, comment, order, reply_to) for comment in shown]
    return CommentPage(rows, pages, order, is_ordered=counts["threads"] > 1)


def _path(post: Post, pk: str) -> str:
    """The path of the comment `pk` of `post`, gone or not; '' when there is none."""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return ""
    return (
        Comment.objects.filter(post=post, pk=int(pk)).values_list("path", flat=True).first() or ""
    )


def _before(path: str, order: str) -> Q:
    """Which comments stand above the one with `path`."""
    if not order:
        return Q(path__lt=path)
    thread = path[:PATH_DIGITS]
    return Q(path__gt=thread + BELOW) | Q(path__gte=thread, path__lt=path)


def _row(can: Access, post: Post, comment: Comment, order: str, reply_to: str) -> CommentRow:
    may_reply = can.may_comment(post) and comment.is_published
    ordered = {"order": order} if order else {}

    def address(**parameters) -> str:
        return f"{post.get_absolute_url()}?{urlencode(ordered | parameters)}#{comment.anchor}"

    return CommentRow(
        comment=comment,
        url=address(comment=comment.pk),
        reply_url=address(reply=comment.pk),
        author=comment.author,
        date=full_date(comment.created_at),
        time=timezone.localtime(comment.created_at).isoformat(timespec="minutes"),
        depth=comment.depth,
        is_gone=not comment.is_published,
        is_hidden=comment.state == State.HIDDEN,
        may_edit=can.may_edit(comment),
        may_reply=may_reply,
        may_report=can.may_report(post, comment),
        is_replied=may_reply and str(comment.pk) == reply_to,
        is_mine=can.wrote(comment),
        is_by_author=comment.author_id is not None and comment.author_id == post.author_id,
    )
