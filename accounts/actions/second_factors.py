"""Second factors: removes those that a member has lost, and detects copied passkeys. allauth lets
members add and remove their own."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions.record import record
from accounts.mails.members import mail_member
from accounts.models import Member, MemberEvent
from accounts.queries.second_factors import factor_name
from boardsite.limits.rate_limit import is_first_today


@transaction.atomic
def forget_second_factors(*, member: Member, by: Member | None = None) -> int:
    """Removes all passkeys, the app and the recovery codes. Returns their number.

    The member logs in with the password alone until they add some again, and gets a mail. `by` is
    who did it, None for the operator of the machine."""
    factors = Authenticator.objects.filter(user=member)
    count = factors.count()
    if count:
        factors.delete()
        words = _("2단계 인증을 운영자가 끔")
        record(member=member, kind=MemberEvent.Kind.SECURITY, words=words, by=by)
        transaction.on_commit(lambda: mail_member(member, "forget_second_factors"))
    return count


@transaction.atomic
def take_signature(*, passkey: Authenticator, counter: int) -> bool:
    """Stores the signature counter of `passkey`. Returns False where it has not grown, because the
    passkey may have been copied (WebAuthn, section 6.1.1). Most passkeys do not count and send 0.
    """
    passkey = Authenticator.objects.select_for_update().get(pk=passkey.pk)
    last = passkey.data.get("sign_count")
    if last is None:
        last = passkey.wrap().authenticator_data.counter
    if counter == last == 0:
        return True
    if counter <= last:
        return False
    passkey.data["sign_count"] = counter
    passkey.save(update_fields=["data"])
    return True


def note_copied_passkey(*, passkey: Authenticator) -> None:
    """Notifies the member once a day, because the refused passkey may be their own."""
    if not is_first_today(f"copied:{passkey.pk}"):
        return
    member = passkey.user
    words = _("복제되었을 수 있음: %s") % factor_name(passkey)
    record(member=member, kind=MemberEvent.Kind.SECURITY, words=words)
    url = settings.SITE_URL + reverse("mfa_list_webauthn")
    name = passkey.wrap().name
    transaction.on_commit(
        lambda: mail_member(member, "copied_passkey", passkey=name, passkeys_url=url)
    )
