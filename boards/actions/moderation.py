"""The log of moderation."""

from accounts.models import Member
from accounts.permissions import Visitor
from boards.models import Comment, ModerationEntry, Post


def is_second_thought(by: Visitor | None, operation: str, written: Post | Comment) -> bool:
    """Whether authors delete their own post or comment, which is not logged.

    A guest can only delete what they wrote; `by` None is the site itself.
    """
    is_own = by is not None and by.pk == written.author_id  # both are None for a guest
    return is_own and operation == ModerationEntry.Operation.DELETE


def log_action(
    by: Visitor | None,
    operation: str,
    *,
    post: Post,
    comment: Comment | None = None,
    reason: str = "",
) -> None:
    """Logs who did what to which post or comment, and why. `by` None is the site itself."""
    about = f"{post.board.name} {post.number}: {comment or post.subject}"
    ModerationEntry.objects.create(
        moderator=by if isinstance(by, Member) else None,
        operation=operation,
        post=post,
        comment=comment,
        about=about[:200],
        reason=reason[:200],
    )
