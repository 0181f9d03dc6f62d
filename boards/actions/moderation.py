"""The log of what moderators do."""

from accounts.models import Member
from boards.models import Comment, ModerationEntry, Post


def log_deed(
    by: Member | None, deed: str, *, post: Post, comment: Comment | None = None, reason: str = ""
) -> None:
    """Writes down who (None: the site itself) did what to which post or comment, and why."""
    about = f"{post.board.name} {post.number}: {comment or post.subject}"
    ModerationEntry.objects.create(
        moderator=by, deed=deed, post=post, comment=comment, about=about[:200], reason=reason[:200]
    )
