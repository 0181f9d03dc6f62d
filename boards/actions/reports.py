"""신고: reports by members. Enough of them hide a post until a moderator has judged it."""

import re

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from boards import limits
from boards.actions.commits import after_commit
from boards.actions.moderation import log_action
from boards.actions.notifying import notify_of_judgement
from boards.actions.posts import hide_post, lock_post, restore_post
from boards.actions.withholding_comments import hide_comment, restore_comment
from boards.models import Board, Comment, ModerationEntry, Post, Report, State
from boards.permissions import access
from boardsite.limits.rate_limit import is_first_today
from boardsite.visitors.identity import WIDER

Operation = ModerationEntry.Operation


def report_post(
    *, post: Post, member: Member, reason: str, text: str = "", network: str = ""
) -> bool:
    """Reports a post to the moderators; returns False if `member` has reported it before.

    `reason` is a Report.Reason. When Board.reports_to_hide reports have been made, the post is
    hidden. Accounts are easy to create, so reports by new members and by members who have written
    nothing do not count towards that; nor does more than one report a day per `network`
    (visitors.address_key, a hash that is meaningless after that day).
    """
    return _report(post, None, member, reason, text, network)


def report_comment(
    *, comment: Comment, member: Member, reason: str, text: str = "", network: str = ""
) -> bool:
    """As report_post, for a comment; its post stays."""
    return _report(comment.post, comment, member, reason, text, network)


def uphold_report(*, report: Report, by: Member | None, reason: str = "") -> int:
    """Hides what was reported, or leaves it hidden. Settles all open reports about it.

    Returns how many; 0 if another moderator was faster, in which case nothing changes.
    """
    with transaction.atomic():
        count = _settle(report, Report.State.UPHELD, by)
        if count:
            written, why = _written(report), _("신고 %d건 조치") % count
            if written.is_published:
                _hide(written, by, _line(why, reason))
            else:
                log_action(by, Operation.UPHOLD, **_names(written), reason=_line(why, reason))
    return count


def dismiss_report(*, report: Report, by: Member, reason: str = "") -> int:
    """Restores what reports alone had hidden. What a person hid or deleted stays so.

    Settles and returns the same as uphold_report. Also returns 0 if `report` is no longer the
    newest one: `by` has not seen the newer one.
    """
    with transaction.atomic():
        count = _settle(report, Report.State.DISMISSED, by, unless_newer=True)
        if count:
            written, why = _written(report), _("신고 %d건 문제 없음") % count
            if _is_hidden_by_reports(written):
                _restore(written, by, _line(why, reason))
            else:
                log_action(by, Operation.DISMISS, **_names(written), reason=_line(why, reason))
    return count


def _report(
    post: Post, comment: Comment | None, member: Member, reason: str, text: str, network: str
) -> bool:
    with transaction.atomic():
        lock_post(post.pk)  # serialises reports, so that exactly one of them reaches the limit
        said = {"reason": reason, "text": text, "is_weighed": is_trusted(member, post.board)}
        report, is_first = Report.objects.get_or_create(
            post=post, comment=comment, member=member, defaults=said
        )
        if is_first and report.is_weighed and not _is_first_of_network(report, network):
            report.is_weighed = False
            report.save(update_fields=["is_weighed"])
        if is_first and report.is_weighed:
            _hide_if_enough(report)
    return is_first


def is_trusted(member: Member, board: Board) -> bool:
    """Whether reports by `member` count towards hiding in `board`.

    Not those of new members, nor of members without visible posts.
    """
    can = access(member, board)
    if limits.is_new(can):
        return False
    written = (each.objects.published().filter(author=member) for each in (Post, Comment))
    return can.moderate or any(each.exists() for each in written)


def _is_first_of_network(report: Report, network: str) -> bool:
    about = f"c{report.comment_id}" if report.comment_id else f"p{report.post_id}"
    customer = network.rsplit(WIDER, 1)[0]  # the /56 of an IPv6 address
    return not network or is_first_today(f"report:{about}:{customer}")


def _hide_if_enough(report: Report) -> None:
    written = _written(report)
    board = report.post.board
    if not board.reports_to_hide or not written.is_published:
        return
    if written.author is not None and access(written.author, board).moderate:
        return  # reports about moderators never hide, they wait for a judgement
    reports = Report.objects.open().about(report.post, report.comment).filter(is_weighed=True)
    looked = _entries(written).filter(operation__in=[Operation.RESTORE, Operation.DISMISS]).first()
    if looked is not None:  # reports before the last judgement do not count again
        reports = reports.filter(created_at__gt=looked.at)
    count = reports.count()
    if count >= board.reports_to_hide:
        _hide(written, None, _("신고 %d건으로 자동 숨김") % count)


def _settle(
    report: Report, state: Report.State, by: Member | None, *, unless_newer: bool = False
) -> int:
    lock_post(report.post_id)
    reports = Report.objects.open().filter(post=report.post_id, comment=report.comment_id)
    if unless_newer and reports.filter(pk__gt=report.pk).exists():
        return 0
    settled = list(reports.values_list("pk", flat=True))
    if report.pk not in settled:
        return 0  # already judged; newer reports are another case
    after_commit(notify_of_judgement, settled)
    return reports.update(state=state, handled_by=by, handled_at=timezone.now())


def _written(report: Report) -> Post | Comment:
    """What `report` is about, reloaded; its post is already locked."""
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


def _entries(written: Post | Comment) -> QuerySet[ModerationEntry]:
    """Its log entries, newest first."""
    return ModerationEntry.objects.filter(**_names(written))


def _is_hidden_by_reports(written: Post | Comment) -> bool:
    seen = [Operation.HIDE, Operation.RESTORE, Operation.UPHOLD, Operation.DISMISS]
    last = _entries(written).filter(operation__in=seen).first()
    if written.state != State.HIDDEN or last is None or last.moderator_id is not None:
        return False
    # A moderator who left the site is NULL too, like the site itself; the reason tells them apart.
    words = re.escape(_("신고 %d건으로 자동 숨김")).replace("%d", r"\d+")
    return re.fullmatch(words, last.reason) is not None


def _line(why: str, reason: str) -> str:
    return f"{why}: {reason}" if reason else why
