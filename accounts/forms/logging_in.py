"""Logging in, and what one logs in with."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import EMAIL, NEW_PASSWORDS, PASSWORD, OurWords, check_new_email
from accounts.models import Member


class LoginForm(OurWords, allauth_forms.LoginForm):
    words = {
        "login": (_("아이디 또는 E-mail"), _("아이디 또는 E-mail을 입력해 주세요.")),
        "password": PASSWORD,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = _("자동로그인")


class ReauthenticateForm(OurWords, allauth_forms.ReauthenticateForm):
    words = {"password": PASSWORD}


class ChangePasswordForm(OurWords, allauth_forms.ChangePasswordForm):
    words = {
        "oldpassword": (_("지금 비밀번호"), _("지금 비밀번호를 입력해 주세요.")),
        **NEW_PASSWORDS,
    }


class SetPasswordForm(OurWords, allauth_forms.SetPasswordForm):
    words = NEW_PASSWORDS


class ResetPasswordForm(OurWords, allauth_forms.ResetPasswordForm):
    words = {"email": EMAIL}


class ResetPasswordKeyForm(OurWords, allauth_forms.ResetPasswordKeyForm):
    words = NEW_PASSWORDS


class ChangeEmailForm(OurWords, allauth_forms.AddEmailForm):
    """A new address, which takes the place of the present one when its owner has confirmed it."""

    words = {"email": (_("새 E-mail"), _("새 E-mail 주소를 입력해 주세요."))}

    def clean_email(self) -> str:
        email = super().clean_email()
        check_new_email(email)
        if Member.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise get_adapter().validation_error("email_taken")
        return email

    def save(self, request) -> EmailAddress:
        # allauth's own would delete the present address where that was never confirmed.
        addresses = EmailAddress.objects.filter(user=self.user)
        with transaction.atomic():
            addresses.exclude(email=self.user.email).delete()
            address = addresses.create(user=self.user, email=self.cleaned_data["email"])
        send_verification_email_to_address(request, address)
        return address
