"""Who is told what: the notifications that follow from deeds in boards.

Each is told only what he may read at that moment; what goes from sight later takes its notifications
with it (`forget_post`, `forget_comment`).
"""

from collections.abc import Callable, Iterable

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.actions.notifications import forget, notify, read_notifications
from accounts.models import Member, Notification
from boards.models import Board, Comment, ModerationEntry, Post, Report
from boards.permissions import access

Kind = Notification.Kind
Deed = ModerationEntry.Deed
TOLD = {Deed.HIDE, Deed.RESTORE, Deed.DELETE, Deed.MOVE}  # of these an author hears


def after_commit(tell: Callable, *what) -> None:
    """Calls `tell(*what)` once the deed holds: no deed waits for, or fails with, a notification."""
    transaction.on_commit(lambda: tell(*what), robust=True)


def about_post(post: Post) -> str:
    """How notifications name a post."""
    return f"post:{post.pk}"


def about_board(board: Board) -> str:
    return f"board:{board.pk}"


def about_comment(comment: Comment) -> str:
    return f"comment:{comment.pk}"


def tell_of_comment(comment: Comment, mentioned: Iterable[Member]) -> None:
    """Tells whose post or comment it answers, and whom it calls; each once, by the nearest reason."""
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
                _tell(member, kind, post, comment, comment.author_name, comment.author_id)


def tell_of_answer(post: Post) -> None:
    """Tells who opened the thread that `post` stands in it now."""
    member = post.thread_author
    if member is None or member.pk == post.author_id:
        return
    if access(member, post.board).may_read(post):
        notify(
            member=member,
            kind=Kind.ANSWER,
            title=post.subject,
            address=post.get_absolute_url(),
            about=about_post(post),
            actor=post.author_name,
            by=post.author_id,
        )


def tell_of_like(written: Post | Comment, member: Member) -> None:
    """Tells the author that `member` likes what he wrote; many become one line while unread."""
    comment = written if isinstance(written, Comment) else None
    post = comment.post if comment else written
    if written.author is not None:
        _tell(written.author, Kind.LIKE, post, comment, member.nickname, member.pk)


def tell_of_judgement(reports: Iterable[int]) -> None:
    """Tells those who sent these reports (ids) that somebody has judged."""
    for report in Report.objects.filter(pk__in=reports).select_related("member", "post__board"):
        notify(
            member=report.member,
            kind=Kind.REPORT,
            title=f"{report.get_state_display()}: {report.get_reason_display()}",
            address=report.post.board.get_absolute_url(),
            about=f"report:{report.pk}",
        )


def tell_of_moderation(written: Post | Comment, deed: Deed, by: Member | None, reason: str) -> None:
    """Tells the author what a moderator, or the site (`by` None), did to what he wrote, and why.

    It leads to the board: what was hidden or deleted has no page any more.
    """
    comment = written if isinstance(written, Comment) else None
    post = comment.post if comment else written
    is_own = by is not None and by.pk == written.author_id
    if deed not in TOLD or written.author is None or is_own:
        return
    what = (comment.text if comment else post.subject)[:80]
    notify(
        member=written.author,
        kind=Kind.MODERATION,
        title=f"{deed.label}: {what}" + (f" ({reason})" if reason else ""),
        address=post.get_absolute_url() if post.is_published else post.board.get_absolute_url(),
        about=f"moderation:{post.pk}:{comment.pk if comment else 0}:{deed}",
    )


def forget_post(post: Post) -> None:
    """Nobody may be reminded of a post that has gone from sight."""
    forget(about=about_post(post), part=about_post(post))


def forget_moved_post(post: Post) -> None:
    """As forget_post, unless everybody may read the post where it has been moved to.

    Whoever of those that were told may still read it loses a line; nobody else keeps a subject.
    """
    if not access(AnonymousUser(), post.board).may_read(post):
        forget_post(post)


def read_post_notifications(post: Post, member: Member) -> None:
    """Marks as read what `member` was told about `post`: he has it before him. No query where
    nothing is unread."""
    _read(member, about_post(post))


def read_board_notifications(board: Board, member: Member) -> None:
    """As read_post_notifications, of new posts in a `board` that he watches: he sees its list."""
    _read(member, about_board(board))


def _read(member: Member, about: str) -> None:
    if member.unread_notification_count and read_notifications(member=member, about=about):
        member.refresh_from_db(fields=["unread_notification_count"])


def forget_comment(comment: Comment) -> None:
    forget(part=about_comment(comment))


def _tell(
    member: Member, kind: str, post: Post, comment: Comment | None, actor: str, by: int | None
) -> None:
    notify(
        member=member,
        kind=kind,
        title=post.subject,
        address=(comment or post).get_absolute_url(),
        about=about_post(post),
        part=about_comment(comment) if comment else "",
        actor=actor,
        by=by,
    )
