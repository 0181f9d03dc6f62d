"""Notifications that follow from actions on posts. For comments see notifying_comments.

Members are notified only of what they may read at that moment. When a post is hidden or deleted
later, its notifications are deleted (`forget_post`).
"""

from collections.abc import Iterable
from functools import partial

from django.contrib.auth.models import AnonymousUser

from accounts.actions.notifications import (
    forget,
    has_unread_about,
    notify,
    read_notifications,
)
from accounts.models import Member, Notification
from boards.actions.about import about
from boards.models import Board, Comment, ModerationEntry, Post, Report, State
from boards.permissions import access
from boardsite.databases.optional_writes import write_if_free

Kind = Notification.Kind
Operation = ModerationEntry.Operation
# The operations that an author is notified of.
NOTIFIED = {Operation.HIDE, Operation.RESTORE, Operation.DELETE, Operation.MOVE}


def notify_of_reply_post(post: Post) -> None:
    """Notifies the author of the thread's first post of the reply post."""
    member = post.thread_author
    if member is None or member.pk == post.author_id:
        return
    if access(member, post.board).may_read(post):
        notify(
            member=member,
            kind=Kind.REPLY_POST,
            title=post.subject,
            address=post.get_absolute_url(),
            about=about(post),
            actor=post.author_name,
            by=post.author_id,
        )


def notify_of_like(written: Post | Comment, member: Member) -> None:
    """Notifies the author that `member` likes it. Unread notifications of this kind are merged."""
    comment = written if isinstance(written, Comment) else None
    post = written.post if isinstance(written, Comment) else written
    if written.author is not None:
        _tell(written.author, Kind.LIKE, post, comment, member.nickname, member.pk)


def notify_of_judgement(reports: Iterable[int]) -> None:
    """Notifies the members who sent these reports (ids) that they were judged."""
    for report in Report.objects.filter(pk__in=reports).select_related("member", "post__board"):
        notify(
            member=report.member,
            kind=Kind.REPORT,
            title=f"{report.get_state_display()}: {report.get_reason_display()}",
            address=report.post.board.get_absolute_url(),
            about=f"report:{report.pk}",
        )


def notify_of_moderation(
    written: Post | Comment, operation: Operation, by: Member | None, reason: str
) -> None:
    """Notifies the author what a moderator, or the site (`by` None), did to what they wrote, and
    why.

    A deleted post has no page any more, so the notification links to the board. Authors still see
    their hidden posts.
    """
    comment = written if isinstance(written, Comment) else None
    post = written.post if isinstance(written, Comment) else written
    is_own = by is not None and by.pk == written.author_id
    if operation not in NOTIFIED or written.author is None or is_own:
        return
    what = (comment.text if comment else post.subject)[:80]
    notify(
        member=written.author,
        kind=Kind.MODERATION,
        title=f"{operation.label}: {what}" + (f" ({reason})" if reason else ""),
        address=_place_after(post, comment),
        about=f"moderation:{post.pk}:{comment.pk if comment else 0}:{operation}",
    )


def _place_after(post: Post, comment: Comment | None) -> str:
    """The page where authors find what they wrote after it was moderated."""
    if post.state == State.DELETED:
        return post.board.get_absolute_url()
    if comment and comment.state != State.DELETED:
        return comment.get_absolute_url()
    return post.get_absolute_url()


def forget_post(post: Post) -> None:
    """Deletes the notifications about a post that was hidden or deleted."""
    forget(about=about(post), part=about(post))


def forget_moved_post(post: Post) -> None:
    """As forget_post, unless everybody may read the post in its new board.

    Members who still may read it lose a notification; in return nobody else keeps its subject.
    """
    if not access(AnonymousUser(), post.board).may_read(post):
        forget_post(post)


def read_post_notifications(post: Post, member: Member) -> None:
    """Marks the notifications of `member` about `post` as read, because they are reading it.

    No query if there is no unread notification.
    """
    _read(member, about(post))


def read_board_notifications(board: Board, member: Member) -> None:
    """As read_post_notifications, for new posts of a watched `board` whose list the member sees."""
    _read(member, about(board))


def _read(member: Member, about: str) -> None:
    if not member.unread_notification_count or not has_unread_about(member=member, about=about):
        return
    if write_if_free(partial(read_notifications, member=member, about=about)):
        member.refresh_from_db(fields=["unread_notification_count"])


def _tell(
    member: Member, kind: str, post: Post, comment: Comment | None, actor: str, by: int | None
) -> None:
    notify(
        member=member,
        kind=kind,
        title=post.subject,
        address=(comment or post).get_absolute_url(),
        about=about(post),
        part=about(comment) if comment else "",
        actor=actor,
        by=by,
    )
