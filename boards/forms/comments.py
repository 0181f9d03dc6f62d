"""The form of a comment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards import richtext
from boards.forms.fields import TokenField

COMMENT_LENGTH = 10_000


class CommentForm(forms.Form):
    """A comment: plain text."""

    text = forms.CharField(
        label=_("댓글"),
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea,
        error_messages={
            "required": _("댓글을 입력해 주세요."),
            "max_length": _(
                "댓글은 %(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."
            ),
        },
    )
    submission = TokenField()

    def clean_text(self) -> str:
        text = richtext.clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("댓글을 입력해 주세요."), code="required")
        return text
