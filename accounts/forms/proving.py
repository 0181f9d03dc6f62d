"""Asks for the password again before sensitive operations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PASSWORD
from accounts.models import Member


class ProofForm(forms.Form):
    """Asks for the password of `member`. accounts.proof asks members without one in another way."""

    password = forms.CharField(
        label=PASSWORD[0],
        error_messages={"required": PASSWORD[1]},
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, member: Member, **kwargs):
        super().__init__(*args, **kwargs)
        self.member = member
        if not member.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.member.check_password(password):
            raise forms.ValidationError(_("비밀번호가 틀립니다."), code="invalid")
        return password
