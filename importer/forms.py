from allauth.account.adapter import get_adapter
from django import forms
from django.utils.translation import gettext_lazy as _

from boardsite.forms import LengthFirst


class UsernameField(LengthFirst, forms.CharField):
    """An 아이디 that somebody could also join with."""


class UsernameForm(forms.Form):
    all_required = True

    username = UsernameField(
        label=_("새 아이디"),
        max_length=20,
        help_text=_("영문 소문자, 숫자, _ 로 3자 이상 20자 이하."),
        error_messages={"required": _("새 아이디를 입력해 주세요.")},
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "data-check-name": "username"}
        ),
    )

    def clean_username(self) -> str:
        return get_adapter().clean_username(self.cleaned_data["username"])
