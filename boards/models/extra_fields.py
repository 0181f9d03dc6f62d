"""The extra fields (여분 필드) of a board, and their values in posts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from boards.models.boards import Board
from boards.models.posts import Post


class ExtraField(models.Model):
    """여분 필드: a field that a board adds to its posts. A board has at most ten."""

    class Kind(models.TextChoices):
        LINE = "line", _("한 줄")
        TEXT = "text", _("여러 줄")
        NUMBER = "number", _("숫자")
        DATE = "date", _("날짜")
        LINK = "link", _("링크")
        CHOICE = "choice", _("고르기")

    board = models.ForeignKey(Board, models.CASCADE, related_name="extra_fields")
    name = models.CharField(_("이름"), max_length=20)
    kind = models.CharField(_("종류"), max_length=10, choices=Kind, default=Kind.LINE)
    choices = models.CharField(
        _("고를 것"),
        max_length=300,
        blank=True,
        help_text=_("'고르기'일 때 쉼표로 나누어 적습니다."),
    )
    is_required = models.BooleanField(_("필수"), default=False)
    is_listed = models.BooleanField(_("목록에 보임"), default=False)
    position = models.PositiveSmallIntegerField(_("순서"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("여분 필드")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "name"],
                name="extra_field_board_name",
                violation_error_message=_("이 게시판에 이미 있는 여분 필드입니다."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ExtraValue(models.Model):
    """The value of an extra field of a post. After a move it still refers to the old board's field."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="extra_values", db_index=False)
    field = models.ForeignKey(ExtraField, models.CASCADE, related_name="+")
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "field"], name="extra_value_post_field")
        ]
