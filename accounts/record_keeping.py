"""What happens in allauth's own views goes into the member's record.

allauth's signals, never our own: its deeds are not ours to call `record` in. Second factors are
noted in `accounts.mfa`. No e-mail address is written down.
"""

from allauth.account import signals as account
from allauth.socialaccount import signals as social
from django.utils.translation import gettext as _

from accounts.actions.record import record
from accounts.models import MemberEvent

Kind = MemberEvent.Kind


def connect() -> None:
    """Called once, by AppConfig.ready."""
    account.email_changed.connect(_email_changed)
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_password_changed)
    social.social_account_added.connect(_social_account_added)
    social.social_account_removed.connect(_social_account_removed)


def _email_changed(*, user, **_more) -> None:
    record(member=user, kind=Kind.EMAIL)


def _password_changed(*, user, signal, **_more) -> None:
    words = _("메일의 링크로 다시 정함") if signal is account.password_reset else ""
    record(member=user, kind=Kind.PASSWORD, words=words)


def _social_account_added(*, sociallogin, **_more) -> None:
    words = _("이어 줌: %s") % sociallogin.account.provider
    record(member=sociallogin.user, kind=Kind.SECURITY, words=words)


def _social_account_removed(*, socialaccount, **_more) -> None:
    words = _("끊음: %s") % socialaccount.provider
    record(member=socialaccount.user, kind=Kind.SECURITY, words=words)
