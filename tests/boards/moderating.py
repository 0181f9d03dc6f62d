"""Single operations of moderators on one post, for tests."""

from accounts.models import Member
from boards.actions.copying import copy_posts
from boards.actions.managing import Operation, manage_posts
from boards.models import Board, Category, Post


def close_comments(*, post: Post, by: Member, reason: str = "") -> None:
    """Until open_comments, only moderators may comment on `post`."""
    manage_posts(posts=[post], operation=Operation.CLOSE, by=by, reason=reason)


def open_comments(*, post: Post, by: Member, reason: str = "") -> None:
    """Undoes close_comments."""
    manage_posts(posts=[post], operation=Operation.OPEN, by=by, reason=reason)


def set_notice(*, post: Post, is_notice: bool, by: Member, reason: str = "") -> None:
    """Makes a post a notice above its board's list, or an ordinary post again."""
    operation = Operation.NOTICE if is_notice else Operation.UNNOTICE
    manage_posts(posts=[post], operation=operation, by=by, reason=reason)


def set_category(*, post: Post, category: Category | None, by: Member, reason: str = "") -> None:
    """Sets the category of a post within its board; None for no category."""
    manage_posts(
        posts=[post], operation=Operation.CATEGORY, category=category, by=by, reason=reason
    )


def copy_post(*, post: Post, board: Board, by: Member, reason: str = "") -> Post:
    """Copies one post to one board and returns the copy. See copy_posts."""
    return copy_posts(posts=[post], boards=[board], by=by, reason=reason)[0]
