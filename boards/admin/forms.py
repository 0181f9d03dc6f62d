"""The forms of boards and groups: what may be stored, and nothing else."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.admin.board_settings import PARTS, SECTIONS
from boards.forms.fields import clean_line
from boards.media.upload_types import UploadTypes
from boards.models import Board, BoardGroup, BoardTexts, ExtraField
from boards.skins import skin_choices
from boards.text import richtext

TAG = re.compile(r"<[a-z/!]", re.IGNORECASE | re.ASCII)
ENDING = re.compile(r"[a-z0-9]{1,10}\Z")


class OneAddress:
    """An address that differs from another one only in its capitals would be a trap."""

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        others = self._meta.model.objects.exclude(pk=self.instance.pk)
        if others.filter(slug__iexact=slug).exclude(slug=slug).exists():
            raise forms.ValidationError(_("대소문자만 다른 주소가 이미 있습니다."))
        return slug


class GroupForm(OneAddress, forms.ModelForm):
    class Meta:
        model = BoardGroup
        fields = ["slug"]  # and those of the admin's fieldsets


class BoardForm(OneAddress, forms.ModelForm):
    skin = forms.ChoiceField(label=_("모양"), choices=skin_choices, initial="list")

    class Meta:
        model = Board
        fields = ["slug", "skin", "upload_types"]  # and those of the admin's fieldsets

    def clean_upload_types(self) -> str:
        endings = UploadTypes(self.cleaned_data["upload_types"]).endings
        for ending in endings:
            if not ENDING.match(ending):
                raise forms.ValidationError(_("확장자가 아닙니다: %s") % ending)
        return ", ".join(endings)


class TextsForm(forms.ModelForm):
    """The texts become cleaned HTML; a list of words keeps each once."""

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
        """What has tags is HTML, anything else plain text; what shows nothing is empty."""
        source = self.cleaned_data[name]
        try:
            html = richtext.render(source, "html" if TAG.search(source) else "text")
        except richtext.TooComplex as problem:
            raise forms.ValidationError(str(problem)) from None
        return "" if richtext.is_blank(html) else html

    def _word_list(self, name: str) -> str:
        lines = (clean_line(line) for line in self.cleaned_data[name].splitlines())
        return "\n".join(dict.fromkeys(line for line in lines if line))


class ExtraFieldForm(forms.ModelForm):
    class Meta:
        model = ExtraField
        fields = ["name", "kind", "choices", "is_required", "is_listed", "position"]

    def clean_choices(self) -> str:
        parts = (clean_line(part) for part in self.cleaned_data["choices"].split(","))
        return ", ".join(dict.fromkeys(part for part in parts if part))

    def clean(self) -> dict:
        data = super().clean()
        if data.get("kind") == ExtraField.Kind.CHOICE and not data.get("choices"):
            self.add_error("choices", _("고를 것을 쉼표로 나누어 적어 주세요."))
        return data


class CopyForm(forms.Form):
    """Which settings of a board to copy, and to which others."""

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
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["boards"].queryset = Board.objects.exclude(pk=source.pk)
