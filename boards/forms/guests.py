"""What guests enter in addition: name, password and captcha."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.captcha import CaptchaFields
from accounts.forms.traps import IS_TOO_OLD, HoneypotField, TimestampField, fresh_stamp, trapped
from accounts.models import Member
from accounts.queries.nicknames import passes_for_staff
from accounts.text.names import clean_nickname, validate_nickname
from boards.actions.guests import Guest
from boards.forms.fields import LineField, ShortEmailField

NAME_LENGTH = Member._meta.get_field("nickname").max_length
PASSWORD_LENGTHS = (4, 128)  # characters

NAME_RULE = _("이름은 공백 없이 한글, 영문, 숫자로 2자 이상 16자 이하여야 합니다.")
NAME_TAKEN = _("회원이 쓰는 이름입니다. 다른 이름을 골라 주세요.")
LOGGED_OUT = _(
    "로그인이 풀렸습니다. 다시 로그인하시면 쓰시던 글이 그대로 있습니다. "
    "이름과 비밀번호를 적어 손님으로 올리셔도 됩니다."
)


class GuestFields(CaptchaFields):
    """A guest's fields for the forms of posts and comments; a member's form has none of them.

    The password is never sent back, so it must be entered again after an error.
    """

    guest_name = LineField(
        label=_("이름"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": _("이름을 입력해 주세요."), "max_length": NAME_RULE},
    )
    guest_password = forms.CharField(
        label=_("비밀번호"),
        strip=False,
        min_length=PASSWORD_LENGTHS[0],
        max_length=PASSWORD_LENGTHS[1],
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("나중에 고치거나 지울 때 씁니다. 4자 이상."),
        error_messages={
            "required": _("비밀번호를 입력해 주세요."),
            "min_length": _("비밀번호는 %(limit_value)d자 이상이어야 합니다."),
            "max_length": _("비밀번호는 %(limit_value)d자까지 쓸 수 있습니다."),
        },
    )
    guest_mail = ShortEmailField(
        label=_("E-mail 주소"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("답변이 달리면 이 주소로 알려 드립니다. 누구에게도 보이지 않습니다."),
        error_messages={
            "required": _("답변을 알려 드릴 E-mail 주소를 입력해 주세요."),
            "invalid": _("E-mail 주소를 확인해 주세요."),
            "max_length": _("E-mail 주소를 확인해 주세요."),
        },
    )
    homepage = HoneypotField()
    made = TimestampField()

    def __init__(
        self,
        *args,
        is_guest: bool,
        asks_captcha: bool = False,
        asks_mail: bool = False,
        **kwargs,
    ):
        """`is_guest`: a guest writes something new; `asks_mail`: an inquiry.

        Otherwise the fields are left out before Django copies them, because each page of a post has
        such a form. `asks_captcha`: a member's form gets the captcha fields.
        """
        if not is_guest:
            left_out = set(GuestFields.base_fields)
            if asks_captcha:
                left_out -= set(CaptchaFields.base_fields)
            own = [name for name in self.base_fields if name not in left_out]
            # of this form alone, not of its class
            self.base_fields = {name: self.base_fields[name] for name in own}  # type: ignore[misc] # a class attribute in the stubs
        super().__init__(*args, **kwargs)
        if is_guest and not asks_mail:
            del self.fields["guest_mail"]
        elif is_guest:
            help_text = _("답변을 보거나 글을 고치고 지울 때 씁니다. 4자 이상.")
            self.fields["guest_password"].help_text = help_text
        if is_guest or asks_captcha:
            self.ask_captcha()

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if "guest_name" in self.fields and not data.get("submission"):
            # A solution of 자동등록방지 is valid for one submission, and the form has a new token now.
            self.add_error(None, IS_TOO_OLD)
            self.data = self.data.copy()
            self.data["submission"] = str(uuid.uuid4())
        return data

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors and "guest_password" in self.fields:
            self["guest_password"].help_text = _("비밀번호는 다시 입력해 주세요. 4자 이상.")

    @property
    def guest(self) -> Guest | None:
        """The guest who sent this valid form; None for a member."""
        if "guest_name" not in self.fields:
            return None
        data = self.cleaned_data
        return Guest(data["guest_name"], data["guest_password"], data.get("guest_mail", ""))

    @property
    def stamp(self) -> str:
        """The value of the hidden field `made`: the one that was sent if it is still valid, else a
        new one."""
        return fresh_stamp(self)

    def clean_guest_name(self) -> str:
        name = clean_nickname(self.cleaned_data["guest_name"])
        try:
            validate_nickname(name)
        except forms.ValidationError:
            raise forms.ValidationError(NAME_RULE, code="invalid") from None
        if passes_for_staff(name) or Member.objects.with_nickname(name).exists():
            raise forms.ValidationError(NAME_TAKEN, code="unique")
        return name

    def clean_made(self) -> str:
        """Also checks the honeypot, so that both are reported as an error of the whole form."""
        fault = trapped(self.cleaned_data["made"], self.cleaned_data.get("homepage", ""))
        if "guest_name" not in self.data:
            self.add_error(None, LOGGED_OUT)
        elif fault:
            self.add_error(None, fault)
        return ""
