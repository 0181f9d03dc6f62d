"""The form with which a guest finds their inquiries again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.forms.fields import ShortEmailField
from boards.forms.passwords import PasswordForm


class FindInquiryForm(PasswordForm):
    """The address and the password with which a guest inquired."""

    mail = ShortEmailField(
        label=_("E-mail 주소"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("문의하실 때 적은 E-mail 주소를 입력해 주세요."),
            "invalid": _("E-mail 주소를 확인해 주세요."),
            "max_length": _("E-mail 주소를 확인해 주세요."),
        },
    )
    field_order = ["mail", "password"]
