"""A stranger's 저작권 신고, and what the staff make of it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.actions.posts import hide_post, remove_link
from boards.models import Post
from collector.actions.taking_down import take_down
from collector.models import Complaint, Source, SourceEvent

SAME = timedelta(days=1)
"""The same words of the same sender within this time are one complaint: a button pressed twice."""
KEPT = timedelta(days=365)
"""So long after it was handled a complaint knows who made it, and what he wrote."""

Outcome = Complaint.Outcome


def complain(
    *, source: Source, post: Post | None = None, name: str, email: str, text: str
) -> Complaint:
    """Keeps a complaint about `source`, or about a `post` of it; one that is there already is
    returned as it is."""
    said = {"post": post, "name": name, "email": email, "text": text}
    with transaction.atomic():
        Source.objects.select_for_update(no_key=True).get(pk=source.pk)  # two presses at once
        since = timezone.now() - SAME
        same = source.complaints.filter(**said, made_at__gte=since).first()
        if same is not None:
            return same
        complaint = Complaint.objects.create(source=source, **said)
        about = post.subject if post else _("글을 밝히지 않음")
        SourceEvent.objects.create(source=source, kind=SourceEvent.Kind.COMPLAINT, text=about[:300])
    return complaint


def uphold_complaint(
    *, complaint: Complaint, by: Member, is_all: bool = False, note: str = ""
) -> bool:
    """The complaint is right: its post goes from sight, or, with `is_all` or without a post, all of
    its source. False when somebody has handled it meanwhile: then nothing is done.

    The post alone is hidden as a moderator does it: put_back does not bring it back.
    """
    source, post = complaint.source, complaint.post
    is_all = is_all or post is None
    reason = _("저작권 신고 %d") % complaint.pk
    with transaction.atomic():
        if not _handle(complaint, Outcome.TAKEN_DOWN, by, note):
            return False
        if is_all:
            take_down(source=source, by=by, reason=reason, patience=0)
        elif entry := source.entries.filter(post=post, is_also=True).first():
            remove_link(post=post, url=entry.address)
        else:
            hide_post(post=post, by=by, reason=reason)
    if is_all:  # what one transaction must not hold; finish_all does it for who is killed here
        take_down(source=source, by=by, reason=reason)
    return True


def dismiss_complaint(*, complaint: Complaint, by: Member, note: str = "") -> bool:
    """Nothing is taken down for it; False as for uphold_complaint."""
    return _handle(complaint, Outcome.DISMISSED, by, note)


def forget_old_complaints() -> int:
    """Takes away who made complaints that were handled KEPT ago, and their words, which may tell it
    too; returns how many. That there was one, about what, and what became of it, stays."""
    old = Complaint.objects.filter(handled_at__lt=timezone.now() - KEPT).exclude(email="")
    return old.update(name="", email="", text="")


def _handle(complaint: Complaint, outcome: str, by: Member, note: str) -> bool:
    """Notes the outcome, if it is the first one."""
    waiting = Complaint.objects.filter(pk=complaint.pk, outcome=Outcome.OPEN)
    said = {"outcome": outcome, "handled_at": timezone.now(), "handled_by": by, "note": note[:300]}
    is_first = waiting.update(**said) == 1
    complaint.refresh_from_db()
    return is_first
