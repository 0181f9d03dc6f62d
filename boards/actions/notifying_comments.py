"""Notifications about comments. They are deleted when the comment is hidden or deleted."""

from collections.abc import Iterable

from accounts.actions.notifications import forget, notify
from accounts.models import Member, Notification
from boards.actions.about import about
from boards.models import Comment
from boards.permissions import access

Kind = Notification.Kind


def notify_of_comment(comment: Comment, mentioned: Iterable[Member]) -> None:
    """Notifies the authors of the post and the parent comment, and mentioned members.

    Each member gets one notification, for the closest of these reasons.
    """
    post, parent = comment.post, comment.parent
    told = {comment.author_id}
    reasons = [
        (Kind.REPLY, [parent.author] if parent else []),
        (Kind.COMMENT, [post.author]),
        (Kind.MENTION, mentioned),
    ]
    for kind, members in reasons:
        for member in members:
            if member is None or member.pk in told:
                continue
            told.add(member.pk)
            can = access(member, post.board)
            if can.may_read(post) and can.may_read_comment(comment):
                notify(
                    member=member,
                    kind=kind,
                    title=post.subject,
                    address=comment.get_absolute_url(),
                    about=about(post),
                    part=about(comment),
                    actor=comment.author_name,
                    by=comment.author_id,
                )


def forget_comment(comment: Comment) -> None:
    forget(part=about(comment))
