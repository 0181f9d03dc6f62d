"""The form of a comment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards.forms.fields import TokenField
from boards.forms.guests import GuestFields
from boards.models import Comment
from boards.models.comments import MAX_DEPTH
from boards.text import richtext

COMMENT_LENGTH = 10_000


class CommentForm(GuestFields):
    """A comment: plain text. `is_guest`: a guest writes it, a new one. `secrets`: the board has
    secret comments."""

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
    is_secret = forms.BooleanField(label=_("비밀댓글"), required=False)
    submission = TokenField()

    def __init__(self, *args, is_guest: bool = False, secrets: bool = False, **kwargs):
        super().__init__(*args, is_guest=is_guest, **kwargs)
        if not secrets:
            del self.fields["is_secret"]

    def begin_answer(self, comment: Comment) -> None:
        """What an answer to `comment` holds before it is written: as secret as that one, and the
        name of whom it answers where no level is left to show it by."""
        self.initial.setdefault("is_secret", comment.is_secret)
        if comment.depth == MAX_DEPTH - 1:
            self.initial.setdefault("text", f"@{comment.author_name} ")

    def clean_text(self) -> str:
        text = richtext.clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("댓글을 입력해 주세요."), code="required")
        return text

    def deed(self) -> dict:
        """The words of a valid form as keyword arguments of write_comment."""
        data = self.cleaned_data
        return {"text": data["text"], "is_secret": data.get("is_secret", False)}
