"""Actions that withhold a comment from readers, and give it back: delete, hide, restore."""

from django.db import transaction

from accounts.models import Member
from accounts.permissions import Visitor
from boards.actions.comments import locked_comment
from boards.actions.commits import after_commit
from boards.actions.counting_comments import apply_comment_delta
from boards.actions.inquiries import settle_inquiry
from boards.actions.moderation import is_second_thought, log_action
from boards.actions.notifying import notify_of_moderation
from boards.actions.notifying_comments import forget_comment
from boards.models import Comment, ModerationEntry, State


def delete_comment(*, comment: Comment, by: Visitor, reason: str = "") -> Comment:
    """Deletes a comment. As long as it has replies, '삭제된 댓글입니다.' is shown in its place.

    If `by` is a guest, they wrote it.
    """
    return _set_state(comment, State.DELETED, by, ModerationEntry.Operation.DELETE, reason)


def hide_comment(
    *, comment: Comment, by: Member | None, reason: str = "", is_quiet: bool = False
) -> Comment:
    """Hides a comment until restore_comment. `by` is None if the site itself hides it. With
    `is_quiet`, the author is not notified."""
    return _set_state(comment, State.HIDDEN, by, ModerationEntry.Operation.HIDE, reason, is_quiet)


def restore_comment(
    *, comment: Comment, by: Member | None, reason: str = "", is_quiet: bool = False
) -> Comment:
    """Undoes hide_comment and delete_comment. With `is_quiet`, the author is not notified."""
    operation = ModerationEntry.Operation.RESTORE
    return _set_state(comment, State.PUBLISHED, by, operation, reason, is_quiet)


def _set_state(
    comment: Comment,
    state: State,
    by: Visitor | None,
    operation: str,
    reason: str,
    is_quiet: bool = False,
) -> Comment:
    with transaction.atomic():
        comment, post = locked_comment(comment)
        if comment.state == state:
            return comment  # a repeated submission
        was = comment.is_published
        comment.state = state
        comment.save(update_fields=["state"])
        if was != comment.is_published:
            apply_comment_delta(comment, post, +1 if comment.is_published else -1)
            if post.board.is_inquiry:
                settle_inquiry(post)
        if not comment.is_published:
            after_commit(forget_comment, comment)
        if not is_second_thought(by, operation, comment):
            log_action(by, operation, post=post, comment=comment, reason=reason)
            if not is_quiet:
                after_commit(notify_of_moderation, comment, operation, by, reason)
    return comment
