"""1:1 문의: the state of an inquiry follows from its comments, and tells who is notified.

A comment of anybody but its author is an answer, because only staff can read it.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions.notifications import notify, notify_many
from accounts.models import Member, Notification
from boards.actions.about import about
from boards.actions.commits import after_commit
from boards.actions.guests import Guest
from boards.mails import mail_guest
from boards.models import Board, Comment, Inquiry, Post
from boards.permissions import access

State = Inquiry.State
Kind = Notification.Kind

ANSWERED_DAYS, WAITING_DAYS = (
    90,
    365,
)  # how long a guest's address stays after the answer, or without


def begin_inquiry(post: Post, guest: Guest | None, *, is_quiet: bool = False) -> None:
    """The state of a new post in an inquiry board. With `is_quiet`, the staff are not notified."""
    mail = guest.mail.lower() if guest is not None else ""
    Inquiry.objects.create(post=post, since=post.created_at, mail=mail)
    if not is_quiet:
        after_commit(notify_of_inquiry, post)


@transaction.atomic
def close_inquiry(*, post: Post, seen: int) -> None:
    """Marks an inquiry as answered although nobody wrote an answer, until its author adds to it.
    `seen` is the newest comment (id) that was considered, 0 for none."""
    list(Post.objects.select_for_update(no_key=True).only("pk").filter(pk=post.pk))
    inquiry = _locked(post)
    inquiry.closed_at, inquiry.closed_comment = timezone.now(), seen
    _settle(inquiry, post)


def settle_inquiry(post: Post) -> None:
    """Sets the state that follows from the comments; called in the transaction that changes them.
    `post` must be locked."""
    _settle(_locked(post), post)


def _locked(post: Post) -> Inquiry:
    inquiry = Inquiry.objects.select_for_update(no_key=True).filter(pk=post.pk).first()
    return inquiry or Inquiry(post=post, since=post.created_at)


def _settle(inquiry: Inquiry, post: Post) -> None:
    inquiry.state, inquiry.since = _standing(inquiry, post)
    inquiry.save()


def _standing(inquiry: Inquiry, post: Post) -> tuple[State, datetime.datetime]:
    """The state and since when. An addition waits from the first one that is not answered yet."""
    comments = post.comments.published()
    answers = comments.filter(author__isnull=False)
    if post.author_id is not None:
        answers = answers.exclude(author=post.author_id)
    answer = answers.order_by("-pk").first()
    added = comments.filter(Q(author=post.author_id))
    ends = [(answer.pk, answer.created_at)] if answer is not None else []
    if inquiry.closed_at is not None:
        ends.append((inquiry.closed_comment or 0, inquiry.closed_at))
    if not ends:
        return State.RECEIVED, post.created_at
    again = added.filter(pk__gt=max(pk for pk, _at in ends)).order_by("pk").first()
    if again is not None:
        return State.AGAIN, again.created_at
    return State.ANSWERED, max(at for _pk, at in ends)


# -- who is notified -------------------------------------------------------------------------------
def notify_of_inquiry(post: Post, comment: Comment | None = None) -> None:
    """Notifies the author of an answer, a guest by mail; or the staff of a new inquiry or an
    addition.

    Neither is kept from the other by a block: they write as somebody who inquires and as staff.
    """
    if comment is not None and is_answer(comment, post):
        _notify_author(post, comment)
    else:
        _notify_staff(post, comment)


def is_answer(comment: Comment, post: Post) -> bool:
    """Whether staff wrote the comment. Guests and the author add to the inquiry."""
    return comment.author_id is not None and comment.author_id != post.author_id


def _notify_author(post: Post, comment: Comment) -> None:
    if post.author is None:
        mail = Inquiry.objects.filter(pk=post.pk).values_list("mail", flat=True).first()
        if mail:
            mail_guest(mail, "inquiry_answered", board=post.board, post=post)
    elif access(post.author, post.board).may_read(post):
        notify(
            member=post.author,
            kind=Kind.ANSWER,
            title=post.subject,
            address=comment.get_absolute_url(),
            about=about(post),
            part=about(comment),
            actor=comment.author_name,
        )


def _notify_staff(post: Post, comment: Comment | None) -> None:
    written = comment or post
    notify_many(
        members=staff_of(post.board) - {written.author_id},
        kind=Kind.INQUIRY,
        title=post.subject,
        address=written.get_absolute_url(),
        about=about(post),
        part=about(comment) if comment else "",
        actor=written.author_name,
    )


def staff_of(board: Board) -> set[int]:
    """The ids of those who answer the inquiries of `board`: its moderators, or the owners where it
    has none."""
    there = Member.objects.filter(is_active=True, is_robot=False, pending_since=None, left_at=None)
    moderators = set(board.moderators.values_list("pk", flat=True))
    moderators |= set(board.group.moderators.values_list("pk", flat=True))
    staff = there.filter(pk__in=moderators)
    return set(staff.values_list("pk", flat=True)) or set(
        there.filter(is_superuser=True).values_list("pk", flat=True)
    )


# -- the addresses of guests -----------------------------------------------------------------------
def forget_mails(posts: Iterable[Post]) -> None:
    """Deletes the addresses of the guests who wrote these inquiries."""
    pks = [post.pk for post in posts if post.board.is_inquiry]
    if pks:
        Inquiry.objects.filter(pk__in=pks).update(mail="")


def forget_old_mails() -> int:
    """Deletes the addresses of guests whose inquiry was answered long ago, or was never answered;
    returns how many."""
    now = timezone.now()
    is_old = Q(state=State.ANSWERED, since__lt=now - datetime.timedelta(days=ANSWERED_DAYS))
    is_old |= Q(since__lt=now - datetime.timedelta(days=WAITING_DAYS))
    return Inquiry.objects.filter(is_old).exclude(mail="").update(mail="")
