"""The form of a 저작권 신고."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.captcha import CaptchaFields
from accounts.forms.traps import HoneypotField, TimestampField, fresh_stamp, trapped
from boards.forms.fields import LineField
from boardsite.text import richtext
from collector.models import Complaint


class ComplaintForm(CaptchaFields):
    """Name, return address and text. Guests must also solve a captcha; members (`is_guest` False)
    did so when they joined."""

    name = LineField(
        label=_("이름"),
        max_length=Complaint._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("회사나 단체라면 그 이름도 적어 주세요."),
        error_messages={"required": _("이름을 입력해 주세요.")},
    )
    email = forms.EmailField(
        label=_("답장을 받을 E-mail 주소"),
        max_length=Complaint._meta.get_field("email").max_length,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("답장을 받을 E-mail 주소를 입력해 주세요."),
            "invalid": _("E-mail 주소가 올바르지 않습니다."),
        },
    )
    text = forms.CharField(
        label=_("무엇을 왜 내려야 하는지"),
        max_length=Complaint._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("글의 주소나 제목, 그 글이나 사진의 권리가 누구에게 있는지 적어 주세요."),
        error_messages={
            "required": _("무엇을 왜 내려야 하는지 적어 주세요."),
            "max_length": _("%(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."),
        },
    )
    homepage = HoneypotField()
    made = TimestampField()
    all_required = True

    def __init__(self, *args, is_guest: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_guest:
            self.ask_captcha()
            return
        for name in CaptchaFields.base_fields:
            del self.fields[name]

    @property
    def stamp(self) -> str:
        """Value of the hidden field `made`: the submitted one while it is valid, else a new one."""
        return fresh_stamp(self)

    def clean_text(self) -> str:
        text = richtext.clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"], "required")
        return text

    def clean_made(self) -> str:
        """Also checks the honeypot, so that both become errors of the whole form."""
        if fault := trapped(self.cleaned_data["made"], self.cleaned_data.get("homepage", "")):
            self.add_error(None, fault)
        return ""

    def arguments(self) -> dict[str, str]:
        """The cleaned data as keyword arguments of complain."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "text")}
