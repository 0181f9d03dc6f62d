"""The blocks of the front page and of the side column."""

from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from boards.models import Board, Poll
from boardsite.text.richtext import excerpt
from boardsite.typing import StrOrPromise
from pages.models.timed import Devices

MOST_BLOCKS = 30  # in one place
MOST_ROWS = 20  # as in boards.queries.latest, which models may not import
LONGEST_TEXT = 20_000  # characters of HTML


class BlockQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_published=True)

    def drafts(self):
        return self.filter(is_published=False)


class Block(models.Model):
    """A block in one of two layouts: the draft, which the owner edits, or the published one.

    Publishing replaces the published blocks by copies of the draft (pages.actions.blocks).
    """

    class Place(models.TextChoices):
        FRONT = "front", _("첫 화면")
        SIDE = "side", _("옆 단")

    class Kind(models.TextChoices):
        LATEST = "latest", _("게시판 최신글")
        ALL_LATEST = "all", _("모든 게시판 최신글")
        POPULAR = "popular", _("인기글")
        COMMENTS = "comments", _("최근 댓글")
        NOTICES = "notices", _("전체 공지")
        POLL = "poll", _("설문조사")
        BANNER = "banner", _("배너")
        TEXT = "text", _("글 상자")
        LOG_IN = "log_in", _("로그인, 회원정보")
        COUNTER = "counter", _("접속자집계")
        WORDS = "words", _("인기검색어")

    class Style(models.TextChoices):
        LIST = "list", _("목록")
        PICTURES = "pictures", _("사진")
        CARDS = "cards", _("카드")

    class Period(models.TextChoices):
        DAY = "day", _("오늘")
        WEEK = "week", _("이번 주")
        MONTH = "month", _("이번 달")

    place = models.CharField(_("자리"), max_length=10, choices=Place, editable=False)
    position = models.PositiveSmallIntegerField(_("순서"), default=0, editable=False)
    is_published = models.BooleanField(default=False, editable=False)
    kind = models.CharField(_("종류"), max_length=10, choices=Kind, editable=False)
    title = models.CharField(_("제목"), max_length=60, blank=True, default="")
    board = models.ForeignKey(
        Board,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("게시판"),
    )
    poll = models.ForeignKey(
        Poll,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,  # posts are purged without this app too (PAGES=off)
        verbose_name=_("설문"),
    )
    style = models.CharField(_("모양"), max_length=10, choices=Style, default=Style.LIST)
    rows = models.PositiveSmallIntegerField(
        _("줄 수"), default=6, validators=[MinValueValidator(1), MaxValueValidator(MOST_ROWS)]
    )
    period = models.CharField(_("기간"), max_length=10, choices=Period, default=Period.WEEK)
    html = models.TextField(_("내용"), max_length=LONGEST_TEXT, default="")
    devices = models.CharField(_("접속기기"), max_length=8, choices=Devices, default=Devices.ALL)

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("블록")
        verbose_name_plural = _("첫 화면과 옆 단")
        ordering = ["place", "position", "pk"]

    def __str__(self) -> str:
        named = self.title or self.board or self.poll or excerpt(self.html, 30)
        return str(named or self.get_kind_display())


def kinds() -> list[tuple[str, StrOrPromise]]:
    """The kinds that can be added, with their labels: none of an app that is not installed."""
    return [
        (value, label)
        for value, label in Block.Kind.choices
        if value != Block.Kind.COUNTER or apps.is_installed("visits")
    ]
