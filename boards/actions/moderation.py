"""The log of what moderators do."""

from accounts.models import Member
from accounts.permissions import Visitor
from boards.models import Comment, ModerationEntry, Post


def is_second_thought(by: Visitor | None, deed: str, written: Post | Comment) -> bool:
    """Whether somebody deletes what he himself wrote: of that nobody keeps a record.

    A guest (None would be the site itself) can only delete what he has written.
    """
    is_own = by is not None and by.pk == written.author_id  # a guest's are both None
    return is_own and deed == ModerationEntry.Deed.DELETE


def log_deed(
    by: Member | None, deed: str, *, post: Post, comment: Comment | None = None, reason: str = ""
) -> None:
    """Writes down who (None: the site itself) did what to which post or comment, and why."""
    about = f"{post.board.name} {post.number}: {comment or post.subject}"
    ModerationEntry.objects.create(
        moderator=by, deed=deed, post=post, comment=comment, about=about[:200], reason=reason[:200]
    )
