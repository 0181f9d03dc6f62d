"""메모: notes of staff members about a member, for the other staff.

The member never sees them, on no page and not in the export of their data: they are working papers
of the staff, and they are deleted with the member's row."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.models import Member, MemberNote
from accounts.permissions import Refused, is_owner

TWICE = timedelta(minutes=1)  # within this time the same text by the same author is one note


@transaction.atomic
def write_note(*, member: Member, text: str, by: Member) -> MemberNote:
    """Adds a note. A repeated submission returns the first one."""
    lock_members(member.pk)
    since = timezone.now() - TWICE
    same = MemberNote.objects.filter(member=member, by=by, text=text, at__gte=since).first()
    return same or MemberNote.objects.create(member=member, by=by, text=text)


def delete_note(*, note: MemberNote, by: Member) -> None:
    """Raises Refused for a note by somebody else, unless `by` owns the site."""
    if note.by_id != by.pk and not is_owner(by):
        raise Refused(_("다른 사람이 쓴 메모는 지울 수 없습니다."))
    note.delete()
