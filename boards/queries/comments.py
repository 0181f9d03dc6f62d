"""The comments of a post in pages: which ones, in which order, and on which page one stands.

See docs/decisions/0012.
"""

from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode

from django.db.models import BigIntegerField, Count, Min, OuterRef, Q, QuerySet, Subquery

from accounts.permissions import blocked_by
from boards.models import Comment, CommentVote, Post, State
from boards.models.comments import BELOW
from boards.models.paths import PATH_DIGITS
from boards.permissions import Access
from boards.queries.votes import VoteRow, vote_rows
from boards.text import richtext
from boardsite.compiled import Compiled, Slot, part_of
from boardsite.dates import full_date, machine_date
from boardsite.pagination import Pages

ID = BigIntegerField()
COMMENTS_SHOWN = 200  # on one page
NEWEST = "newest"
BEST_SHOWN = 3
BEST_LENGTH = 200  # characters of a 베스트 comment above the others


@dataclass
class CommentRow:
    """A comment as the page draws it: with its text, or a placeholder where it has gone or is a
    secret that the visitor may not read (`is_masked`). `is_folded`: the visitor has blocked its
    author (`is_blocked`), and does not moderate here."""

    comment: Comment
    url: str
    reply_url: str
    author: object
    date: str
    time: str
    depth: int
    is_gone: bool
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
    vote_url: str  # "" where the visitor may not
    is_blocked: bool
    is_folded: bool
    is_new: bool = False  # since the visitor's last time here


@dataclass
class BestRow:
    """A 베스트 comment above the others, with the way to its own place."""

    url: str
    author_name: str
    text: str
    likes: str


@dataclass
class CommentPage:
    """One page; `order` is '' (oldest first) or NEWEST, `is_ordered` whether that makes a difference."""

    rows: list[CommentRow]
    best: list[BestRow]
    pages: Pages
    order: str
    is_ordered: bool
    new_count: int = 0  # since the visitor's last time here, on all pages, without his own
    new_url: str = ""  # of the first of them

    @property
    def newest(self) -> int:
        """The id of the newest comment on this page; 0 when there is none."""
        return max((row.comment.pk for row in self.rows), default=0)

    @property
    def here(self) -> str:
        """The address of this page, without what follows '#'."""
        return self.pages.address(self.pages.number).partition("#")[0]

    @property
    def query(self) -> str:
        """What says in an address that it is this page, with its '?'; "" for the first one."""
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
    """Page `number` of the comments of `post`, or the one on which comment `around` stands.

    `around` and `reply_to`, under which the form stands, are ids as text; what names no comment of
    this post is passed over. `seen`: the newest comment that the visitor saw last time, None if he
    was not here. Raises Http404 when the page does not exist. One query where all comments fit on a
    page; else three, however many there are, and one for `around`; one more where some are 베스트.
    """
    order = NEWEST if order == NEWEST else ""
    shown = counts = None
    if post.comment_count <= COMMENTS_SHOWN:  # and a few that have gone, perhaps
        # Where none is published, no placeholder stands for one that has gone either.
        shown = _shown(can, post, order, 0, COMMENTS_SHOWN + 1) if post.comment_count else []
        if len(shown) <= COMMENTS_SHOWN:
            counts = _counted(can, shown, seen)
    if counts is None:
        path = _path(post, around)
        counts = _counts(can, post, path, order, seen)
        if path:  # of a comment that has gone for good: the page where it stood
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
    best = _best(can, post, rows) if counts.get("best") and number == 1 else []
    page = CommentPage(rows, best, pages, order, is_ordered=counts["threads"] > 1)
    if counts.get("new"):
        first = Comment(post=post, pk=counts["first_new"])
        page.new_count, page.new_url = counts["new"], first.get_absolute_url()
        for row in rows:
            row.is_new = row.comment.pk > seen and not row.is_mine and not row.is_gone
    return page


_AUTHOR = "username nickname picture is_active left_at is_robot is_superuser".split()
# What comment.jinja and permissions.access look at; every column more is a microsecond a page.
_COLUMNS = [
    *(field.name for field in Comment._meta.concrete_fields if field.name != "text"),
    *(f"author__{name}" for name in _AUTHOR),
    *("guest_password__comment", "parent__author"),
]


