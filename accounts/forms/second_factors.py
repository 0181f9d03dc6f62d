"""Codes and passkeys for logging in, beside the password or instead of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.actions.guesses import count_guess, note_wrong_guess, take_guess_back
from accounts.actions.second_factors import note_copied_passkey, take_signature
from accounts.allauth_internals import (
    complete_authentication,
    parse_authentication_response,
    validate_totp_code,
)
from accounts.forms.fields import EMAIL, NeedsMail, OurTexts
from accounts.models import Member
from accounts.queries.devices import DEVICE_COOKIE, known_device
from boardsite.limits.rate_limit import TooMany, hit_until
from boardsite.visitors.identity import address_key

NAME_LENGTH = 40  # characters of a passkey's name

APP_CODE = (_("인증 앱의 코드"), _("인증 앱에 보이는 코드를 입력해 주세요."))
ANY_CODE = (_("인증 앱의 코드 또는 복구 코드"), _("코드를 입력해 주세요."))
PASSKEY_NAME = (_("패스키 이름"), _("패스키 이름을 입력해 주세요."))
CREDENTIAL = ("", _("패스키를 확인하지 못했습니다. 다시 시도해 주세요."))


@contextmanager
def counted(member: Member) -> Iterator[None]:
    """Counts a guess at a second factor of `member` before it is checked, and takes it back when it
    was right. Raises ValidationError above the limits of accounts.actions.guesses.

    allauth allows as many guesses as wrong passwords, and resets the count of the address with each
    right answer, so that guessers could start again by logging in with an account of their own."""
    request = context.request
    device_key = request.COOKIES.get(DEVICE_COOKIE, "")
    try:
        guess = count_guess(
            member=member,
            device=known_device(member, device_key),
            address=address_key(request),
        )
    except TooMany as refusal:
        raise ValidationError(refusal.message, code="too_many_login_attempts") from refusal
    try:
        yield
    except ValidationError:
        note_wrong_guess(guess)
        raise
    take_guess_back(guess)


class Digits(OurTexts):
    """A code of digits, for which phones show their number keys."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class RequestLoginCodeForm(NeedsMail, account_forms.RequestLoginCodeForm):
    words = {"email": EMAIL}
    _user: Member | None  # allauth's

    def clean_email(self) -> str:
        email = super().clean_email()
        if self._user is not None and self._user.is_robot:
            self._user = None  # nobody logs in as a robot, and nobody learns which member is one
        return email


class ConfirmLoginCodeForm(OurTexts, account_forms.ConfirmLoginCodeForm):
    """allauth counts the tries in the session, which parallel requests read before one of them has
    written it. Here they are counted before the code is compared."""

    words = {"code": (_("로그인 코드"), _("메일로 받은 코드를 입력해 주세요."))}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocapitalize": "characters", "autofocus": True}

    def clean_code(self) -> str:
        state = context.request._login_stage.state
        asked = salted_hmac("login_code", f"{state['at']}:{state.get('email')}", algorithm="sha256")
        key = f"login_code:{asked.hexdigest()[:32]}"
        end = int(state["at"]) + account_settings.LOGIN_BY_CODE_TIMEOUT + 1
        if not hit_until(key, account_settings.LOGIN_BY_CODE_MAX_ATTEMPTS, end):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        return super().clean_code()


class ActivateTOTPForm(Digits, totp_forms.ActivateTOTPForm):
    words = {"code": APP_CODE}

    def clean_code(self) -> str:
        """Not counted, because the page itself shows the secret that a guesser would look for."""
        code = self.cleaned_data["code"]
        if not validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AnyCode(Digits):
    """A code of the app, or a recovery code."""

    words = {"code": ANY_CODE}
    user: Member  # allauth's

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
    """Turns a malformed credential, which no browser sends, into a form error instead of an error
    page."""

    def full_clean(self):
        try:
            super().full_clean()
        except (TypeError, ValueError, AttributeError, KeyError, RecursionError):
            self.cleaned_data = {}
            self.data = self.data.copy()
            self.data.pop("credential", None)  # otherwise rendering the page would parse it again
            self.add_error(None, get_adapter().validation_error("incorrect_code"))


class AddPasskeyForm(WellFormed, OurTexts, passkey_forms.AddWebAuthnForm):
    """Every key is a passkey: it identifies the member and asks for a finger, a face or its PIN."""

    words = {"name": PASSKEY_NAME, "credential": CREDENTIAL}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.fields["name"].max_length = NAME_LENGTH
        self.fields["name"].widget.attrs["maxlength"] = NAME_LENGTH

    def clean_name(self) -> str:
        return super().clean_name()[:NAME_LENGTH]

    def clean(self) -> dict[str, Any]:
        # makes allauth check that the key verified the user
        self.cleaned_data["passwordless"] = True
        super().clean()
        return self.cleaned_data


class EditPasskeyForm(OurTexts, passkey_forms.EditWebAuthnForm):
    words = {"name": PASSKEY_NAME}

    def clean_name(self) -> str:
        return self.cleaned_data["name"][:NAME_LENGTH]


def not_copied(passkey: Authenticator, credential: dict) -> Authenticator:
    """Returns `passkey`, which has signed `credential`. Raises ValidationError where its signature
    counter has been used before."""
    data = parse_authentication_response(credential).response.authenticator_data
    if not take_signature(passkey=passkey, counter=data.counter):
        note_copied_passkey(passkey=passkey)
        raise ValidationError(
            _("이 패스키는 복제되었을 수 있어 쓸 수 없습니다. 메일로 보낸 안내를 읽어 주세요."),
            code="copied",
        )
    return passkey


class LoginPasskeyForm(WellFormed, OurTexts, passkey_forms.LoginWebAuthnForm):
    words = {"credential": CREDENTIAL}

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        return not_copied(super().clean_credential(), credential)


class OwnPasskey(WellFormed, OurTexts):
    """One of the passkeys of a member who is known already."""

    words = {"credential": CREDENTIAL}
    user: Member  # allauth's

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        parse_authentication_response(credential)
        with counted(self.user):
            return not_copied(complete_authentication(self.user, credential), credential)


class AuthenticatePasskeyForm(OwnPasskey, passkey_forms.AuthenticateWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(OwnPasskey, passkey_forms.ReauthenticateWebAuthnForm):
    pass
