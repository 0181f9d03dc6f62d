"""What people send: posts and comments, checked and with their words kept when something is wrong."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards import richtext, uploads
from boards.actions.files import store_file
from boards.models import Attachment, Board, Category, Post, PostBody, Report
from boards.permissions import Access

SUBJECT_LENGTH = 200  # characters; gnuboard5 cuts at 255 bytes without a word
COMMENT_LENGTH = 10_000
NOTE_LENGTH = 200
REPORT_LENGTH = 300
JUDGEMENT_LENGTH = 150  # the log's line also says how many reports there were


def clean_line(text: str) -> str:
    """One line of text in NFC, without control and direction characters; "" if nothing shows."""
    return " ".join(richtext.clean_text(text).split())


class LineField(forms.CharField):
    """One line of text, cleaned before its length is taken."""

    def to_python(self, value) -> str:
        return clean_line(super().to_python(value))


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A list of uploaded files, possibly empty."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class AttachmentsField(forms.ModelMultipleChoiceField):
    """Attachments by their ids; one that is longer than the database's numbers is none of them."""

    def clean(self, value):
        if any(len(pk) > 18 for pk in value or []):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().clean(value)


class TokenField(forms.UUIDField):
    """The token of one press of a button. A form with a bad one counts as one without."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


class PostForm(forms.Form):
    """The form of a post in one board, new or (with `post`) already written.

    Chosen files are stored as soon as they are checked, so that a mistake in another field does not
    lose them: `kept` holds them, and the form carries their ids until it is right.
    """

    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("말머리"), required=False, empty_label=_("말머리 없음")
    )
    subject = LineField(
        label=_("제목"),
        max_length=SUBJECT_LENGTH,
        error_messages={
            "required": _("제목을 입력해 주세요."),
            "max_length": _(
                "제목은 %(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."
            ),
        },
    )
    source = forms.CharField(label=_("내용"), required=False, strip=False, widget=forms.Textarea)
    format = forms.ChoiceField(choices=PostBody.Format.choices, widget=forms.HiddenInput)
    is_secret = forms.BooleanField(label=_("비밀글"), required=False)
    is_notice = forms.BooleanField(label=_("공지"), required=False)
    link1 = forms.URLField(
        label=_("링크 1"), required=False, max_length=1000, assume_scheme="https"
    )
    link2 = forms.URLField(
        label=_("링크 2"), required=False, max_length=1000, assume_scheme="https"
    )
    files = ManyFilesField(label=_("파일"), required=False)
    kept_files = AttachmentsField(
        Attachment.objects.none(),
        required=False,
        widget=forms.MultipleHiddenInput,
        error_messages={"invalid_choice": _("첨부 파일을 다시 선택해 주세요.")},
    )
    removed_files = AttachmentsField(
        Attachment.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("이 글의 파일만 지울 수 있습니다.")},
    )
    submission = TokenField()

    def __init__(self, *args, can: Access, post: Post | None = None, **kwargs):
        self.can, self.board, self.post = can, can.board, post
        super().__init__(*args, **kwargs)
        self._fit_to_board()
        self._fit_to_visitor()
        chosen = [pk for pk in self.initial.get("kept_files", []) if pk.isdecimal()][:50]
        self.kept: list[Attachment] = []
        if chosen:
            self.kept = list(self._own_files().filter(pk__in=[pk[:18] for pk in chosen]))

    def _own_files(self):
        """What the visitor has uploaded and no post has yet."""
        return Attachment.objects.filter(post=None, uploader_id=self.can.visitor.pk)

    def _fit_to_board(self) -> None:
        categories = self.board.categories.all()
        if categories:
            self.fields["category"].queryset = categories
            self.fields["category"].required = self.board.category_required
            self.fields["category"].error_messages["required"] = _("말머리를 골라 주세요.")
            if self.board.category_required:
                self.fields["category"].empty_label = _("말머리를 선택하세요")
        else:
            del self.fields["category"]
        if self.board.secret_posts != Board.Secret.OPTIONAL:
            del self.fields["is_secret"]

    def _fit_to_visitor(self) -> None:
        if not self.can.moderate:
            del self.fields["is_notice"]
        self.fields["kept_files"].queryset = self._own_files()
        if self.post is not None:
            self.fields["removed_files"].queryset = self.post.attachments.all()
        if not self.can.upload or not self.board.upload_count:
            del self.fields["files"], self.fields["kept_files"]

    def clean(self) -> dict:
        data = super().clean()
        if "source" in data and "format" in data:
            self._check_body(data["source"], data["format"])
        self._store_files(data)
        return data

    def _check_body(self, source: str, format: str) -> None:
        try:
            if richtext.is_blank(richtext.render(source, format)):
                self.add_error("source", _("내용을 입력해 주세요."))
        except richtext.TooComplex as problem:
            self.add_error("source", str(problem))

    def _store_files(self, data: dict) -> None:
        self.kept = list(data.get("kept_files") or [])
        there = self.post.attachments.filter(is_inline=False).count() if self.post else 0
        there += len(self.kept) - len(data.get("removed_files") or [])
        chosen, limit = data.get("files") or [], self.board.upload_count
        if (self.kept or chosen) and there + len(chosen) > limit:
            self.add_error("files", _("파일은 %d개까지 붙일 수 있습니다.") % limit)
        for upload in chosen[: max(0, limit - there)]:
            try:
                stored = store_file(
                    uploader=self.can.visitor, upload=upload, limit=self.board.upload_bytes
                )
            except uploads.BadUpload as problem:
                self.add_error("files", f"{uploads.clean_name(upload.name)}: {problem}")
                continue
            self.kept.append(stored)

    def deed(self) -> dict:
        """The words of a valid form as keyword arguments of write_post and edit_post."""
        data = self.cleaned_data
        secret = {
            Board.Secret.NO: self.post is not None and self.post.is_secret,
            Board.Secret.OPTIONAL: data.get("is_secret", False),
            Board.Secret.ALWAYS: True,
        }
        return {
            "subject": data["subject"],
            "source": data["source"],
            "format": data["format"],
            "category": data.get("category"),
            "is_secret": secret[self.board.secret_posts],
            "is_notice": data.get("is_notice", self.post is not None and self.post.is_notice),
            "links": [link for link in (data["link1"], data["link2"]) if link],
            "files": self.kept,
        }


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


class ScrapForm(forms.Form):
    """The note of a scrap, which may be empty."""

    note = LineField(
        label=_("메모"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=_("비워 두어도 됩니다. 나만 볼 수 있습니다."),
        error_messages={
            "max_length": _(
                "메모는 %(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."
            ),
        },
    )


class ReportForm(forms.Form):
    """Why a member reports something."""

    reason = forms.ChoiceField(
        label=_("신고 사유"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("신고 사유를 골라 주세요."),
            "invalid_choice": _("신고 사유를 골라 주세요."),
        },
    )
    text = LineField(
        label=_("자세한 설명"),
        required=False,
        max_length=REPORT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("비워 두어도 됩니다. 관리자만 읽습니다."),
        error_messages={
            "max_length": _(
                "설명은 %(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."
            ),
        },
    )


class JudgementForm(forms.Form):
    """Why a moderator settles reports in the way that he does, for the log."""

    reason = LineField(
        label=_("처리 사유"),
        required=False,
        max_length=JUDGEMENT_LENGTH,
        error_messages={
            "max_length": _(
                "처리 사유는 %(limit_value)d자까지 쓸 수 있습니다. 지금 %(show_value)d자입니다."
            ),
        },
    )
