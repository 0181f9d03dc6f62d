"""스팸 계정 처리: suspends a member for ever, shuts out their address and 아이디, and hides all that
they wrote, newest first.

The member is locked out in one transaction. What they wrote is hidden in small ones, each of which
leaves correct counters, because an account may have written a hundred thousand times. Both
directions continue where they stopped, when they are asked for again or by the daily chore.
"""

import time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.members import lift_suspension, suspend_member
from accounts.actions.record import log_action
from accounts.actions.shutting_out import end_shut_out, shut_out
from accounts.models import Member
from accounts.permissions import Refused
from boards.actions import in_parts
from boards.actions.in_parts import SECONDS, chunks, deadline, last_changed_by
from boards.actions.managing import manage_posts
from boards.actions.reports import uphold_report
from boards.actions.withholding_comments import hide_comment, restore_comment
from boards.models import Comment, ModerationEntry, Post, Report, SpamCase, State
from boards.permissions import may_handle_spam

Operation = ModerationEntry.Operation


def handle_spam(
    *, member: Member, reason: str, by: Member, seconds: float | None = SECONDS
) -> SpamCase:
    """Handles `member` as a spam account; continues if somebody has begun.

    Stops hiding after about `seconds`; None for no limit. Raises Refused without the permission or
    a reason.
    """
    case = _begin(member, reason, by)
    _hide(case, by, deadline(seconds))
    return case


def undo_spam(*, case: SpamCase, by: Member, seconds: float | None = SECONDS) -> SpamCase:
    """Undoes handle_spam: restores what it has hidden, unless somebody has judged that since.

    Stops restoring after about `seconds`; None for no limit. Raises Refused without the permission,
    or when the member was erased meanwhile.
    """
    case = _end(case, by)
    _restore(case, by, deadline(seconds))
    return case


def finish_spam_cases() -> int:
    """Continues all that were interrupted; returns how many. For the daily chore."""
    hiding = Q(undone_at=None, hidden_at=None)
    unfinished = SpamCase.objects.filter(hiding | Q(undone_at__isnull=False, restored_at=None))
    for case in (cases := list(unfinished.select_related("member", "by"))):
        (_hide if case.undone_at is None else _restore)(case, case.by, deadline(None))
    return len(cases)


def open_case(member: Member) -> SpamCase | None:
    """The newest case of `member`, if it was not undone, or is being undone."""
    case = SpamCase.objects.filter(member=member).order_by("-pk").first()
    return case if case and (case.undone_at is None or not case.is_finished) else None


@transaction.atomic
def _begin(member: Member, reason: str, by: Member) -> SpamCase:
    lock_members(member.pk)
    member.refresh_from_db()
    if not may_handle_spam(by, member):
        raise Refused(_("이 회원을 스팸 계정으로 처리할 권한이 없습니다."))
    found = SpamCase.objects.filter(member=member, undone_at=None).first()
    if found is not None:
        return found
    reason = reason.strip()[:100]
    before = {
        "was_suspended_until": member.suspended_until,
        "was_suspension_reason": member.suspension_reason,
        "showed_profile": member.shows_profile,
    }
    suspend_member(member=member, until=None, reason=reason, by=by)
    shut_out(member=member)
    member.shows_profile = False  # with the picture and the introduction, which may be spam too
    member.save(update_fields=["shows_profile"])
    return SpamCase.objects.create(member=member, by=by, reason=reason, **before)


@transaction.atomic
def _end(case: SpamCase, by: Member) -> SpamCase:
    lock_members(case.member_id)
    case = SpamCase.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)
    member = case.member
    if member.erased_at is not None or not may_handle_spam(by, member):
        raise Refused(_("이 회원의 스팸 처리를 되돌릴 수 없습니다."))
    if case.undone_at is not None:
        return case
    case.undone_at = timezone.now()
    case.save(update_fields=["undone_at"])
    lift_suspension(member=member, by=by)
    member.suspended_until = case.was_suspended_until
    member.suspension_reason = case.was_suspension_reason
    member.shows_profile = case.showed_profile
    member.save(update_fields=["suspended_until", "suspension_reason", "shows_profile"])
    end_shut_out(member=member)
    return case


def _hide(case: SpamCase, by: Member | None, until: float) -> None:
    member, moderator = case.member, case.by or by
    number = 0
    posts = Post.objects.published().filter(author=member).order_by("-pk")
    comments = Comment.objects.published().filter(author=member).order_by("-pk")
    while case.hidden_at is None:
        chunk = list(posts[: in_parts.CHUNK])
        with transaction.atomic():
            if _is_over(case, "hidden_at"):
                return
            manage_posts(
                posts=chunk,
                operation=Operation.HIDE,
                by=moderator,
                reason=case.line,
                is_quiet=True,
            )
        number += len(chunk)
        if not chunk:
            replies = list(comments.select_related("post__board", "author")[: in_parts.CHUNK])
            for comment in replies:
                with transaction.atomic():
                    if _is_over(case, "hidden_at"):
                        return
                    hide_comment(comment=comment, by=moderator, reason=case.line, is_quiet=True)
            number += len(replies)
            if not replies:
                _uphold(case, moderator)
                _finish(case, "hidden_at", _("스팸 계정 처리를 마침: %s") % case.line, moderator)
                return
        if time.monotonic() > until:
            return


def _restore(case: SpamCase, by: Member | None, until: float) -> None:
    for pks in chunks(Post.objects.filter(author=case.member, state=State.HIDDEN)):
        with transaction.atomic():
            if _is_over(case, "restored_at"):
                return
            manage_posts(
                posts=Post.objects.filter(
                    pk__in=last_changed_by(Operation.HIDE, case.line, "post", pks)
                ),
                operation=Operation.RESTORE,
                by=by,
                reason=case.line,
                is_quiet=True,
            )
        if time.monotonic() > until:
            return
    for pks in chunks(Comment.objects.filter(author=case.member, state=State.HIDDEN)):
        own = Comment.objects.filter(
            pk__in=last_changed_by(Operation.HIDE, case.line, "comment", pks)
        )
        for comment in own.select_related("post__board", "author").order_by("pk"):
            with transaction.atomic():
                if _is_over(case, "restored_at"):
                    return
                restore_comment(comment=comment, by=by, reason=case.line, is_quiet=True)
        if time.monotonic() > until:
            return
    _finish(case, "restored_at", _("스팸 계정 처리를 되돌림: %s") % case.line, by)


def _uphold(case: SpamCase, by: Member | None) -> None:
    """Settles the open reports about what was hidden."""
    own = Q(comment=None, post__author=case.member_id) | Q(comment__author=case.member_id)
    for report in Report.objects.open().filter(own).order_by("-pk"):
        uphold_report(report=report, by=by, reason=case.line)  # those of one case at once


def _is_over(case: SpamCase, field: str) -> bool:
    """Whether somebody has undone or finished `case` meanwhile. Locks it until the transaction
    ends."""
    now = SpamCase.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)
    return now.undone_at != case.undone_at or getattr(now, field) is not None


@transaction.atomic
def _finish(case: SpamCase, field: str, words: str, by: Member | None) -> None:
    if _is_over(case, field):
        return
    setattr(case, field, timezone.now())
    case.save(update_fields=[field])
    if by is not None:
        log_action(by=by, member=case.member, words=words)
