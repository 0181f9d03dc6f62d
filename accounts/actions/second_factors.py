"""Second factors of who has lost them. Adding and removing one's own is allauth's."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.record import record
from accounts.mails.members import mail_member
from accounts.models import Member, MemberEvent


@transaction.atomic
def forget_second_factors(*, member: Member, by: Member | None = None) -> int:
    """Takes all passkeys, the app and the recovery codes away; returns how many there were.

    He logs in with the password alone until he adds some again. `by`: who did it, None for the
    person at the machine. The member is told by mail.
    """
    factors = Authenticator.objects.filter(user=member)
    count = factors.count()
    if count:
        factors.delete()
        words = _("두 단계 로그인을 운영자가 끔")
        record(member=member, kind=MemberEvent.Kind.SECURITY, words=words, by=by)
        transaction.on_commit(lambda: mail_member(member, "forget_second_factors"))
    return count