def _page_of(order: str, with_votes: bool) -> QuerySet[Comment]:
    """A page in its order; with what a member has pressed there (`own_vote`), in the same query."""

    def ordered(comments):
        return comments.newest_thread_first() if order else comments.in_reading_order()

    near = ordered(Comment.objects.filter(post=Slot("post", ID)).shown())
    near = part_of(near, Slot("size", ID), Slot("offset", ID))
    comments = ordered(Comment.objects.filter(pk__in=near))
    if with_votes:
        own = CommentVote.objects.filter(comment=OuterRef("pk"), member=Slot("member", ID))
        comments = comments.annotate(own_vote=Subquery(own.values("value")[:1]))
    comments = comments.select_related("author", "guest_password", "parent")
    return comments.only(*_COLUMNS)


_pages = {
    each: Compiled(lambda each=each: _page_of(*each), by_key=True)
    for each in product(["", NEWEST], [False, True])
}


def _shown(can: Access, post: Post, order: str, offset: int, size: int) -> list[Comment]:
    """Those of a page, with `post`, and with what the visitor has pressed there (`own_vote`)."""
    with_votes = can.visitor.is_authenticated and can.board.use_comment_likes
    found = _pages[order, with_votes](post=post.pk, size=size, offset=offset, member=can.visitor.pk)
    for comment in found:
        comment.post = post
    return found


def _counts(can: Access, post: Post, path: str, order: str, seen: int | None) -> dict[str, int]:
    """How many comments there are in all, before `path`, and so on; counted by the database."""
    return (
        Comment.objects.filter(post=post)
        .shown()
        .aggregate(
            total=Count("pk"),
            threads=Count("pk", filter=Q(depth=0)),
            before=Count("pk", filter=_before(path, order)),
            **_best_count(can),
            **_new_count(can, seen),
        )
    )


def _counted(can: Access, shown: list[Comment], seen: int | None) -> dict[str, int]:
    """As _counts, but for `before`, where all comments are at hand."""
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
    """How many comments of others came after `seen`, and the first: counted beside the others."""
    if seen is None:
        return {}
    # An author who has left is nobody, and so not the visitor.
    others = Q(author=None) | ~Q(author=can.visitor.pk)
    is_new = Q(others, state=State.PUBLISHED, pk__gt=seen)
    return {"new": Count("pk", filter=is_new), "first_new": Min("pk", filter=is_new)}


def _best_count(can: Access) -> dict[str, Count]:
    """How many comments are 베스트, where the board has such: counted beside the others."""
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
    may_read = can.may_read_comment(comment)
    may_reply = can.may_comment(post) and may_read
    may_vote = can.may_vote(post, comment)
    votes = vote_rows(comment, can.votes_on(comment), getattr(comment, "own_vote", None))
    ordered = {"order": order} if order else {}

    def address(**parameters) -> str:
        return f"{post.get_absolute_url()}?{urlencode(ordered | parameters)}#{comment.anchor}"

    return CommentRow(
        comment=comment,
        url=address(comment=comment.pk),
        reply_url=address(reply=comment.pk),
        author=comment.author,
        date=full_date(comment.created_at),
        time=machine_date(comment.created_at),
        depth=comment.depth,
        is_gone=not comment.is_published,
        is_hidden=comment.state == State.HIDDEN,
        is_masked=comment.is_published and not may_read,
        may_edit=can.may_edit(comment),
        may_unlock=can.may_unlock(comment),
        may_reply=may_reply,
        may_report=can.may_report(post, comment),
        is_replied=may_reply and str(comment.pk) == reply_to,
        is_mine=can.wrote(comment),
        is_by_author=comment.author_id is not None and comment.author_id == post.author_id,
        is_guest=comment.author_id is None,
        votes=[vote for vote in votes if may_read and (may_vote or vote.count)],
        vote_url=f"{post.get_absolute_url()}comments/{comment.pk}/vote/" if may_vote else "",
        is_blocked=comment.author_id in blocked_by(can.visitor),
        is_folded=comment.is_published and can.folds(comment),
    )
