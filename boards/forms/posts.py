"""The form of a post, checked and with its words kept when something is wrong."""

from django import forms
from django.utils.translation import gettext_lazy as _

from boards import richtext, uploads
from boards.actions.files import store_file
from boards.forms.fields import AttachmentsField, LineField, ManyFilesField, TokenField
from boards.models import Attachment, Board, Category, Post, PostBody
from boards.permissions import Access

SUBJECT_LENGTH = 200  # characters; gnuboard5 cuts at 255 bytes without a word


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
