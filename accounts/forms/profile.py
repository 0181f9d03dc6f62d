"""What others see of a member."""

import re

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NicknameField, check_nickname
from accounts.models import Member, MemberSettings
from accounts.pictures import Crop, NotAPicture, square
from accounts.queries.nicknames import nickname_open_on

PICTURE_BYTES = 5 * 1024 * 1024
SIGNATURE_LINES = 3
SWITCHES = ("shows_profile", "shows_activity", "shows_presence", "takes_messages")

# Control characters and marks that turn the reading order round.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def _switch(name: str, **words) -> forms.BooleanField:
    """A yes or no of the member's row, in the words of its column unless others are given."""
    column = Member._meta.get_field(name)
    words = {"label": column.verbose_name, "help_text": column.help_text} | words
    return forms.BooleanField(required=False, **words)


def _nickname_help(member: Member) -> str:
    """When he may change it next, where that is not always."""
    days = MemberSettings.known().nickname_days
    if day := nickname_open_on(member):
        return _t("별명은 %s부터 바꿀 수 있습니다.") % date_format(day)
    if not days or member.is_superuser:
        return NicknameField().help_text
    return (
        _t(
            "공백 없이 한글, 영문, 숫자로 2자 이상. 바꾸면 앞으로 %d일 동안은 다시 바꿀 수 없습니다."
        )
        % days
    )


class ProfileForm(forms.Form):
    nickname = NicknameField()
    introduction = forms.CharField(
        label=_("자기소개"),
        max_length=Member._meta.get_field("introduction").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-autogrow": True}),
    )
    signature = forms.CharField(
        label=_("서명"),
        max_length=Member._meta.get_field("signature").max_length,
        required=False,
        help_text=_("서명을 쓰는 게시판에서 내 글 아래에 보입니다. 세 줄까지 쓸 수 있습니다."),
        widget=forms.Textarea(attrs={"rows": 2, "data-autogrow": True}),
    )
    picture = forms.FileField(
        label=_("사진"),
        required=False,
        help_text=_("정사각형으로 잘라 씁니다. JPG, PNG, GIF, WebP 파일로 5 MB까지."),
        # Named one by one: a telephone then sends its HEIC pictures as JPEG.
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/gif,image/webp"}),
        error_messages={"empty": _("빈 파일입니다.")},
    )
    crop = forms.CharField(required=False, widget=forms.HiddenInput)  # filled in by crop.js
    remove_picture = forms.BooleanField(label=_("삭제"), required=False)
    shows_profile = _switch(
        "shows_profile",
        label=_("정보공개"),
        help_text=_("다른분들이 나의 정보를 볼 수 있도록 합니다. 끄면 이름만 보입니다."),
    )
    shows_activity = _switch("shows_activity")
    shows_presence = _switch("shows_presence")
    takes_messages = _switch("takes_messages")

    field_order = ["crop"]  # before the picture, which is cut by it

    def __init__(self, *args, member: Member, **kwargs):
        self.member = member
        names = ("nickname", "introduction", "signature", *SWITCHES)
        initial = {name: getattr(member, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["nickname"].help_text = _nickname_help(member)

    def clean_nickname(self) -> str:
        return check_nickname(self.cleaned_data["nickname"], self.member)

    def clean_introduction(self) -> str:
        return _UNSEEN.sub("", self.cleaned_data["introduction"].replace("\r\n", "\n"))

    def clean_signature(self) -> str:
        """Its lines without empty ones."""
        text = _UNSEEN.sub("", self.cleaned_data["signature"])
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > SIGNATURE_LINES:
            raise forms.ValidationError(_("서명은 세 줄까지 쓸 수 있습니다."), code="max_lines")
        return "\n".join(lines)

    def clean_picture(self) -> bytes | None:
        upload = self.cleaned_data["picture"]
        if not upload:
            return None
        if upload.size > PICTURE_BYTES:
            raise forms.ValidationError(_("사진은 5 MB까지 올릴 수 있습니다."), code="max_size")
        try:
            return square(upload, Crop.parse(self.cleaned_data.get("crop", "")))
        except NotAPicture as problem:
            raise forms.ValidationError(str(problem), code="invalid_image") from problem

    def deed(self) -> dict:
        """What actions.edit_profile takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "crop"}

    def forbidden_fields(self) -> set[str]:
        """What was sent of the member's row that is not his to set; nothing of it is read."""
        columns = {field.name for field in (*Member._meta.fields, *Member._meta.many_to_many)}
        return (columns - self.fields.keys()) & self.data.keys()
