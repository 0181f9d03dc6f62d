"""The form of 내 자료 내려받기."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.proving import ProofForm


class ExportForm(ProofForm):
    with_files = forms.BooleanField(
        label=_("내 글에 올린 파일도 담기"),
        required=False,
        help_text=_("모두 합쳐 200 MB까지 담습니다."),
    )
    field_order = ["with_files", "password"]
