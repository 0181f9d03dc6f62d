"""The comments of a post in pages: their order, and the page of a comment.

See docs/decisions/0012.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Literal
from urllib.parse import urlencode

from django.db.models import BigIntegerField, Count, Min, OuterRef, Q, QuerySet, Subquery

from accounts.permissions import blocked_by
from boards.models import Comment, CommentVote, Post, State
from boards.models.comments import BELOW, CommentQuerySet
from boards.models.paths import PATH_DIGITS
from boards.permissions import Access
from boards.queries.bin import hidden_reasons
from boards.queries.votes import VoteRow, vote_rows
from boardsite.databases.compiled import Compiled, Slot, part_of
from boardsite.dates import full_date, machine_date
from boardsite.pagination import Pages
from boardsite.text import id_in, richtext

ID = BigIntegerField()
COMMENTS_SHOWN = 200  # per page
NEWEST = "newest"
BEST_SHOWN = 3
BEST_LENGTH = 200  # characters of a 베스트 comment that are repeated on top


@dataclass
class CommentRow:
    """A comment for the page: its text, or a placeholder if it was removed or is a secret
    (`is_masked`).

    `is_folded`: collapsed because the visitor has blocked its author (`is_blocked`) and does not
    moderate here.
    """

    comment: Comment
    url: str
    reply_url: str
    author: object
    date: str
    time: str
    depth: int
    is_gone: bool  # a placeholder is shown
    is_hidden: bool
    is_masked: bool
    may_edit: bool
    may_unlock: bool
    may_reply: bool
    may_report: bool
    is_replied: bool
    is_mine: bool
    is_by_author: bool
    is_guest: bool
    votes: list[VoteRow]
    vote_url: str  # "" if the visitor may not vote
    is_blocked: bool
    is_folded: bool
    is_new: bool = False  # since the visitor's last visit
    hidden_reason: str = ""  # of a hidden comment that the visitor may see
    may_restore: bool = False


@dataclass
class BestRow:
    """A 베스트 comment above the others, with the address of its own place."""

    url: str
    author_name: str
    text: str
    likes: str


@dataclass
class CommentPage:
    """One page. `order` is '' (oldest first) or NEWEST; `is_ordered` tells whether the order
    matters."""

    rows: list[CommentRow]
    best: list[BestRow]
    pages: Pages
    order: str
    is_ordered: bool
    new_count: int = 0  # comments by others since the visitor's last visit, on all pages
    new_url: str = ""  # the first of them

    @property
    def newest(self) -> int:
        """The highest comment id on this page; 0 if it is empty."""
        return max((row.comment.pk for row in self.rows), default=0)

    @property
    def here(self) -> str:
        """The address of this page without a fragment."""
        return self.pages.address(self.pages.number).partition("#")[0]

    @property
    def query(self) -> str:
        """The query string of this page; "" for the first page."""
        return "".join(self.here.partition("?")[1:])


def comment_page(
    can: Access,
    post: Post,
    *,
    number: int = 1,
    order: str = "",
    around: str = "",
    reply_to: str = "",
    seen: int | None = None,
) -> CommentPage:
    """Page `number` of the comments of `post`, or the page of the comment `around`.

    `around` and `reply_to` (the comment below which the form is shown) are ids as text; ids of
    other posts' comments are ignored. `seen` is the highest comment id at the visitor's last visit,
    None if there was none. Raises Http404 if the page does not exist. One query if all comments fit
    on one page, else three; one more for `around`, and one more if some are 베스트.
    """
    order = NEWEST if order == NEWEST else ""
    shown = counts = None
    if post.comment_count <= COMMENTS_SHOWN:  # plus possibly some placeholders
        # Without published comments there are no placeholders either. Moderators find hidden ones
        # there or by their address.
        is_asked = post.comment_count or can.moderate or (around and can.visitor.is_authenticated)
        shown = _shown(can, post, order, 0, COMMENTS_SHOWN + 1) if is_asked else []
        if len(shown) <= COMMENTS_SHOWN:
            counts = _counted(can, shown, seen)
    if counts is None:
        path = _path(post, around)
        counts = _counts(can, post, path, order, seen)
        if path:  # for a purged comment, the page where it was
            before = min(counts["before"], max(0, counts["total"] - 1))
            number = before // COMMENTS_SHOWN + 1
        shown = None
    elif number > 1 and _path(post, around):
        number = 1
    address = post.get_absolute_url()
    pages = Pages(
        number, counts["total"], COMMENTS_SHOWN, address, {"order": order}, "comments", "comments"
    )
    if shown is None:
        shown = _shown(can, post, order, pages.offset, COMMENTS_SHOWN)
    rows = [_row(can, post, comment, order, reply_to) for comment in shown]
    _explain_hidden(rows)
    best = _best(can, post, rows) if counts.get("best") and number == 1 else []
    page = CommentPage(rows, best, pages, order, is_ordered=counts["threads"] > 1)
    if seen is not None and counts.get("new"):
        first = Comment(post=post, pk=counts["first_new"])
        page.new_count, page.new_url = counts["new"], first.get_absolute_url()
        for row in rows:
            row.is_new = row.comment.pk > seen and not row.is_mine and row.comment.is_published
    return page


# The conditions for hidden comments that a page shows as well; the parameter is the member's id.
Hidden = Literal["", "own", "all"]
HIDDEN: dict[Hidden, Callable[[object], Q | None]] = {
    "": lambda _member: None,
    "own": lambda member: Q(state=State.HIDDEN, author=member),
    "all": lambda _member: Q(state=State.HIDDEN),
}

_AUTHOR = "username nickname picture is_active left_at is_robot is_superuser".split()
# The columns that comment.jinja and permissions.access use; each further column costs a microsecond
# per page.
_COLUMNS = [
    *(field.name for field in Comment._meta.concrete_fields if field.name != "text"),
    *(f"author__{name}" for name in _AUTHOR),
    *("guest_password__comment", "parent__author"),
]


def _page_of(order: str, with_votes: bool, hidden: Hidden) -> QuerySet[Comment]:
    """The comments of a page in its order, with the visitor's votes (`own_vote`) in the same query."""

    def ordered(comments: CommentQuerySet) -> QuerySet[Comment]:
        return comments.newest_thread_first() if order else comments.in_reading_order()

    shown = Comment.objects.filter(post=Slot("post", ID)).shown(HIDDEN[hidden](Slot("member", ID)))
    near = part_of(ordered(shown), Slot("size", ID), Slot("offset", ID))
    comments = ordered(Comment.objects.filter(pk__in=near))
    if with_votes:
        own = CommentVote.objects.filter(comment=OuterRef("pk"), member=Slot("member", ID))
        comments = comments.annotate(own_vote=Subquery(own.values("value")[:1]))
    comments = comments.select_related("author", "guest_password", "parent")
    return comments.only(*_COLUMNS)


