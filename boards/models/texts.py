"""The long texts of a board."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from boards.models.boards import Board


class BoardTexts(models.Model):
    """The long texts of a board, apart from its row because every page reads that.

    `header`, `footer` and `template` are HTML, cleaned by boardsite.text.richtext in the admin's form.
    The two word lists hold one word or phrase per line.
    """

    board = models.OneToOneField(Board, models.CASCADE, primary_key=True, related_name="texts")
    header = models.TextField(
        _("목록 위 글"), blank=True, help_text=_("게시판의 목록과 글 위에 보입니다.")
    )
    footer = models.TextField(
        _("목록 아래 글"), blank=True, help_text=_("게시판의 목록과 글 아래에 보입니다.")
    )
    template = models.TextField(
        _("글쓰기 양식"), blank=True, help_text=_("새 글을 쓸 때 본문에 미리 들어 있습니다.")
    )
    blocked_words = models.TextField(
        _("금지어"),
        blank=True,
        help_text=_("한 줄에 하나. 이 말이 든 글과 댓글은 받지 않습니다."),
    )
    guest_blocked_words = models.TextField(
        _("손님 금지어"), blank=True, help_text=_("한 줄에 하나. 손님에게만 추가로 적용합니다.")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("게시판의 글")

    @classmethod
    def of(cls, board: Board) -> Self:
        """The texts of `board`, empty if it has no row. No query if they were joined."""
        return getattr(board, "texts", None) or cls(board=board)
