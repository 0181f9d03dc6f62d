"""Counters, points and the search index: how they change with a comment."""

from django.utils.translation import gettext as _

from accounts.actions.points import Kind, take_back
from accounts.models import Member
from accounts.queries.points import are_on
from boards import search
from boards.actions.about import about
from boards.actions.earning import earn, where
from boards.actions.indexing import comment_document
from boards.models import Board, Comment, Post
from boardsite.databases.statements import update


def apply_comment_delta(comment: Comment, post: Post, sign: int, *, is_new: bool = False) -> None:
    """Adds (+1) or removes (-1) `comment` in the counters of its post, board and author, and in the
    index, which comes first, because it takes longest and the board's row makes others wait."""
    if post.is_searchable and not comment.is_secret:
        document = comment_document(comment, post.board_id)
        if sign > 0:
            search.comments.add(document)
        else:
            search.comments.remove(document)
    update(Post, {"id": post.pk}, by={"comment_count": sign})
    if post.is_published:
        update(Board, {"id": post.board_id}, by={"comment_count": sign})
    update(Member, {"id": comment.author_id}, by={"comment_count": sign})
    _move_points(comment, post, sign, is_new=is_new)


def _move_points(comment: Comment, post: Post, sign: int, *, is_new: bool) -> None:
    if comment.author_id is None:
        return
    if sign < 0:
        take_back(member=comment.author_id, kind=Kind.COMMENT, about=about(comment))
    elif are_on() and comment.author:
        text = _("%(board)s %(number)d 댓글쓰기") % where(post)
        amount = post.board.comment_points
        earn(comment.author, Kind.COMMENT, about(comment), text, amount, is_new)