def _hidden_for(can: Access) -> Hidden:
    if can.moderate:
        return "all"
    return "own" if can.visitor.is_authenticated else ""


_pages = {
    each: Compiled(partial(_page_of, *each), by_key=True)
    for each in product(["", NEWEST], [False, True], HIDDEN)
}


def _shown(can: Access, post: Post, order: str, offset: int, size: int) -> list[Comment]:
    """The comments of a page, with `post` and the visitor's votes (`own_vote`)."""
    with_votes = can.visitor.is_authenticated and can.board.use_comment_likes
    page = _pages[order, with_votes, _hidden_for(can)]
    found = page(post=post.pk, size=size, offset=offset, member=can.visitor.pk)
    for comment in found:
        comment.post = post
    return found


def _counts(can: Access, post: Post, path: str, order: str, seen: int | None) -> dict[str, int]:
    """The totals, the number of comments before `path`, and so on, in one query."""
    return (
        Comment.objects.filter(post=post)
        .shown(HIDDEN[_hidden_for(can)](can.visitor.pk))
        .aggregate(
            total=Count("pk"),
            threads=Count("pk", filter=Q(depth=0)),
            before=Count("pk", filter=_before(path, order)),
            **_best_count(can),
            **_new_count(can, seen),
        )
    )


def _counted(can: Access, shown: list[Comment], seen: int | None) -> dict[str, int]:
    """As _counts without `before`, from comments that are all loaded."""
    published = [comment for comment in shown if comment.is_published]
    counts = {"total": len(shown), "threads": sum(comment.depth == 0 for comment in shown)}
    likes = can.board.likes_to_be_best
    if likes and can.board.use_comment_likes:
        counts["best"] = sum(
            comment.like_count >= likes and not comment.is_secret for comment in published
        )
    if seen is not None:
        me = can.visitor.pk
        new = [
            each.pk
            for each in published
            if each.pk > seen and (each.author_id is None or each.author_id != me)
        ]
        counts |= {"new": len(new), "first_new": min(new, default=0)}
    return counts


