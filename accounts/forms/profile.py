"""The public profile of a member."""

import re

from django import forms
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NicknameField, check_nickname
from accounts.models import Member, MemberSettings
from accounts.pictures import MAX_CROP, Crop, NotAPicture, measure, square
from accounts.queries.nicknames import nickname_open_on
from boardsite.forms import CutField, refuse_form
from boardsite.limits.decoding import PATIENCE
from boardsite.limits.rate_limit import TooMany
from boardsite.limits.uploading import count_upload, spend_pixels
from boardsite.typing import StrOrPromise

PICTURE_BYTES = 5 * 1024 * 1024
SIGNATURE_LINES = 3
SWITCHES = ("shows_profile", "shows_activity", "shows_presence", "takes_messages")

# Control characters, and marks that change the reading direction.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def _switch(column: models.BooleanField, **words) -> forms.BooleanField:
    """A yes or no of the member's row, with the texts of its column unless others are given."""
    words = {"label": column.verbose_name, "help_text": column.help_text} | words
    return forms.BooleanField(required=False, **words)


def _nickname_help(member: Member) -> StrOrPromise:
    """When the member may change it next, unless they always may."""
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
        # Listed one by one, so that phones send their HEIC pictures as JPEG.
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/gif,image/webp"}),
        error_messages={"empty": _("빈 파일입니다.")},
    )
    crop = CutField(longest=MAX_CROP, widget=forms.HiddenInput)  # crop.js fills it in
    remove_picture = forms.BooleanField(label=_("삭제"), required=False)
    shows_profile = _switch(
        Member._meta.get_field("shows_profile"),
        label=_("정보공개"),
        help_text=_("다른 분들이 나의 회원정보를 볼 수 있도록 합니다. 끄면 이름만 보입니다."),
    )
    shows_activity = _switch(Member._meta.get_field("shows_activity"))
    shows_presence = _switch(Member._meta.get_field("shows_presence"))
    takes_messages = _switch(Member._meta.get_field("takes_messages"))

    field_order = ["crop"]  # before the picture, which depends on it

    def __init__(self, *args, member: Member, **kwargs):
        self.member = member
        names = ("nickname", "introduction", "signature", *SWITCHES)
        kwargs["initial"] = {name: getattr(member, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["nickname"].help_text = _nickname_help(member)

    def clean_nickname(self) -> str:
        return check_nickname(self.cleaned_data["nickname"], self.member)

    def clean_introduction(self) -> str:
        return _INVISIBLE.sub("", self.cleaned_data["introduction"].replace("\r\n", "\n"))

    def clean_signature(self) -> str:
        """Removes empty lines."""
        text = _INVISIBLE.sub("", self.cleaned_data["signature"])
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > SIGNATURE_LINES:
            raise forms.ValidationError(_("서명은 세 줄까지 쓸 수 있습니다."), code="max_lines")
        return "\n".join(lines)

    def clean_picture(self) -> bytes | None:
        upload = self.cleaned_data["picture"]
        if not upload:
            return None
        try:
            count_upload(self.member.pk)
            if upload.size > PICTURE_BYTES:
                sentence = _("사진은 5 MB까지 올릴 수 있습니다.")
                raise forms.ValidationError(sentence, code="max_size")
            spend_pixels(self.member.pk, *measure(upload))
            crop = Crop.parse(self.cleaned_data.get("crop", ""))
            return square(upload, crop, patience=PATIENCE)
        except TooMany as refusal:
            refuse_form(self, refusal, "picture")
            return None
        except NotAPicture as problem:
            raise forms.ValidationError(str(problem), code="invalid_image") from problem

    def arguments(self) -> dict:
        """The arguments of actions.edit_profile."""
        return {name: value for name, value in self.cleaned_data.items() if name != "crop"}

    def forbidden_fields(self) -> set[str]:
        """Submitted fields of the member's row that they may not set. They are ignored."""
        columns = {field.name for field in (*Member._meta.fields, *Member._meta.many_to_many)}
        return (columns - self.fields.keys()) & self.data.keys()
