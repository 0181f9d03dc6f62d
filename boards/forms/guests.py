"""What is asked of a guest besides his words: who he is, and that he is no program."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.captcha import CaptchaFields
from accounts.forms.traps import fresh_stamp, trapped
from accounts.models import Member
from accounts.text.names import clean_nickname, is_reserved, validate_nickname
from boards.actions.guests import Guest
from boards.forms.fields import LineField

NAME_LENGTH = Member._meta.get_field("nickname").max_length
PASSWORD_LENGTHS = (4, 128)  # characters

NAME_RULE = _("이름은 공백 없이 한글, 영문, 숫자로 2자 이상 16자 이하여야 합니다.")
NAME_TAKEN = _("회원이 쓰는 이름입니다. 다른 이름을 골라 주세요.")
LOGGED_OUT = _(
    "로그인이 풀렸습니다. 다시 로그인하시면 쓰시던 글이 그대로 있습니다. "
    "이름과 비밀번호를 적어 손님으로 올리셔도 됩니다."
)


class GuestFields(CaptchaFields):
    """The fields of a guest, for the forms of posts and comments; a member's form has none of them.

    The password is never sent back: who must correct something types it again.
    """

    guest_name = LineField(
        label=_("이름"),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "maxlength": NAME_LENGTH}),
        error_messages={"required": _("이름을 입력해 주세요.")},
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
    # A trap for programs: people neither see it nor reach it with the keyboard.
    homepage = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    made = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, is_guest: bool, **kwargs):
        """`is_guest`: a guest writes something new. Else the fields are left out, before Django copies
        them: the page of a post has such a form for each member who reads it."""
        if not is_guest:
            own = [name for name in self.base_fields if name not in GuestFields.base_fields]
            self.base_fields = {name: self.base_fields[name] for name in own}
        super().__init__(*args, **kwargs)
        if is_guest:
            self.ask_captcha()

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors and "guest_password" in self.fields:
            self["guest_password"].help_text = _("비밀번호는 다시 입력해 주세요. 4자 이상.")

    @property
    def guest(self) -> Guest | None:
        """Who sent this valid form; None for a member."""
        if "guest_name" not in self.fields:
            return None
        return Guest(self.cleaned_data["guest_name"], self.cleaned_data["guest_password"])

    @property
    def stamp(self) -> str:
        """For the hidden field `made`: the one that was sent while it is good, else a new one."""
        return fresh_stamp(self)

    def clean_guest_name(self) -> str:
        name = clean_nickname(self.cleaned_data["guest_name"])
        try:
            validate_nickname(name)
        except forms.ValidationError:
            raise forms.ValidationError(NAME_RULE, code="invalid") from None
        if is_reserved(name) or Member.objects.with_nickname(name).exists():
            raise forms.ValidationError(NAME_TAKEN, code="unique")
        return name

    def clean_made(self) -> str:
        """Also looks into the trap, so that either is told as a fault of the whole form."""
        fault = trapped(self.cleaned_data["made"], self.cleaned_data.get("homepage", ""))
        if "guest_name" not in self.data:
            self.add_error(None, LOGGED_OUT)
        elif fault:
            self.add_error(None, fault)
        return ""


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
