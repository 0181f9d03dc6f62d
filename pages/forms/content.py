"""The form of a content page in the admin."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from boards.admin.forms import OneAddress
from boardsite.dates import full_date
from boardsite.rich_text import RichTextArea, RichTextField
from pages.actions.content import ChangedMeanwhile, lock_content_page
from pages.models import ContentPage, Visibility
from pages.models.content import MAX_HTML

UPLOAD = reverse_lazy("admin:pages_contentpage_upload_picture")


class ContentPageForm(OneAddress, forms.ModelForm):
    html = RichTextField(
        label=_("내용"),
        required=False,
        max_length=MAX_HTML,
        widget=RichTextArea(upload_url=UPLOAD),
    )
    seen = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)

    class Meta:
        model = ContentPage
        fields = ContentPage.field_names()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version if self.instance.pk else ""

    def arguments(self) -> dict[str, Any]:
        """A valid form as keyword arguments of write_content_page and edit_content_page."""
        return {name: self.cleaned_data[name] for name in ContentPage.field_names()}

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("is_published") and not self.errors and not data.get("html"):
            self.add_error("html", _("내용이 있어야 공개할 수 있습니다."))
        if data.get("visibility") == Visibility.STAFF and data.get("is_in_footer"):
            words = _("운영진만 보는 페이지는 하단에 링크하지 않습니다.")
            self.add_error("is_in_footer", words)
        if self.instance.pk and not self.errors:
            self._check_version()
        return data

    def _check_version(self) -> None:
        """Sending the form again overwrites the edit in between. The page stays locked until the
        admin's transaction ends."""
        fields, seen = self.arguments(), self.cleaned_data["seen"]
        try:
            lock_content_page(pk=self.instance.pk, seen=seen, fields=fields)
        except ChangedMeanwhile as meanwhile:
            sentence = _(
                "쓰시는 동안 이 내용이 다른 곳에서 고쳐졌습니다(%(date)s). 아래에 쓰신 내용은 그대로"
                " 있습니다. 저장을 다시 누르면 이 내용이 고쳐진 내용을 대신합니다."
            )
            self.add_error(None, sentence % {"date": full_date(meanwhile.page.edited_at)})
            self.data = {**self.data, self.add_prefix("seen"): meanwhile.page.version}