def _new_count(can: Access, seen: int | None) -> dict[str, Count | Min]:
    """Aggregates for comments by others after `seen`: their number, and the first of them."""
    if seen is None:
        return {}
    # A former member's comments have no author, so they are not the visitor's.
    others = Q(author=None) | ~Q(author=can.visitor.pk)
    is_new = Q(others, state=State.PUBLISHED, pk__gt=seen)
    return {"new": Count("pk", filter=is_new), "first_new": Min("pk", filter=is_new)}


def _best_count(can: Access) -> dict[str, Count]:
    """An aggregate for the number of 베스트 comments, if the board has them."""
    likes = can.board.likes_to_be_best
    if not (likes and can.board.use_comment_likes):
        return {}
    is_best = Q(state=State.PUBLISHED, is_secret=False, like_count__gte=likes)
    return {"best": Count("pk", filter=is_best)}


def _best(can: Access, post: Post, rows: list[CommentRow]) -> list[BestRow]:
    here = {row.comment.pk for row in rows}
    best = Comment.objects.filter(post=post).best(can.board.likes_to_be_best)[:BEST_SHOWN]
    found = []
    for comment in best:
        if can.folds(comment):
            continue
        comment.post = post
        url = f"#{comment.anchor}" if comment.pk in here else comment.get_absolute_url()
        text = richtext.excerpt(comment.html, BEST_LENGTH)
        found.append(BestRow(url, comment.author_name, text, f"{comment.like_count:,}"))
    return found


def _path(post: Post, pk: str) -> str:
    """The path of the comment `pk` of `post`, removed or not; '' if it does not exist."""
    if not id_in(pk):
        return ""
    return Comment.objects.filter(post=post, pk=pk).values_list("path", flat=True).first() or ""


def _before(path: str, order: str) -> Q:
    """A condition for the comments above the one with `path`."""
    if not order:
        return Q(path__lt=path)
    thread = path[:PATH_DIGITS]
    return Q(path__gt=thread + BELOW) | Q(path__gte=thread, path__lt=path)


def _row(can: Access, post: Post, comment: Comment, order: str, reply_to: str) -> CommentRow:
    may_see = can.may_see_comment(comment)
    is_live = post.is_published  # otherwise there are no forms below it
    may_reply = is_live and comment.is_published and can.may_comment(post) and may_see
    may_vote = can.may_vote(post, comment)
    votes = vote_rows(comment, can.votes_on(comment), getattr(comment, "own_vote", None))
    ordered = {"order": order} if order else {}

    def address(**parameters: object) -> str:
        return f"{post.get_absolute_url()}?{urlencode(ordered | parameters)}#{comment.anchor}"

    return CommentRow(
        comment=comment,
        url=address(comment=comment.pk),
        reply_url=address(reply=comment.pk),
        author=comment.author,
        date=full_date(comment.created_at),
        time=machine_date(comment.created_at),
        depth=comment.depth,
        is_gone=not (comment.is_published or may_see),
        is_hidden=comment.state == State.HIDDEN,
        is_masked=comment.is_published and not may_see,
        may_edit=is_live and can.may_edit(comment),
        may_unlock=is_live and can.may_unlock(comment),
        may_reply=may_reply,
        may_report=can.may_report(post, comment),
        is_replied=may_reply and str(comment.pk) == reply_to,
        is_mine=can.wrote(comment),
        is_by_author=comment.author_id is not None and comment.author_id == post.author_id,
        is_guest=comment.author_id is None,
        votes=[vote for vote in votes if may_see and (may_vote or vote.count)],
        vote_url=f"{post.get_absolute_url()}comments/{comment.pk}/vote/" if may_vote else "",
        is_blocked=comment.author_id in blocked_by(can.visitor),
        is_folded=comment.is_published and can.folds(comment),
        may_restore=is_live and comment.state == State.HIDDEN and can.may_moderate(comment),
    )


def _explain_hidden(rows: list[CommentRow]) -> None:
    """Sets the reasons of hidden comments that the visitor may see; no query without such comments."""
    hidden = [row for row in rows if row.is_hidden and not row.is_gone]
    reasons = hidden_reasons([row.comment for row in hidden]) if hidden else {}
    for row in hidden:
        row.hidden_reason = reasons.get(row.comment.pk, "")
