"""The form of a comment."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from boards.forms.guests import GuestFields
from boards.forms.tokens import TokenField
from boards.models import Comment
from boards.models.comments import MAX_DEPTH
from boards.permissions import Access
from boardsite.text import richtext

COMMENT_LENGTH = 10_000


class CommentForm(GuestFields):
    """A comment: plain text.

    `is_guest`: a guest writes a new comment. `secrets`: the board allows secret comments.
    """

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

    @classmethod
    def new(cls, can: Access, data: QueryDict | None = None, **kwargs) -> "CommentForm":
        """The form of a new comment for this visitor."""
        return cls(
            data,
            is_guest=not can.visitor.is_authenticated,
            asks_captcha=can.asks_captcha,
            secrets=can.board.secret_comments and not can.board.is_inquiry,
            **kwargs,
        )

    def begin_reply(self, comment: Comment) -> None:
        """Sets the initial values of a reply to `comment`: secret if that is, and at the deepest
        level a mention of its author."""
        self.initial.setdefault("is_secret", comment.is_secret)
        if comment.depth == MAX_DEPTH - 1:
            self.initial.setdefault("text", f"@{comment.author_name} ")

    def clean_text(self) -> str:
        text = richtext.clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("댓글을 입력해 주세요."), code="required")
        return text

    def arguments(self) -> dict:
        """A valid form as keyword arguments of write_comment."""
        data = self.cleaned_data
        return {"text": data["text"], "is_secret": data.get("is_secret", False)}
