"""Codes and passkeys: what one logs in with beside the password, or instead of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn import forms as passkey_forms
from allauth.mfa.webauthn.internal import auth as passkeys
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import EMAIL, OurWords
from accounts.models import Member

NAME_LENGTH = 40  # characters of what a member calls a passkey

APP_CODE = (_("인증 앱의 코드"), _("인증 앱에 보이는 코드를 입력해 주세요."))
ANY_CODE = (_("인증 앱의 코드 또는 복구 코드"), _("코드를 입력해 주세요."))
PASSKEY_NAME = (_("패스키 이름"), _("패스키 이름을 입력해 주세요."))
CREDENTIAL = ("", _("패스키를 확인하지 못했습니다. 다시 시도해 주세요."))


@contextmanager
def counted(member: Member) -> Iterator[None]:
    """Counts a guess, and takes it back when it was none; raises ValidationError above the limit.

    allauth would wipe the whole count of the address with each right answer, so that a guesser
    could start anew as often as he logs in with an account of his own.
    """
    usage = ratelimit.consume(
        context.request,
        app="allauth.account",
        action="login_failed",
        key=f"mfa-auth-user-{member.pk}",
    )
    if not usage:
        raise get_account_adapter().validation_error("too_many_login_attempts")
    yield
    usage.rollback()


class Digits(OurWords):
    """A code of digits: phones show their number keys."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class RequestLoginCodeForm(OurWords, account_forms.RequestLoginCodeForm):
    words = {"email": EMAIL}

    def clean_email(self) -> str:
        email = super().clean_email()
        if self._user is not None and self._user.is_robot:
            self._user = None  # nobody logs in as a robot, and nobody is told which one is
        return email


class ConfirmLoginCodeForm(OurWords, account_forms.ConfirmLoginCodeForm):
    words = {"code": (_("로그인 코드"), _("메일로 받은 코드를 입력해 주세요."))}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocapitalize": "characters", "autofocus": True}


class ActivateTOTPForm(Digits, totp_forms.ActivateTOTPForm):
    words = {"code": APP_CODE}

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        with counted(self.user):
            if not totp.validate_totp_code(self.secret, code):
                raise get_adapter().validation_error("incorrect_code")
        return code


class AnyCode(Digits):
    """Of the app, or a recovery code."""

    words = {"code": ANY_CODE}

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        factors = Authenticator.objects.filter(user=self.user).exclude(type="webauthn")
        with counted(self.user):
            right = next((each for each in factors if each.wrap().validate_code(code)), None)
            if right is None:
                raise get_adapter().validation_error("incorrect_code")
        self.authenticator = right
        return code


class AuthenticateForm(AnyCode, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateForm(AnyCode, mfa_forms.ReauthenticateForm):
    pass


class WellFormed:
    """What a browser never sends (a credential in pieces) is a wrong one, not an error page."""

    def full_clean(self):
        try:
            super().full_clean()
        except (TypeError, ValueError, AttributeError, KeyError, RecursionError):
            self.cleaned_data = {}
            self.data = self.data.copy()
            self.data.pop("credential", None)  # the page would read it once more to show it
            self.add_error(None, get_adapter().validation_error("incorrect_code"))


class AddPasskeyForm(WellFormed, OurWords, passkey_forms.AddWebAuthnForm):
    """Each key is a passkey: it knows who one is and asks for a finger, a face or its PIN."""

    words = {"name": PASSKEY_NAME, "credential": CREDENTIAL}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.fields["name"].max_length = NAME_LENGTH
        self.fields["name"].widget.attrs["maxlength"] = NAME_LENGTH

    def clean_name(self) -> str:
        return super().clean_name()[:NAME_LENGTH]

    def clean(self) -> dict:
        self.cleaned_data["passwordless"] = True  # makes allauth ask whether the key asked
        return super().clean()


class EditPasskeyForm(OurWords, passkey_forms.EditWebAuthnForm):
    words = {"name": PASSKEY_NAME}

    def clean_name(self) -> str:
        return self.cleaned_data["name"][:NAME_LENGTH]


class LoginPasskeyForm(WellFormed, OurWords, passkey_forms.LoginWebAuthnForm):
    words = {"credential": CREDENTIAL}


class OwnPasskey(WellFormed, OurWords):
    """One of the passkeys of a member who is known already."""

    words = {"credential": CREDENTIAL}

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        passkeys.parse_authentication_response(credential)
        with counted(self.user):
            return passkeys.complete_authentication(self.user, credential)


class AuthenticatePasskeyForm(OwnPasskey, passkey_forms.AuthenticateWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(OwnPasskey, passkey_forms.ReauthenticateWebAuthnForm):
    pass
