"""저작권 신고: making, answering and anonymising a complaint."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.actions.links import remove_link
from boards.actions.posts import hide_post
from boards.models import Post
from collector.actions.taking_down import take_down
from collector.models import Complaint, Source, SourceEvent

SAME = timedelta(days=1)
"""The same text from the same sender within this time is one complaint (a double submission)."""
RETENTION = timedelta(days=365)
"""The name, address and text of a complaint are deleted this long after it was handled."""

Outcome = Complaint.Outcome


def complain(
    *, source: Source, post: Post | None = None, name: str, email: str, text: str
) -> Complaint:
    """Stores a complaint about `source`, or about one `post` of it. A duplicate returns the
    existing row."""
    said = {"post": post, "name": name, "email": email, "text": text}
    with transaction.atomic():
        Source.objects.select_for_update(no_key=True).get(pk=source.pk)  # two submissions at once
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
    """Accepts a complaint and hides its post; with `is_all`, or without a post, all posts of its
    source.

    Returns False, and does nothing, if somebody else has already handled it. A single post is
    hidden as by a moderator: put_back does not restore it.
    """
    source, post = complaint.source, complaint.post
    reason = _("저작권 신고 %d") % complaint.pk
    with transaction.atomic():
        if not _handle(complaint, Outcome.TAKEN_DOWN, by, note):
            return False
        if post is None or is_all:
            take_down(source=source, by=by, reason=reason, patience=0)
        elif entry := source.entries.filter(post=post, is_also=True).first():
            remove_link(post=post, url=entry.address)
        else:
            hide_post(post=post, by=by, reason=reason)
    if (
        post is None or is_all
    ):  # too much for one transaction; finish_all continues if the process is killed here
        take_down(source=source, by=by, reason=reason)
    return True


def dismiss_complaint(*, complaint: Complaint, by: Member, note: str = "") -> bool:
    """Rejects a complaint; returns False as uphold_complaint does."""
    return _handle(complaint, Outcome.DISMISSED, by, note)


def forget_old_complaints() -> int:
    """Deletes sender and text of complaints that were handled RETENTION ago; returns how many. The text
    may identify the sender too. Source, post and outcome stay."""
    old = Complaint.objects.filter(handled_at__lt=timezone.now() - RETENTION).exclude(email="")
    return old.update(name="", email="", text="")


def _handle(complaint: Complaint, outcome: str, by: Member, note: str) -> bool:
    """Records the outcome if there is none yet."""
    waiting = Complaint.objects.filter(pk=complaint.pk, outcome=Outcome.OPEN)
    said = {"outcome": outcome, "handled_at": timezone.now(), "handled_by": by, "note": note[:300]}
    is_first = waiting.update(**said) == 1
    complaint.refresh_from_db()
    return is_first
