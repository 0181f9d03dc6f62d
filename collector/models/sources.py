"""Where articles come from, and which of them have been met."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from boards.models import Board, Category, Post

FULL_DAY = timedelta(days=1)
"""Longer a source that fails is not left alone."""


class SourceQuerySet(models.QuerySet):
    def due(self):
        """Those whose turn it is, the longest waiting first."""
        now = timezone.now()
        return self.filter(is_on=True, next_at__lte=now, claimed_until__lte=now).order_by("next_at")


class Source(models.Model):
    """A feed whose articles a robot member posts in a board, by leave of who owns them."""

    class Shows(models.TextChoices):
        TITLE = "title", _("제목과 링크만")
        EXCERPT = "excerpt", _("앞부분과 링크")
        FULL = "full", _("전문")

    name = models.CharField(_("이름"), max_length=80, help_text=_("글 아래에 출처로 적습니다."))
    address = models.URLField(
        _("피드 주소"),
        max_length=1000,
        unique=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("RSS, Atom, JSON Feed."),
    )
    is_on = models.BooleanField(_("수집함"), default=False)
    board = models.ForeignKey(Board, models.CASCADE, related_name="+", verbose_name=_("게시판"))
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("말머리")
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        related_name="+",
        limit_choices_to={"is_robot": True},
        verbose_name=_("글쓴이"),
        help_text=_("'로봇'으로 표시한 회원만 고를 수 있습니다."),
    )
    shows = models.CharField(_("보일 내용"), max_length=8, choices=Shows, default=Shows.EXCERPT)
    permission = models.CharField(
        _("허락"),
        max_length=300,
        blank=True,
        help_text=_("누가 언제 어떻게 허락했는지. 관리자만 봅니다."),
    )
    contact = models.CharField(_("저작권자 연락처"), max_length=200, blank=True)
    licence = models.CharField(
        _("저작권 표시"), max_length=200, blank=True, help_text=_("글마다 맨 아래에 보입니다.")
    )
    words_in = models.CharField(
        _("이 낱말이 있는 것만"), max_length=300, blank=True, help_text=_("쉼표로 나눕니다.")
    )
    words_out = models.CharField(_("이 낱말이 있으면 뺌"), max_length=300, blank=True)
    interval = models.PositiveSmallIntegerField(
        _("수집 간격(분)"),
        default=60,
        validators=[MinValueValidator(10), MaxValueValidator(1440)],
    )
    hourly_limit = models.PositiveSmallIntegerField(
        _("한 시간에 올릴 글"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    first_posts = models.PositiveSmallIntegerField(
        _("처음에 올릴 글"),
        default=5,
        validators=[MaxValueValidator(50)],
        help_text=_("첫 수집 때 가장 새로운 것부터. 그보다 오래된 글은 올리지 않습니다."),
    )
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    ran_at = models.DateTimeField(_("마지막 수집"), null=True, editable=False)
    next_at = models.DateTimeField(_("다음 수집"), default=timezone.now)
    claimed_until = models.DateTimeField(default=timezone.now, editable=False)
    failures = models.PositiveSmallIntegerField(_("거듭 실패"), default=0, editable=False)
    error = models.CharField(_("마지막 오류"), max_length=300, blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("수집할 곳")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def wait_after(self, failures: int) -> timedelta:
        """How long it is left alone after so many failures in a row: twice as long each time."""
        return min(timedelta(minutes=self.interval) * 2 ** min(failures, 12), FULL_DAY)

    def wants(self, text: str) -> bool:
        """Whether an article with these words is to be posted."""
        text = text.casefold()
        wanted, unwanted = _words(self.words_in), _words(self.words_out)
        return (not wanted or any(word in text for word in wanted)) and not any(
            word in text for word in unwanted
        )


class SeenEntry(models.Model):
    """An article that a source has shown: it is posted once, or never (`post` None).

    `address_key` is a hash of its canonical address, by which it is known across sources; "" where
    it is not posted.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="entries")
    guid_key = models.CharField(max_length=64)
    address_key = models.CharField(max_length=64, blank=True)
    address = models.CharField(_("원문"), max_length=1000, blank=True)
    title = models.CharField(_("제목"), max_length=255)
    post = models.ForeignKey(
        Post, models.SET_NULL, null=True, related_name="+", verbose_name=_("글")
    )
    seen_at = models.DateTimeField(_("본 때"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("수집한 글")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "guid_key"], name="collector_source_guid"),
            models.UniqueConstraint(
                fields=["address_key"],
                condition=~models.Q(address_key=""),
                name="collector_address",
            ),
        ]
        indexes = [models.Index(fields=["source", "seen_at"], name="collector_seen")]

    def __str__(self) -> str:
        return self.title


def _words(line: str) -> list[str]:
    return [word.strip().casefold() for word in line.split(",") if word.strip()]
