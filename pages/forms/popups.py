from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.models import Board
from boardsite.rich_text import RichTextField
from pages.models import Popup
from pages.models.popups import MAX_BODY

SEEN = {"title", "body"}  # what visitors read


class PopupForm(forms.ModelForm):
    """In the admin."""

    body = RichTextField(label=_("내용"), max_length=MAX_BODY)
    boards = forms.ModelMultipleChoiceField(
        Board.objects.all(),
        label=_("게시판"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("'고른 게시판'일 때만 씁니다."),
    )

    class Meta:
        model = Popup
        fields = ["body"]  # in addition to those of the admin's fieldsets
        labels = {"hide_hours": _("다시 열람하지 않는 시간")}

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("place") == Popup.Place.BOARDS and not data.get("boards"):
            self.add_error("boards", _("팝업레이어를 보일 게시판을 골라 주세요."))
        return data

    def save(self, commit: bool = True) -> Popup:
        if self.instance.pk and SEEN & set(self.changed_data):
            self.instance.version += 1
        return super().save(commit)
