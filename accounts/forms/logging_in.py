"""Logging in, passwords and the address."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import lock_members
from accounts.allauth_internals import send_verification_email_to_address
from accounts.forms.fields import (
    EMAIL,
    NEW_PASSWORDS,
    PASSWORD,
    NeedsMail,
    OurTexts,
    check_new_email,
)
from accounts.models import Member


class LoginForm(OurTexts, allauth_forms.LoginForm):
    words = {
        "login": (_("아이디 또는 E-mail"), _("아이디 또는 E-mail을 입력해 주세요.")),
        "password": PASSWORD,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = _("자동로그인")


class ReauthenticateForm(OurTexts, allauth_forms.ReauthenticateForm):
    words = {"password": PASSWORD}


class ChangePasswordForm(OurTexts, allauth_forms.ChangePasswordForm):
    words = {
        "oldpassword": (_("지금 비밀번호"), _("지금 비밀번호를 입력해 주세요.")),
        **NEW_PASSWORDS,
    }


class SetPasswordForm(OurTexts, allauth_forms.SetPasswordForm):
    words = NEW_PASSWORDS


class ResetPasswordForm(NeedsMail, allauth_forms.ResetPasswordForm):
    words = {"email": EMAIL}


class LinkUsed(Exception):
    """The mailed link has been used or has become invalid since the request began."""


class ResetPasswordKeyForm(OurTexts, allauth_forms.ResetPasswordKeyForm):
    words = NEW_PASSWORDS

    def save(self) -> None:
        """Checks the link again under the lock, so that one of several parallel requests succeeds.
        Raises LinkUsed in the others."""
        with transaction.atomic():
            lock_members(self.user.pk)
            self.user.refresh_from_db()  # the token depends on the password that it replaces
            if not allauth_forms.default_token_generator.check_token(self.user, self.temp_key):
                raise LinkUsed
            super().save()


class ChangeEmailForm(NeedsMail, allauth_forms.AddEmailForm):
    """A new address, which replaces the current one when it has been confirmed."""

    words = {"email": (_("새 E-mail"), _("새 E-mail 주소를 입력해 주세요."))}

    def clean_email(self) -> str:
        email = super().clean_email()
        check_new_email(email)
        if Member.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise get_adapter().validation_error("email_taken")
        return email

    def save(self, request) -> EmailAddress:
        # allauth would delete the current address if it was never confirmed.
        addresses = EmailAddress.objects.filter(user=self.user)
        with transaction.atomic():
            addresses.exclude(email=self.user.email).delete()
            address = addresses.create(user=self.user, email=self.cleaned_data["email"])
        send_verification_email_to_address(request, address)
        return address
