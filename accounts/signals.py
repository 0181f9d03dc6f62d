"""Receivers of allauth's and Django's signals: they write the member's record, and delete the row
of a session that ends.

These apps cannot call our actions, so their signals do; we have no signals of our own. No e-mail
address is recorded."""

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_out
from django.utils.translation import gettext as _

from accounts.actions.passwords import end_old_claims
from accounts.actions.record import record
from accounts.models import MemberEvent, MemberSession
from accounts.queries.second_factors import factor_name
from accounts.queries.social import name_of
from accounts.sessions import current_of

Kind = MemberEvent.Kind


def connect() -> None:
    """Called once, by AppConfig.ready."""
    account.email_changed.connect(_email_changed)
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_password_changed)
    social.social_account_added.connect(_social_account_added)
    social.social_account_removed.connect(_social_account_removed)
    mfa.authenticator_added.connect(_factor_added)
    mfa.authenticator_removed.connect(_factor_removed)
    mfa.authenticator_reset.connect(_factor_renewed)
    user_logged_out.connect(_logged_out)


def _email_changed(*, user, **_more) -> None:
    record(member=user, kind=Kind.EMAIL)


def _password_changed(*, user, signal, **_more) -> None:
    by_mail = signal is account.password_reset
    words = _("메일의 링크로 다시 정함") if by_mail else ""
    record(member=user, kind=Kind.PASSWORD, words=words)
    end_old_claims(member=user, by_mail=by_mail)


def _social_account_added(*, sociallogin, **_more) -> None:
    words = _("이어 줌: %s") % name_of(sociallogin.account.provider)
    record(member=sociallogin.user, kind=Kind.SECURITY, words=words)


def _social_account_removed(*, socialaccount, **_more) -> None:
    words = _("끊음: %s") % name_of(socialaccount.provider)
    record(member=socialaccount.user, kind=Kind.SECURITY, words=words)


def _factor_added(*, user, authenticator, **_more) -> None:
    words = _("추가: %s") % factor_name(authenticator)
    record(member=user, kind=Kind.SECURITY, words=words)


def _factor_removed(*, user, authenticator, **_more) -> None:
    words = _("삭제: %s") % factor_name(authenticator)
    record(member=user, kind=Kind.SECURITY, words=words)


def _factor_renewed(*, user, authenticator, **_more) -> None:
    words = _("새로 만듦: %s") % factor_name(authenticator)
    record(member=user, kind=Kind.SECURITY, words=words)


def _logged_out(*, request, **_more) -> None:
    """For every way of logging out. Operations without a request delete the rows themselves."""
    if request is not None and (current := current_of(request)):
        MemberSession.objects.filter(pk=current).delete()
