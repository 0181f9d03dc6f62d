"""Becoming a member."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.hashers import make_password
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
    OurTexts,
    check_new_email,
    check_nickname,
)
from accounts.forms.invitations import GONE, InvitationField
from accounts.forms.recommending import RecommenderField
from accounts.forms.traps import TimestampField, fresh_stamp, trapped
from accounts.models import MemberSettings
from boardsite.forms import refuse_form, show_form
from boardsite.limits.rate_limit import TooMany, hit_or_refuse
from boardsite.visitors.identity import address_key

# Per network. A family or an office joins within an hour; a second account within seconds has to
# wait.
SIGN_UPS, SIGN_UPS_SECONDS, SIGN_UPS_A_DAY = 3, 600, 20
TOO_MANY = _("이 네트워크에서 여러 분이 가입하셨습니다. %(wait)s 뒤에 다시 눌러 주세요.")


def _count_sign_up(request) -> None:
    """Counts the sign-up before the account is created; raises TooMany above the network's limit."""
    key = f"sign_up:{address_key(request)}"
    hit_or_refuse(key, limit=SIGN_UPS, seconds=SIGN_UPS_SECONDS)
    hit_or_refuse(key, limit=SIGN_UPS_A_DAY, seconds=86_400)


class JoiningFields(OurTexts, ConsentFields, InvitationField, RecommenderField):
    """The fields for every new member, with a password or through a provider."""

    words = {
        "username": (_("아이디"), _("아이디를 입력해 주세요.")),
        "email": EMAIL,
    }
    nickname = NicknameField()
    field_order = (
        "agree_terms agree_privacy agree_age agree_marketing"
        " username nickname email password1 password2 recommender homepage".split()
    )
    all_required = False
    template = ""  # of the page with the form, for an error at the very end

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("영문 소문자, 숫자, _ 로 3자 이상 20자 이하.")
        self.fields["email"].help_text = _(
            "비밀번호를 잊었을 때 쓰며, 다른 회원에게 보이지 않습니다."
        )
        self.fields["nickname"].widget.attrs["autocomplete"] = "nickname"
        for name in ("username", "nickname"):
            self.fields[name].widget.attrs["data-check-name"] = name  # for check-name.js
        self.ask_code()
        self.ask_recommender()

    def clean_email(self) -> str:
        email = super().clean_email()  # type: ignore[misc] # of the form of allauth beside it
        check_new_email(email)
        return email

    def validate_unique_email(self, value: str) -> str:
        """A member's address is no error while addresses are confirmed by mail: the visitor sees
        the same as with any other address, and the member gets a mail (allauth's try_save)."""
        try:
            return super().validate_unique_email(value)  # type: ignore[misc] # as above
        except forms.ValidationError:
            if not MemberSettings.load().confirms_email:
                raise
            self.account_already_exists = True
            return value

    def clean_nickname(self) -> str:
        return check_nickname(self.cleaned_data["nickname"])

    def try_save(self, request):
        try:
            _count_sign_up(request)  # whether a member has the address or not
        except TooMany as refusal:
            refuse_form(self, refusal, sentence=TOO_MANY % {"wait": refusal.wait})
            return None, show_form(request, self.template, {"form": self}, self)
        if self.account_already_exists and "password1" in self.cleaned_data:
            make_password(self.cleaned_data["password1"])  # takes as long as creating a member
        self.count_recommender()
        try:
            with transaction.atomic():
                member, response = super().try_save(request)
                answered = member is not None or self.account_already_exists
                if answered and self.invitation is not None:
                    use_invitation(invitation=self.invitation, member=member)
                if member is not None:
                    self.keep_recommender(member)
                return member, response
        except InvitationGone:
            self.add_error("code", GONE)
            return None, render(request, self.template, {"form": self})
        except IntegrityError:  # somebody else took a name after the check
            self.add_error(None, TAKEN_MEANWHILE)
            return None, render(request, self.template, {"form": self})


class SignupForm(JoiningFields, CaptchaFields, allauth_forms.SignupForm):
    words = {**JoiningFields.words, "password1": PASSWORD, "password2": PASSWORD_AGAIN}
    template = "account/signup.jinja"
    made = TimestampField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_captcha()
        # A honeypot: people neither see it nor reach it with the keyboard.
        self.fields["homepage"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}

    @property
    def stamp(self) -> str:
        """For the hidden field `made`."""
        return fresh_stamp(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        fault = trapped(data.get("made", ""))  # allauth pretends success when homepage is filled in
        if fault:
            self.add_error(None, fault)
        return data
