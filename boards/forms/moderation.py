"""What a moderator sends: which posts, what to do with them, why."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_owner
from boards.forms.fields import LineField, TokenField
from boards.models import Board, Category, ModerationEntry, Post
from boards.permissions import Access

Deed = ModerationEntry.Deed
DEEDS = {  # what one can do with posts that are published
    Deed.HIDE: _("숨기기"),
    Deed.DELETE: _("지우기"),
    Deed.MOVE: _("옮기기"),
    Deed.COPY: _("복사하기"),
    Deed.CATEGORY: _("말머리 바꾸기"),
    Deed.NOTICE: _("공지로 올리기"),
    Deed.UNNOTICE: _("공지 내리기"),
    Deed.PIN: _("전체 공지로 올리기"),
    Deed.UNPIN: _("전체 공지 내리기"),
    Deed.CLOSE: _("댓글 잠그기"),
    Deed.OPEN: _("댓글 잠금 풀기"),
}
OWNERS_DEEDS = {Deed.PIN, Deed.UNPIN}


class PostsField(forms.ModelMultipleChoiceField):
    """Posts by their ids; one that is longer than the database's numbers is none of them."""

    def clean(self, value):
        if any(not (pk.isascii() and pk.isdigit() and len(pk) <= 18) for pk in value or []):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().clean(value)


class ModerationForm(forms.Form):
    """One deed to chosen posts of one board. `is_foreign` when it names what is not his to touch."""

    posts = PostsField(
        Post.objects.none(), error_messages={"required": _("글을 먼저 골라 주세요.")}
    )
    deed = forms.ChoiceField(
        label=_("할 일"),
        choices=[("", _("할 일을 고르세요")), *DEEDS.items()],
        error_messages={
            "required": _("할 일을 골라 주세요."),
            "invalid_choice": _("할 일을 골라 주세요."),
        },
    )
    board = forms.ModelChoiceField(
        Board.objects.none(),
        label=_("옮기거나 복사할 게시판"),
        required=False,
        empty_label=_("게시판을 고르세요"),
    )
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("새 말머리"), required=False, empty_label=_("말머리 없음")
    )
    reason = LineField(label=_("사유"), required=False, max_length=200)
    submission = TokenField()

    def __init__(self, *args, can: Access, **kwargs):
        super().__init__(*args, auto_id="manage_%s", label_suffix="", **kwargs)
        self.fields["posts"].queryset = can.board.posts.select_related("author")
        self.fields["board"].queryset = Board.objects.moderated_by(can.visitor).exclude(
            pk=can.board.pk
        )
        self.fields["category"].queryset = can.board.categories.all()
        self.may_pin = is_owner(can.visitor)
        if not self.may_pin:
            deeds = self.fields["deed"].choices
            self.fields["deed"].choices = [each for each in deeds if each[0] not in OWNERS_DEEDS]
        self.category_required = can.board.category_required
        self.fields["submission"].initial = uuid.uuid4

    @property
    def is_foreign(self) -> bool:
        return any(self.has_error(name, "invalid_choice") for name in ("posts", "board"))

    def clean(self) -> dict:
        data = super().clean()
        asked = {
            Deed.MOVE: _("옮길 게시판을 골라 주세요."),
            Deed.COPY: _("복사할 게시판을 골라 주세요."),
        }
        if data.get("deed") in asked and not data.get("board") and not self.has_error("board"):
            self.add_error("board", asked[data["deed"]])
        if data.get("deed") == Deed.CATEGORY and self.category_required:
            if not data.get("category") and not self.has_error("category"):
                self.add_error("category", _("말머리를 골라 주세요."))
        return data

    def target(self) -> dict:
        """Where a valid form leads, as keyword arguments of manage_posts or copy_posts."""
        data = self.cleaned_data
        if data["deed"] in (Deed.MOVE, Deed.COPY):
            return {"board": data["board"]}
        return {"category": data["category"]} if data["deed"] == Deed.CATEGORY else {}

    @property
    def picked(self) -> set[str]:
        """The ids that were sent, so that their boxes stay ticked."""
        return set(self.data.getlist("posts")) if self.is_bound else set()
