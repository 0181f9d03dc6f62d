"""The forms of boards and groups."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.board_settings import PARTS, SECTIONS
from boards.forms.fields import clean_line
from boards.media.upload_types import UploadTypes
from boards.models import Board, BoardGroup, BoardTexts, ExtraField
from boards.skins import skin_choices
from boardsite.admin_actions import LabelledCells
from boardsite.rich_text import html_of

ENDING = re.compile(r"[a-z0-9]{1,10}\Z")


class OneAddress(forms.ModelForm):
    """Rejects an address that differs from an existing one only in case."""

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        others = self._meta.model.objects.exclude(pk=self.instance.pk)
        if others.filter(slug__iexact=slug).exclude(slug=slug).exists():
            raise forms.ValidationError(_("대소문자만 다른 주소가 이미 있습니다."))
        return slug


class GroupForm(OneAddress, forms.ModelForm):
    class Meta:
        model = BoardGroup
        fields = ["slug"]  # in addition to those of the admin's fieldsets


class BoardForm(OneAddress, forms.ModelForm):
    skin = forms.ChoiceField(label=_("모양"), choices=skin_choices, initial="list")

    class Meta:
        model = Board
        fields = ["slug", "skin", "upload_types"]  # in addition to those of the admin's fieldsets

    def clean_upload_types(self) -> str:
        endings = UploadTypes(self.cleaned_data["upload_types"]).endings
        for ending in endings:
            if not ENDING.match(ending):
                raise forms.ValidationError(_("확장자가 아닙니다: %s") % ending)
        return ", ".join(endings)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        for what in ("post", "comment"):
            least, most = (data.get(f"{what}_{end}_length") or 0 for end in ("min", "max"))
            if 0 < most < least:
                self.add_error(
                    f"{what}_max_length", _("최대 글자 수는 최소 글자 수보다 작을 수 없습니다.")
                )
        self._check_inquiries(data)
        return data

    def _check_inquiries(self, data: dict[str, Any]) -> None:
        """Inquiries stay secret, and those who may inquire must be able to read the answer."""
        if "is_inquiry" in self.changed_data and self.instance.pk and self.instance.posts.exists():
            self.add_error(
                "is_inquiry", _("글이 있는 게시판은 1:1 문의로 바꾸거나 되돌릴 수 없습니다.")
            )
        for name in ("list_level", "read_level"):
            if data.get("is_inquiry") and data.get(name, 0) > data.get("write_level", 10):
                self.add_error(
                    name,
                    _("1:1 문의를 쓸 수 있는 사람은 답변을 읽을 수 있어야 합니다."),
                )


class TextsForm(forms.ModelForm):
    """Cleans the HTML texts, and removes duplicates from the word lists."""

    class Meta:
        model = BoardTexts
        fields = ["header", "footer", "template", "blocked_words", "guest_blocked_words"]

    def clean_header(self) -> str:
        return self._cleaned_text("header")

    def clean_footer(self) -> str:
        return self._cleaned_text("footer")

    def clean_template(self) -> str:
        return self._cleaned_text("template")

    def clean_blocked_words(self) -> str:
        return self._word_list("blocked_words")

    def clean_guest_blocked_words(self) -> str:
        return self._word_list("guest_blocked_words")

    def _cleaned_text(self, name: str) -> str:
        return html_of(self.cleaned_data[name])

    def _word_list(self, name: str) -> str:
        lines = (clean_line(line) for line in self.cleaned_data[name].splitlines())
        return "\n".join(dict.fromkeys(line for line in lines if line))


class ExtraFieldForm(LabelledCells):
    class Meta:
        model = ExtraField
        fields = ["name", "kind", "choices", "is_required", "is_listed", "position"]

    def clean_choices(self) -> str:
        parts = (clean_line(part) for part in self.cleaned_data["choices"].split(","))
        return ", ".join(dict.fromkeys(part for part in parts if part))

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("kind") == ExtraField.Kind.CHOICE and not data.get("choices"):
            self.add_error("choices", _("고를 것을 쉼표로 나누어 적어 주세요."))
        return data


class CopyForm(forms.Form):
    """The settings of a board to copy, and the boards to copy them to."""

    chosen = forms.MultipleChoiceField(
        label=_("복사할 설정"),
        choices=[(section.name, section.label) for section in SECTIONS] + list(PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("복사할 설정을 골라 주세요.")},
    )
    boards = forms.ModelMultipleChoiceField(
        Board.objects.none(),
        label=_("복사받을 게시판"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("복사받을 게시판을 골라 주세요.")},
    )

    def __init__(self, *args, source: Board, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["boards"].queryset = Board.objects.exclude(pk=source.pk)
