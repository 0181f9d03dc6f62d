"""The categories (말머리) of a board."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from boards.models.boards import Board


class Category(models.Model):
    """A 말머리 of one board."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="categories")
    name = models.CharField(_("이름"), max_length=20)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("말머리")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "name"],
                name="category_board_name",
                violation_error_message=_("이 게시판에 이미 있는 말머리입니다."),
            )
        ]

    def __str__(self) -> str:
        return self.name
