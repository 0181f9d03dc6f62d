"""The form of a post."""

import uuid
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_owner
from boards.actions.files import store_file
from boards.actions.threads import stays_secret
from boards.forms.extras import Extras
from boards.forms.fields import AttachmentsField, LineField, ManyFilesField, clean_line
from boards.forms.guests import GuestFields
from boards.forms.polls import PollPart, poll_initial
from boards.forms.tokens import TokenField
from boards.limits import refusal_to_write
from boards.media import uploads
from boards.media.upload_types import UploadTypes
from boards.models import Attachment, Board, Category, Post, PostBody
from boards.permissions import Access
from boards.queries.drafts import version_of
from boards.queries.post_fields import PostFields
from boards.text.tags import clean_tags
from boardsite.dates import full_date
from boardsite.forms import refuse_form
from boardsite.limits.rate_limit import TooMany
from boardsite.limits.uploading import count_upload
from boardsite.text import richtext

DESCRIPTION = "file_description_"  # followed by the attachment's id: the name of the field
DESCRIPTION_LENGTH = Attachment._meta.get_field("description").max_length
SUBJECT_LENGTH = 200  # characters; gnuboard5 silently cuts at 255 bytes


class PostForm(GuestFields):
    """The form of a post in one board: new, a reply post (`reply_to`), or an edit of `post`.

    Selected files are stored as soon as they are valid, so that an error in another field does not
    lose them: `kept` holds them, and the form carries their ids until it is valid. Each file is
    counted before it is decoded, and none is stored for a member who may not write now.
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
        error_messages={"invalid_choice": _("첨부파일을 다시 선택해 주세요.")},
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
        reply_to: Post | None = None,
        **kwargs,
    ):
        self.can, self.board, self.post, self.reply_to = can, can.board, post, reply_to
        self.types = UploadTypes(can.board.upload_types)
        is_guest = not can.visitor.is_authenticated and post is None
        super().__init__(
            *args,
            is_guest=is_guest,
            asks_captcha=post is None and can.asks_captcha,
            asks_mail=can.board.is_inquiry,
            **kwargs,
        )
        if reply_to is not None:
            self.initial["answers"] = str(reply_to.pk)
        self._fit_to_board()
        self._fit_to_visitor()
        self.poll = PollPart(self, can, post)
        chosen = [pk for pk in self.initial.get("kept_files", []) if pk.isdecimal()][:50]
        self.kept: list[Attachment] = []
        if chosen:
            self.kept = list(self._own_files().filter(pk__in=[pk[:18] for pk in chosen]))

    @staticmethod
    def written(post: Post) -> dict:
        """The `initial` of a form that edits `post`."""
        fields = PostFields.of(post)
        link1, link2, *_more = [*fields.links, "", ""]
        return (
            vars(fields)
            | poll_initial(fields.poll)
            | {
                "link1": link1,
                "link2": link2,
                "tags": ", ".join(fields.tags),
                "submission": uuid.uuid4(),
                "edited_at": version_of(post),
            }
        )

    def has_more(self) -> bool:
        """Whether something stands in, or is wrong with, what is folded away at first."""
        more = [self[name] for name in ("tags", "link1", "link2") if name in self.fields]
        return any(field.value() or field.errors for field in more)

    def _own_files(self):
        """Attachments that the visitor uploaded and no post has yet."""
        if not self.can.visitor.is_authenticated:
            return Attachment.objects.none()
        return Attachment.objects.filter(post=None, uploader_id=self.can.visitor.pk)

    def _fit_to_board(self) -> None:
        categories = self.board.categories.all()
        if getattr(self.board, "has_categories", True) and categories:
            self.fields["category"].queryset = categories
            self.fields["category"].required = self.board.category_required
            self.fields["category"].error_messages["required"] = _("말머리를 골라 주세요.")
            if self.board.category_required:
                self.fields["category"].empty_label = _("말머리를 골라 주세요")
        else:
            del self.fields["category"]
        if self.board.is_inquiry or self.board.secret_posts != Board.Secret.OPTIONAL:
            del self.fields["is_secret"]
        if not self.board.has_tags:
            del self.fields["tags"]
        self.extras = Extras(self, self.board, self.post)

    def _fit_to_visitor(self) -> None:
        # Whether the author of a new post moderates costs a query, so it is asked only if they sent a
        # notice (clean_is_notice) and for the page.
        if self.board.is_inquiry or (self.post is not None and not self.can.moderate):
            del self.fields["is_notice"]
        if not is_owner(self.can.visitor) or self.board.is_inquiry:
            del self.fields["is_site_notice"]
        if self.reply_to or (self.post and self.post.path):
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
        """A reply post has its parent's category, is no notice, and is secret if the parent is."""
        names = ["category", "is_notice", "is_site_notice"]
        if (
            self.reply_to.is_secret
            if self.reply_to
            else (self.post is not None and stays_secret(self.post))
        ):
            names.append("is_secret")
        for name in names:
            self.fields.pop(name, None)

    def _leave_out_the_editor(self) -> None:
        """The form is plain text then, whatever is sent: HTML tags are shown as text."""
        del self.fields["format"]
        if self.initial.get("format") == PostBody.Format.HTML:
            words = _words_of(self.initial.get("source") or "")
            self.initial |= {"source": words, "format": PostBody.Format.TEXT}

    def describe(self, files: Iterable[Attachment]) -> None:
        """Sets `typed_description` of `files` to the description that the form shows."""
        typed = self.data if self.is_bound else self.initial
        for file in files:
            file.typed_description = typed.get(f"{DESCRIPTION}{file.pk}", file.description)

    def _check_descriptions(self, data: dict) -> None:
        """Collects the descriptions that were sent; other files keep theirs."""
        self.descriptions: dict[int, str] = {}
        if not self.board.use_file_descriptions:
            return
        files = list(self.kept)
        if self.post is not None:
            removed = {file.pk for file in data.get("removed_files") or []}
            files += self.post.attachments.filter(is_inline=False).exclude(pk__in=removed)
        for file in files:
            typed = self.data.get(f"{DESCRIPTION}{file.pk}")
            if typed is None:
                continue
            if len(typed) > DESCRIPTION_LENGTH:
                sentence = _("파일 설명은 %(limit)d자까지 쓸 수 있습니다: %(name)s")
                self.add_error(None, sentence % {"limit": DESCRIPTION_LENGTH, "name": file.name})
                continue
            self.descriptions[file.pk] = clean_line(typed)
        data["file_descriptions"] = "\n".join(self.descriptions.values())

    @property
    def may_lose_markup(self) -> bool:
        """Whether a post from the editor is edited without it."""
        was_html = self.post is not None and self.post.body.format == PostBody.Format.HTML
        return was_html and not self.can.html

    def _take_as_text(self, data: dict) -> None:
        """A post whose text is unchanged keeps its pictures and its markup."""
        data["format"] = PostBody.Format.TEXT
        if self.may_lose_markup and "source" in data:
            source = self.post.body.source
            if data["source"].split() == _words_of(source).split():
                data |= {"source": source, "format": PostBody.Format.HTML}

    def clean_is_notice(self) -> bool:
        return self.cleaned_data["is_notice"] and self.can.moderate

    def clean(self) -> dict:
        data = super().clean()
        if not self.can.html:
            self._take_as_text(data)
        if "source" in data and "format" in data:
            self._check_body(data["source"], data["format"])
        self._store_files(data)
        self._check_descriptions(data)
        self.poll.check(data)
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
        if chosen and (refusal := refusal_to_write(self.can)):
            # The form cannot be published now, so no file is decoded and stored.
            refuse_form(self, refusal)
            return
        if (self.kept or chosen) and there + len(chosen) > limit:
            self.add_error("files", _("파일은 %d개까지 붙일 수 있습니다.") % limit)
        for upload in chosen[: max(0, limit - there)]:
            name = uploads.clean_name(upload.name)
            try:
                count_upload(self.can.visitor.pk)
                stored = store_file(
                    uploader=self.can.visitor,
                    upload=upload,
                    limit=self.board.upload_bytes,
                    types=self.board.upload_types,
                    keeps_original=self.board.keeps_originals,
                )
            except uploads.BadUpload as problem:
                self.add_error("files", f"{name}: {problem}")
                continue
            except TooMany as refusal:  # the remaining files would fail too
                refuse_form(self, refusal, "files", f"{name}: {refusal.message}")
                break
            self.kept.append(stored)

    def _links(self) -> list[str]:
        """The links that were sent, and those of the post for which the form has no field."""
        sent = [link for name in ("link1", "link2") if (link := self.cleaned_data[name])]
        links = [link.url for link in self.post.links.order_by("pk")] if self.post else []
        return sent + links[2:]

    def say_changed(self, post: Post) -> None:
        """Adds an error: the post was edited since the form was opened. Sending it again overwrites
        that edit."""
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

    def say_poll_started(self) -> None:
        """Adds an error: somebody has voted since the form was opened."""
        self.add_error(
            None,
            _(
                "쓰시는 동안 투표한 사람이 있어 설문은 더 고칠 수 없습니다. 글만 고치려면 "
                "설문을 처음 그대로 두고, 이 글을 다시 열어 고쳐 주세요."
            ),
        )

    def arguments(self) -> dict:
        """A valid form as keyword arguments of write_post and edit_post.

        Fields that this visitor or board does not have are left out, so that an edit does not
        change them.
        """
        data = self.cleaned_data
        said = {name: data[name] for name in PostFields.names() if name in data}
        if "link1" in self.fields:
            said["links"] = self._links()
        if "tags" in self.fields:
            said["tags"] = clean_tags(data["tags"])
        if self.board.keeps_posts_secret:
            said["is_secret"] = True
        if not said.get("is_notice", True):
            said.setdefault("is_site_notice", False)  # implies is_notice
        said["extras"] = self.extras.values()
        if self.poll.is_offered:
            said["poll"] = self.poll.value
        return said | {"files": self.kept, "descriptions": self.descriptions}


def _words_of(html: str) -> str:
    return richtext.text_of(richtext.clean(html))
