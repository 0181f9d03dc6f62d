"""The form that asks for the password of a guest's post or comment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.forms.guests import PASSWORD_LENGTHS


class PasswordForm(forms.Form):
    """The password with which a guest wrote something."""

    password = forms.CharField(
        label=_("비밀번호"),
        strip=False,
        max_length=PASSWORD_LENGTHS[1],
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("비밀번호를 입력해 주세요."),
            "max_length": _("비밀번호가 틀립니다."),
        },
    )
    all_required = True
