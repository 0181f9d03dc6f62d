from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from boards.models import Board
from pages.models.timed import Timed

MAX_BODY = 20_000  # characters of cleaned HTML
MAX_HIDE_HOURS = 24 * 365


class Popup(Timed):
    """팝업레이어: a dialog that opens when a page is read.

    `version` increases with each change of what visitors read, so that those who have hidden the
    popup for some hours see the new text."""

    class Place(models.TextChoices):
        ALL = "all", _("모든 페이지")
        FRONT = "front", _("첫 페이지")
        BOARDS = "boards", _("고른 게시판")

    title = models.CharField(_("제목"), max_length=100)
    body = models.TextField(_("내용"), max_length=MAX_BODY)
    place = models.CharField(
        _("보일 곳"),
        max_length=8,
        choices=Place.choices,
        default=Place.FRONT,
        help_text=_("로그인, 글쓰기처럼 적어 넣는 페이지에는 보이지 않습니다."),
    )
    boards = models.ManyToManyField(
        Board,
        verbose_name=_("게시판"),
        related_name="+",
        blank=True,
        help_text=_("'고른 게시판'일 때만 씁니다."),
    )
    hide_hours = models.PositiveSmallIntegerField(
        _("시간"),
        default=24,
        validators=[MaxValueValidator(MAX_HIDE_HOURS)],
        help_text=_(
            "방문자가 '다시 열람하지 않습니다'를 누르면 이 시간 동안 보이지 않습니다. 0이면 그 버튼이 없습니다."
        ),
    )
    position = models.SmallIntegerField(
        _("순서"), default=0, help_text=_("여럿이면 작은 수부터 하나씩 보입니다.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("팝업레이어")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title
