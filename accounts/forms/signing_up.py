"""Becoming a member."""

from allauth.account import forms as allauth_forms
from django import forms
from django.db import IntegrityError, transaction
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.actions.invitations import InvitationGone, use_invitation
from accounts.forms.captcha import CaptchaFields
from accounts.forms.consents import ConsentFields
from accounts.forms.fields import (
    EMAIL,
    PASSWORD,
    PASSWORD_AGAIN,
    TAKEN_MEANWHILE,
    NicknameField,
    OurWords,
    check_new_email,
    check_nickname,
)
from accounts.forms.invitations import GONE, InvitationField
from accounts.forms.traps import fresh_stamp, trapped


class JoiningFields(OurWords, ConsentFields, InvitationField):
    """What everybody is asked who becomes a member, by a password or through a provider."""

    words = {
        "username": (_("아이디"), _("아이디를 입력해 주세요.")),
        "email": EMAIL,
    }
    nickname = NicknameField()
    field_order = (
        "agree_terms agree_privacy agree_age agree_marketing"
        " username nickname email password1 password2 homepage".split()
    )
    all_required = False
    template = ""  # of the page that shows the form, for an error at the very end

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("영문 소문자, 숫자, _ 로 3자 이상 20자 이하.")
        self.fields["email"].help_text = _(
            "비밀번호를 잊었을 때 쓰며, 다른 회원에게 보이지 않습니다."
        )
        self.fields["nickname"].widget.attrs["autocomplete"] = "nickname"
        for name in ("username", "nickname"):
            self.fields[name].widget.attrs["data-check-name"] = name  # check-name.js
        self.ask_code()

    def clean_email(self) -> str:
        email = super().clean_email()
        check_new_email(email)
        return email

    def clean_nickname(self) -> str:
        return check_nickname(self.cleaned_data["nickname"])

    def try_save(self, request):
        try:
            with transaction.atomic():
                member, response = super().try_save(request)
                if member is not None and self.invitation is not None:
                    use_invitation(invitation=self.invitation, member=member)
                return member, response
        except InvitationGone:
            self.add_error("code", GONE)
            return None, render(request, self.template, {"form": self})
        except IntegrityError:  # somebody took a name between our look and our write
            self.add_error(None, TAKEN_MEANWHILE)
            return None, render(request, self.template, {"form": self})


class SignupForm(JoiningFields, CaptchaFields, allauth_forms.SignupForm):
    words = {**JoiningFields.words, "password1": PASSWORD, "password2": PASSWORD_AGAIN}
    template = "account/signup.html"
    made = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_captcha()
        # A trap for programs: people neither see it nor reach it with the keyboard.
        self.fields["homepage"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}

    @property
    def stamp(self) -> str:
        """For the hidden field `made`."""
        return fresh_stamp(self)

    def clean(self) -> dict:
        data = super().clean()
        fault = trapped(data.get("made", ""))  # what fills in homepage is fooled: see allauth
        if fault:
            self.add_error(None, fault)
        return data
