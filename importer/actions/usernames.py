"""A new 아이디 for a member whose old one our rules refuse."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.actions.record import record
from accounts.models import Member, MemberEvent
from importer.models import Imported, Kind


class Taken(Exception):
    """Somebody has taken the 아이디 meanwhile."""


def choose_username(*, member: Member, username: str) -> None:
    """Gives the member this 아이디, which the form has checked; the old one no longer logs them in. Nothing
    happens where they have chosen already. Raises Taken."""
    try:
        with transaction.atomic():
            lock_members(member.pk)
            old = Imported.objects.filter(kind=Kind.NAME, board=0, new=member.pk)
            if not old.exists():
                return
            old.delete()
            Member.objects.filter(pk=member.pk).update(username=username)
            words = _("아이디를 새로 골랐습니다: %s") % username
            record(member=member, kind=MemberEvent.Kind.SECURITY, words=words)
    except IntegrityError:
        raise Taken from None
