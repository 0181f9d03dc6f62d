"""What people fill in about themselves. Labels and sentences are gnuboard5's where it has them."""

import re

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django import forms
from django.db import IntegrityError, transaction
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, Notification, NotificationChoice
from accounts.names import clean_nickname, is_reserved, validate_nickname
from accounts.pictures import NotAPicture, square

PICTURE_BYTES = 5 * 1024 * 1024
PASSWORD_HELP = _("8자 이상. 숫자만으로 된 것, 흔한 것, 아이디와 비슷한 것은 쓸 수 없습니다.")
TAKEN_MEANWHILE = _("방금 다른 분이 같은 이름을 골랐습니다. 다시 확인해 주세요.")

# Control characters and marks that turn the reading order round.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class OurWords:
    """Puts our words on allauth's fields. `words`: field → (label, sentence when it is empty)."""

    words: dict = {}
    all_required = True  # so ui/field.html need not say it of each field

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, when_empty) in self.words.items():
            field = self.fields[name]
            field.label = label
            field.error_messages["required"] = when_empty
            field.widget.attrs.pop("placeholder", None)
            field.help_text = PASSWORD_HELP if name == "password1" else ""
            if name in ("username", "login"):
                field.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}


EMAIL = (_("E-mail"), _("E-mail 주소를 입력해 주세요."))
PASSWORD = (_("비밀번호"), _("비밀번호를 입력해 주세요."))
PASSWORD_AGAIN = (_("비밀번호 확인"), _("비밀번호를 한번 더 입력해 주세요."))
NEW_PASSWORDS = {
    "password1": (_("새 비밀번호"), _("새 비밀번호를 입력해 주세요.")),
    "password2": (_("새 비밀번호 확인"), _("새 비밀번호를 한번 더 입력해 주세요.")),
}


class LoginForm(OurWords, allauth_forms.LoginForm):
    words = {
        "login": (_("아이디 또는 이메일"), _("아이디 또는 이메일을 입력해 주세요.")),
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


class NicknameField(forms.CharField):
    """별명 in the form in which it is kept."""

    def __init__(self, **kwargs):
        kwargs = {
            "label": _("별명"),
            "help_text": _("글과 댓글에 보이는 이름입니다. 공백 없이 한글, 영문, 숫자로 2자 이상."),
            "max_length": Member._meta.get_field("nickname").max_length,
            "validators": [validate_nickname],
            "error_messages": {"required": _("별명을 입력해 주세요.")},
            **kwargs,
        }
        super().__init__(**kwargs)

    def to_python(self, value):
        return clean_nickname(super().to_python(value))


def check_nickname(nickname: str, member: Member | None = None, *, given: bool = False) -> str:
    """`nickname` if `member` (or somebody new) may take it; else raises ValidationError.

    Words of the staff are for the owner, or `given` by the staff. Who has one keeps it.
    """
    if member is not None and nickname == member.nickname:
        return nickname
    if is_reserved(nickname) and not given and not (member and member.is_superuser):
        raise forms.ValidationError(
            _("이미 예약된 단어로 사용할 수 없는 별명 입니다."), code="reserved"
        )
    if Member.objects.with_nickname(nickname).exclude(pk=member and member.pk).exists():
        raise forms.ValidationError(_("이미 존재하는 별명입니다."), code="unique")
    return nickname


class SignupForm(OurWords, allauth_forms.SignupForm):
    words = {
        "username": (_("아이디"), _("아이디를 입력해 주세요.")),
        "email": EMAIL,
        "password1": PASSWORD,
        "password2": PASSWORD_AGAIN,
    }
    nickname = NicknameField()
    agree_terms = forms.BooleanField(
        label=_("회원가입약관에 동의합니다"),
        error_messages={
            "required": _("회원가입약관의 내용에 동의하셔야 회원가입 하실 수 있습니다.")
        },
    )
    agree_privacy = forms.BooleanField(
        label=_("개인정보 수집 및 이용에 동의합니다"),
        error_messages={
            "required": _("개인정보 수집 및 이용의 내용에 동의하셔야 회원가입 하실 수 있습니다.")
        },
    )
    field_order = (
        "agree_terms agree_privacy username nickname email password1 password2 homepage".split()
    )
    all_required = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("영문 소문자, 숫자, _ 로 3자 이상 20자 이하.")
        self.fields["email"].help_text = _(
            "비밀번호를 잊었을 때 쓰며, 다른 회원에게 보이지 않습니다."
        )
        self.fields["nickname"].widget.attrs["autocomplete"] = "nickname"
        # A trap for programs: people neither see it nor reach it with the keyboard.
        self.fields["homepage"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}

    def clean_nickname(self) -> str:
        return check_nickname(self.cleaned_data["nickname"])

    def try_save(self, request):
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # somebody took a name between our look and our write
            self.add_error(None, TAKEN_MEANWHILE)
            return None, render(request, "account/signup.html", {"form": self})


class ProfileForm(forms.Form):
    nickname = NicknameField()
    introduction = forms.CharField(
        label=_("자기소개"),
        max_length=Member._meta.get_field("introduction").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-autogrow": True}),
    )
    picture = forms.FileField(
        label=_("사진"),
        required=False,
        help_text=_("가운데를 정사각형으로 잘라 씁니다. JPG, PNG, GIF, WebP 파일로 5 MB까지."),
        # Named one by one: a telephone then sends its HEIC pictures as JPEG.
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/gif,image/webp"}),
        error_messages={"empty": _("빈 파일입니다.")},
    )
    remove_picture = forms.BooleanField(label=_("삭제"), required=False)
    takes_messages = forms.BooleanField(
        label=Member._meta.get_field("takes_messages").verbose_name,
        help_text=Member._meta.get_field("takes_messages").help_text,
        required=False,
    )

    def __init__(self, *args, member: Member, **kwargs):
        self.member = member
        initial = {
            "nickname": member.nickname,
            "introduction": member.introduction,
            "takes_messages": member.takes_messages,
        }
        super().__init__(*args, initial=initial, **kwargs)

    def clean_nickname(self) -> str:
        return check_nickname(self.cleaned_data["nickname"], self.member)

    def clean_introduction(self) -> str:
        return _UNSEEN.sub("", self.cleaned_data["introduction"].replace("\r\n", "\n"))

    def clean_picture(self) -> bytes | None:
        upload = self.cleaned_data["picture"]
        if not upload:
            return None
        if upload.size > PICTURE_BYTES:
            raise forms.ValidationError(_("사진은 5 MB까지 올릴 수 있습니다."), code="max_size")
        try:
            return square(upload)
        except NotAPicture as problem:
            raise forms.ValidationError(str(problem), code="invalid_image") from problem


class NotificationsForm(forms.Form):
    """Which kinds of notification a member wants; all of them unless he says otherwise."""

    kinds = forms.MultipleChoiceField(
        label=_("받을 알림"),
        choices=Notification.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, member: Member, **kwargs):
        unwanted = NotificationChoice.objects.filter(member=member).values_list("kind", flat=True)
        wanted = set(Notification.Kind.values) - set(unwanted)
        super().__init__(*args, initial={"kinds": sorted(wanted)}, **kwargs)

    @property
    def unwanted(self) -> set[str]:
        """The kinds that a valid form leaves out."""
        return set(Notification.Kind.values) - set(self.cleaned_data["kinds"])
