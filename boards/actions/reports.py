"""신고: what members find wrong, hidden when enough of them do, until a moderator has judged it."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.actions.comments import hide_comment, restore_comment
from boards.actions.moderation import log_deed
from boards.actions.posts import hide_post, lock_post, restore_post
from boards.actions.telling import after_commit, tell_of_judgement
from boards.models import Comment, ModerationEntry, Post, Report, State
from boards.permissions import access

Deed = ModerationEntry.Deed


def report_post(*, post: Post, member: Member, reason: str, text: str = "") -> bool:
    """Tells the moderators about a post; False when `member` has done so before.

    `reason` is a Report.Reason. When Board.reports_to_hide members have, the post is hidden.
    """
    return _report(post, None, member, reason, text)


def report_comment(*, comment: Comment, member: Member, reason: str, text: str = "") -> bool:
    """As report_post, about a comment; its post stays."""
    return _report(comment.post, comment, member, reason, text)


def uphold_report(*, report: Report, by: Member, reason: str = "") -> int:
    """Hides what was reported, or lets it stay hidden. Settles all open reports about the same.

    Returns how many: 0 when somebody else was faster, and then nothing happens.
    """
    with transaction.atomic():
        count = _settle(report, Report.State.UPHELD, by)
        if count:
            written, why = _written(report), _("신고 %d건 조치") % count
            if written.is_published:
                _hide(written, by, _line(why, reason))
            else:
                log_deed(by, Deed.UPHOLD, **_names(written), reason=_line(why, reason))
    return count


def dismiss_report(*, report: Report, by: Member, reason: str = "") -> int:
    """Restores what the reports alone had hidden; what a person hid or deleted stays so.

    Settles and returns the same as uphold_report, but 0 also when `report` is not the newest one
    any more: that says something which `by` has not seen.
    """
    with transaction.atomic():
        count = _settle(report, Report.State.DISMISSED, by, unless_newer=True)
        if count:
            written, why = _written(report), _("신고 %d건 문제 없음") % count
            if _is_hidden_by_reports(written):
                _restore(written, by, _line(why, reason))
            else:
                log_deed(by, Deed.DISMISS, **_names(written), reason=_line(why, reason))
    return count


def _report(post: Post, comment: Comment | None, member: Member, reason: str, text: str) -> bool:
    with transaction.atomic():
        lock_post(post.pk)  # one after the other, so that exactly one of them reaches the limit
        report, is_first = Report.objects.get_or_create(
            post=post, comment=comment, member=member, defaults={"reason": reason, "text": text}
        )
        if is_first:
            _hide_if_enough(report)
    return is_first


def _hide_if_enough(report: Report) -> None:
    written = _written(report)
    board = report.post.board
    if not board.reports_to_hide or not written.is_published:
        return
    if written.author is not None and access(written.author, board).moderate:
        return  # what those wrote who judge here waits for a judgement
    reports = Report.objects.open().about(report.post, report.comment)
    looked = _entries(written).filter(deed__in=[Deed.RESTORE, Deed.DISMISS]).first()
    if looked is not None:  # older reports have had their say
        reports = reports.filter(created_at__gt=looked.at)
    count = reports.count()
    if count >= board.reports_to_hide:
        _hide(written, None, _("신고 %d건으로 자동 숨김") % count)


def _settle(report: Report, state: Report.State, by: Member, *, unless_newer: bool = False) -> int:
    lock_post(report.post_id)
    reports = Report.objects.open().filter(post=report.post_id, comment=report.comment_id)
    if unless_newer and reports.filter(pk__gt=report.pk).exists():
        return 0
    settled = list(reports.values_list("pk", flat=True))
    if report.pk not in settled:
        return 0  # judged already; what came since is another case
    after_commit(tell_of_judgement, settled)
    return reports.update(state=state, handled_by=by, handled_at=timezone.now())


def _written(report: Report) -> Post | Comment:
    """What `report` is about, read anew: its post is locked by now."""
    report.post = Post.objects.select_related("board", "author").get(pk=report.post_id)
    if report.comment_id is None:
        return report.post
    report.comment = Comment.objects.select_related("author").get(pk=report.comment_id)
    report.comment.post = report.post
    return report.comment


def _hide(written: Post | Comment, by: Member | None, reason: str) -> None:
    if isinstance(written, Comment):
        hide_comment(comment=written, by=by, reason=reason)
    else:
        hide_post(post=written, by=by, reason=reason)


def _restore(written: Post | Comment, by: Member, reason: str) -> None:
    if isinstance(written, Comment):
        restore_comment(comment=written, by=by, reason=reason)
    else:
        restore_post(post=written, by=by, reason=reason)


def _names(written: Post | Comment) -> dict:
    if isinstance(written, Comment):
        return {"post": written.post, "comment": written}
    return {"post": written, "comment": None}


def _entries(written: Post | Comment):
    """What the log says of it, newest first."""
    return ModerationEntry.objects.filter(**_names(written))


def _is_hidden_by_reports(written: Post | Comment) -> bool:
    seen = [Deed.HIDE, Deed.RESTORE, Deed.UPHOLD, Deed.DISMISS]
    last = _entries(written).filter(deed__in=seen).first()
    if written.state != State.HIDDEN or last is None or last.moderator_id is not None:
        return False
    # Nobody is also who hid it and then left the site; the words tell.
    words = re.escape(_("신고 %d건으로 자동 숨김")).replace("%d", r"\d+")
    return re.fullmatch(words, last.reason) is not None


def _line(why: str, reason: str) -> str:
    return f"{why}: {reason}" if reason else why
