"""What a member wrote and liked, for the member's own pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Member
from boards.models import Board, Comment, Post, PostVote, Vote
from boards.models.posts import PostQuerySet, State
from boards.permissions import access
from boards.rows import PostRow, for_rows, post_row
from boardsite.dates import full_date, machine_date


@dataclass(frozen=True)
class OwnPost:
    """A row of the member's own posts. `is_hidden`: a moderator hid it, so its page is closed."""

    row: PostRow
    date: str
    is_hidden: bool


@dataclass(frozen=True)
class OwnComment:
    """A row of the member's own comments; `subject` and `url` are "" if the member may not read the
    post any more."""

    text: str
    url: str
    subject: str
    board_name: str
    board_url: str
    date: str
    time: str
    is_secret: bool
    is_hidden: bool


def own_posts(member: Member) -> PostQuerySet:
    """All posts of `member` except those in the bin, newest first."""
    return Post.objects.filter(author=member).exclude(state=State.DELETED).newest_first()


def own_comments(member: Member) -> QuerySet[Comment]:
    """All comments of `member` except deleted ones, newest first."""
    mine = Comment.objects.filter(author=member)
    return mine.exclude(state=State.DELETED).order_by("-id")


def own_likes(member: Member) -> QuerySet[PostVote]:
    """추천 by `member` on posts that they may still read, the latest first."""
    visible = Post.objects.visible_to(member).filter(pk=OuterRef("post"))
    likes = PostVote.objects.filter(Exists(visible), member=member, value=Vote.LIKE)
    return likes.order_by("-id")


def own_post_rows(member: Member, posts: PostQuerySet) -> list[OwnPost]:
    """The rows of a page of own_posts; two queries."""
    return _lines(member, list(for_rows(posts)))


def own_like_rows(member: Member, likes: QuerySet[PostVote]) -> list[OwnPost]:
    """The rows of a page of own_likes; three queries."""
    ids = list(likes.values_list("post", flat=True))
    posts = for_rows(Post.objects.visible_to(member)).in_bulk(ids)
    return _lines(member, [posts[pk] for pk in ids if pk in posts])


def own_comment_rows(member: Member, comments: QuerySet[Comment]) -> list[OwnComment]:
    """The rows of a page of own_comments; three queries."""
    written = list(comments)
    ids = {comment.post_id for comment in written}
    posts = Post.objects.visible_to(member).only("board_id", "number", "subject").in_bulk(ids)
    boards = _boards(posts.values())
    rows = []
    for comment in written:
        post = posts.get(comment.post_id)
        board = boards[post.board_id] if post else None
        is_hidden = comment.state == State.HIDDEN
        if post:
            post.board, comment.post = board, post
        rows.append(
            OwnComment(
                text=comment.text,
                url=comment.get_absolute_url() if post and not is_hidden else "",
                subject=post.subject if post else "",
                board_name=board.name if board else "",
                board_url=board.get_absolute_url() if board else "",
                date=full_date(comment.created_at),
                time=machine_date(comment.created_at),
                is_secret=comment.is_secret,
                is_hidden=is_hidden,
            )
        )
    return rows


def _lines(member: Member, posts: list[Post]) -> list[OwnPost]:
    boards = _boards(posts)
    lines = []
    for post in posts:
        board = boards[post.board_id]
        row = post_row(post, board, access(member, board)).unfolded()
        lines.append(OwnPost(row, full_date(post.created_at), post.state == State.HIDDEN))
    return lines


def _boards(posts: Iterable[Post]) -> dict[int, Board]:
    return Board.objects.select_related("group").in_bulk({post.board_id for post in posts})
