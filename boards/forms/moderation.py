"""The forms of moderators: which posts, which operation, and why."""

import uuid
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_owner
from boards.actions.copying import MAX_COMMENTS, MAX_POSTS, MAX_SIZE, TooMuchToCopy
from boards.forms.fields import LineField
from boards.forms.tokens import TokenField
from boards.models import Board, Category, ModerationEntry, Post
from boards.permissions import Access
from boardsite.text import id_in

Operation = ModerationEntry.Operation
OPERATIONS = {  # operations on published posts
    Operation.HIDE: _("숨기기"),
    Operation.DELETE: _("삭제"),
    Operation.MOVE: _("옮기기"),
    Operation.COPY: _("복사하기"),
    Operation.CATEGORY: _("말머리 바꾸기"),
    Operation.NOTICE: _("공지로 올리기"),
    Operation.UNNOTICE: _("공지 내리기"),
    Operation.PIN: _("전체 공지로 올리기"),
    Operation.UNPIN: _("전체 공지 내리기"),
    Operation.CLOSE: _("댓글 잠그기"),
    Operation.OPEN: _("댓글 잠금 풀기"),
}
OWNERS_OPERATIONS = {Operation.PIN, Operation.UNPIN}
# They would show an inquiry to others.
NO_OPERATIONS_ON_INQUIRIES = {
    *OWNERS_OPERATIONS,
    *(Operation.MOVE, Operation.COPY, Operation.NOTICE, Operation.UNNOTICE),
}


class PostsField(forms.ModelMultipleChoiceField):
    """Posts by their ids. An id beyond the range of the database's integers is invalid."""

    def clean(self, value):
        if not all(map(id_in, value or [])):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().clean(value)


class ModerationForm(forms.Form):
    """An operation on selected posts of one board.

    `is_foreign` is set if the form names posts that the moderator may not change.
    """

    posts = PostsField(
        Post.objects.none(), error_messages={"required": _("글을 먼저 골라 주세요.")}
    )
    operation = forms.ChoiceField(
        label=_("할 일"),
        choices=[("", _("할 일을 골라 주세요")), *OPERATIONS.items()],
        error_messages={
            "required": _("할 일을 골라 주세요."),
            "invalid_choice": _("할 일을 골라 주세요."),
        },
    )
    board = forms.ModelChoiceField(
        Board.objects.none(),
        label=_("옮기거나 복사할 게시판"),
        required=False,
        empty_label=_("게시판을 골라 주세요"),
    )
    boards = forms.ModelMultipleChoiceField(
        Board.objects.none(),
        label=_("함께 복사할 다른 게시판"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("새 말머리"), required=False, empty_label=_("말머리 없음")
    )
    reason = LineField(label=_("사유"), required=False, max_length=200)
    submission = TokenField()

    def __init__(self, *args, can: Access, **kwargs):
        super().__init__(*args, **kwargs)
        self.auto_id, self.label_suffix = "manage_%s", ""
        self.fields["posts"].queryset = can.board.posts.select_related("author")
        targets = Board.objects.moderated_by(can.visitor).exclude(pk=can.board.pk)
        targets = targets.filter(is_inquiry=False)
        self._targets = self.fields["board"].queryset = self.fields["boards"].queryset = targets
        self.fields["board"].choices = lambda: [("", _("게시판을 골라 주세요")), *self._choices()]
        self.fields["boards"].choices = self._choices
        self.fields["category"].queryset = can.board.categories.all()
        self.may_pin = is_owner(can.visitor)
        refused = set() if self.may_pin else OWNERS_OPERATIONS
        if can.board.is_inquiry:
            refused = NO_OPERATIONS_ON_INQUIRIES
        operations = self.fields["operation"].choices
        self.fields["operation"].choices = [each for each in operations if each[0] not in refused]
        self.is_of_inquiries = can.board.is_inquiry
        self.category_required = can.board.category_required
        self.fields["submission"].initial = uuid.uuid4

    @cached_property
    def targets(self) -> list[Board]:
        """The boards to which posts can be moved or copied. One query, or none for inquiries."""
        return [] if self.is_of_inquiries else list(self._targets)

    def _choices(self) -> list[tuple[int, str]]:
        return [(board.pk, board.name) for board in self.targets]

    @property
    def is_foreign(self) -> bool:
        return any(self.has_error(name, "invalid_choice") for name in ("posts", "board", "boards"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        asked = {
            Operation.MOVE: _("옮길 게시판을 골라 주세요."),
            Operation.COPY: _("복사할 게시판을 골라 주세요."),
        }
        operation, has_target = data.get("operation"), data.get("board")
        if operation == Operation.COPY:
            has_target = has_target or data.get("boards")
        if operation in asked and not has_target and not self.has_error("board"):
            self.add_error("board", asked[operation])
        if operation == Operation.MOVE and data.get("boards"):
            self.add_error("boards", _("글은 게시판 하나로만 옮길 수 있습니다."))
        if data.get("operation") == Operation.CATEGORY and self.category_required:
            if not data.get("category") and not self.has_error("category"):
                self.add_error("category", _("말머리를 골라 주세요."))
        return data

    def target(self) -> dict:
        """The target of a valid form, as keyword arguments of manage_posts or copy_posts."""
        data = self.cleaned_data
        if data["operation"] == Operation.MOVE:
            return {"board": data["board"]}
        if data["operation"] == Operation.COPY:
            first = [data["board"]] if data["board"] else []
            return {"boards": [*first, *data["boards"]]}
        return {"category": data["category"]} if data["operation"] == Operation.CATEGORY else {}

    def say_too_much(self, much: TooMuchToCopy) -> None:
        """Adds an error. Nothing was copied, and the posts stay selected."""
        sentence = _(
            "한 번에 글 %(posts)d개, 댓글 %(comments)d개, 파일 %(size)d MB까지 복사할 수 있습니다. 고른 글과"
            " 그 답변글은 게시판을 모두 합해 글 %(own_posts)d개, 댓글 %(own_comments)d개, 파일"
            " %(own_size)d MB입니다. 아무것도 복사하지 않았으니 나누어 복사해 주세요."
        ) % {
            "posts": MAX_POSTS,
            "comments": MAX_COMMENTS,
            "size": MAX_SIZE >> 20,
            "own_posts": much.posts,
            "own_comments": much.comments,
            "own_size": -(-much.size >> 20),
        }
        self.add_error("posts", sentence)

    @property
    def picked(self) -> set[str]:
        """The ids that were sent, so that their boxes stay checked."""
        return set(self.data.getlist("posts")) if self.is_bound else set()
