"""The form of a post, checked and with its words kept when something is wrong."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_owner
from boards.actions.files import store_file
from boards.actions.threads import stays_secret
from boards.forms.extras import Extras
from boards.forms.fields import AttachmentsField, LineField, ManyFilesField, TokenField
from boards.forms.guests import GuestFields
from boards.media import uploads
from boards.media.upload_types import UploadTypes
from boards.models import Attachment, Board, Category, Post, PostBody
from boards.permissions import Access
from boards.queries.drafts import version_of
from boards.queries.tags import tags_of
from boards.text import richtext
from boards.text.tags import clean_tags
from boardsite.dates import full_date

SUBJECT_LENGTH = 200  # characters; gnuboard5 cuts at 255 bytes without a word


class PostForm(GuestFields):
    """The form of a post in one board: new, an answer (`answer_to`), or (with `post`) already written.

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
    is_site_notice = forms.BooleanField(label=_("전체 공지"), required=False)
    link1 = forms.URLField(
        label=_("링크 1"), required=False, max_length=1000, assume_scheme="https"
    )
    link2 = forms.URLField(
        label=_("링크 2"), required=False, max_length=1000, assume_scheme="https"
    )
    tags = LineField(
        label=_("태그"),
        required=False,
        max_length=500,
        help_text=_("쉼표나 띄어쓰기로 나누어 열 개까지. 예: 봄, 나들이"),
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
    edited_at = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    answers = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)  # for drafts

    def __init__(
        self,
        *args,
        can: Access,
        post: Post | None = None,
        answer_to: Post | None = None,
        **kwargs,
    ):
        self.can, self.board, self.post, self.answer_to = can, can.board, post, answer_to
        self.types = UploadTypes(can.board.upload_types)
        is_guest = not can.visitor.is_authenticated and post is None
        super().__init__(*args, is_guest=is_guest, **kwargs)
        if answer_to is not None:
            self.initial["answers"] = str(answer_to.pk)
        self._fit_to_board()
        self._fit_to_visitor()
        chosen = [pk for pk in self.initial.get("kept_files", []) if pk.isdecimal()][:50]
        self.kept: list[Attachment] = []
        if chosen:
            self.kept = list(self._own_files().filter(pk__in=[pk[:18] for pk in chosen]))

    def _own_files(self):
        """What the visitor has uploaded and no post has yet."""
        if not self.can.visitor.is_authenticated:
            return Attachment.objects.none()
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
        if not self.board.use_tags:
            del self.fields["tags"]
        self.extras = Extras(self, self.board, self.post)

    def _fit_to_visitor(self) -> None:
        if not self.can.moderate:
            del self.fields["is_notice"]
        if not is_owner(self.can.visitor):
            del self.fields["is_site_notice"]
        if self.answer_to or (self.post and self.post.path):
            self._fit_to_thread()
        self.fields["kept_files"].queryset = self._own_files()
        if self.post is not None:
            self.fields["removed_files"].queryset = self.post.attachments.all()
            del self.fields["answers"]
        else:
            del self.fields["edited_at"]
        if not self.can.upload or not self.board.upload_count:
            del self.fields["files"], self.fields["kept_files"]
        if not self.can.link:
            del self.fields["link1"], self.fields["link2"]
        if not self.can.html:
            self._leave_out_the_editor()

    def _fit_to_thread(self) -> None:
        """An answer has the category of what it answers, is no notice, and secret where that is."""
        names = ["category", "is_notice", "is_site_notice"]
        if self.answer_to.is_secret if self.answer_to else stays_secret(self.post):
            names.append("is_secret")
        for name in names:
            self.fields.pop(name, None)

    def _leave_out_the_editor(self) -> None:
        """The form is plain text then, whatever is sent: HTML is shown as its words."""
        del self.fields["format"]
        if self.initial.get("format") == PostBody.Format.HTML:
            words = _words_of(self.initial.get("source") or "")
            self.initial |= {"source": words, "format": PostBody.Format.TEXT}

    @property
    def may_lose_markup(self) -> bool:
        """What was written in the editor is edited without it."""
        was_html = self.post is not None and self.post.body.format == PostBody.Format.HTML
        return was_html and not self.can.html

    def _take_as_text(self, data: dict) -> None:
        """A post whose words stay as they were keeps its pictures and its markup."""
        data["format"] = PostBody.Format.TEXT
        if self.may_lose_markup and "source" in data:
            source = self.post.body.source
            if data["source"].split() == _words_of(source).split():
                data |= {"source": source, "format": PostBody.Format.HTML}

    def clean(self) -> dict:
        data = super().clean()
        if not self.can.html:
            self._take_as_text(data)
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
                    uploader=self.can.visitor,
                    upload=upload,
                    limit=self.board.upload_bytes,
                    types=self.board.upload_types,
                )
            except uploads.BadUpload as problem:
                self.add_error("files", f"{uploads.clean_name(upload.name)}: {problem}")
                continue
            self.kept.append(stored)

    def _links(self) -> list[str]:
        """Those that were sent, and those that the form has no field for; who may not write links
        leaves those of his post as they are."""
        links = [link.url for link in self.post.links.all()] if self.post else []
        if "link1" in self.fields:
            sent = [link for name in ("link1", "link2") if (link := self.cleaned_data[name])]
            return sent + links[2:]
        return links

    def _tags(self) -> list[str]:
        """Those that were sent; a board without tags leaves those of the post as they are."""
        if "tags" in self.fields:
            return clean_tags(self.cleaned_data["tags"])
        return tags_of(self.post) if self.post else []

    def say_changed(self, post: Post) -> None:
        """Others have edited `post` since this form was opened; sent once more, it goes before."""
        self.add_error(
            None,
            _(
                "쓰시는 동안 이 글이 다른 곳에서 고쳐졌습니다(%(date)s). 아래에 쓰신 내용은 그대로"
                " 있습니다. 작성완료를 다시 누르면 이 내용이 고쳐진 글을 대신합니다."
            )
            % {"date": full_date(post.edited_at)},
        )
        self.data = self.data.copy()
        self.data["edited_at"] = version_of(post)

    def deed(self) -> dict:
        """The words of a valid form as keyword arguments of write_post and edit_post."""
        data, was = self.cleaned_data, self.post or Post()
        is_notice = data.get("is_notice", was.is_notice)
        secret = {
            Board.Secret.NO: was.is_secret,
            Board.Secret.OPTIONAL: data.get("is_secret", False),
            Board.Secret.ALWAYS: True,
        }
        return {
            "subject": data["subject"],
            "source": data["source"],
            "format": data["format"],
            "category": data.get("category"),
            "is_secret": secret[self.board.secret_posts],
            "is_notice": is_notice,
            "is_site_notice": data.get("is_site_notice", is_notice and was.is_site_notice),
            "links": self._links(),
            "tags": self._tags(),
            "extras": self.extras.values(),
            "files": self.kept,
        }


def _words_of(html: str) -> str:
    return richtext.text_of(richtext.clean(html))
