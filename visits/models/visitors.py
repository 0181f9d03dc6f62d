"""What is stored of each visitor of the latest days, without address and user agent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    PERSON = "person", _("사람")
    SUSPICIOUS = "suspicious", _("의심")


class Reason(models.TextChoices):
    """Why a visitor is taken for a program; see rules.py."""

    PACE = "pace", _("1분에 100페이지 넘게 봄")
    SPEED = "speed", _("읽을 수 없을 만큼 빨리 넘김")
    PICTURE = "picture", _("그림을 받지 않음")


class Channel(models.TextChoices):
    """Where a visitor came from."""

    DIRECT = "direct", _("직접")
    SEARCH = "search", _("검색엔진")
    SITE = "site", _("다른 사이트")


class DayVisitor(models.Model):
    """A visitor of a day, numbered by boardsite.visitors.identity.visitor_key. Robots that identify
    themselves have no row.

    `key` is removed after the day, the row after VisitSettings.keep_days; the day's sums stay."""

    day = models.DateField(_("날짜"))
    key = models.BigIntegerField(null=True, editable=False)
    first_at = models.DateTimeField(_("처음 온 시각"))
    last_at = models.DateTimeField(_("마지막으로 본 시각"))
    visits = models.PositiveIntegerField(_("방문"), default=1)
    page_views = models.PositiveIntegerField(_("페이지뷰"), default=0)
    busiest = models.PositiveIntegerField(_("1분에 가장 많은 페이지뷰"), default=0)
    hasty = models.PositiveIntegerField(_("0.5초 안에 다음으로 넘긴 페이지"), default=0)
    leaf_offered = models.BooleanField(default=False)
    leaf_fetched = models.BooleanField(_("그림을 받음"), default=False)
    is_member = models.BooleanField(_("회원"), default=False)
    verdict = models.CharField(_("판정"), max_length=10, choices=Verdict, default=Verdict.PERSON)
    reason = models.CharField(_("이유"), max_length=20, choices=Reason, blank=True)
    browser = models.CharField(_("브라우저"), max_length=40, blank=True)
    system = models.CharField(_("운영체제"), max_length=40, blank=True)
    device = models.CharField(_("접속기기"), max_length=40, blank=True)
    channel = models.CharField(
        _("접속경로"), max_length=10, choices=Channel, default=Channel.DIRECT
    )
    site = models.CharField(_("도메인"), max_length=100, blank=True)
    engine = models.CharField(_("검색엔진"), max_length=20, blank=True)
    words = models.CharField(_("검색어"), max_length=100, blank=True)
    landing = models.CharField(_("처음 본 페이지"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("접속자")
        ordering = ["-day", "-first_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "key"], condition=Q(key__isnull=False), name="visits_day_key"
            )
        ]
        indexes = [models.Index(fields=["day", "first_at"], name="visits_day_first")]

    def __str__(self) -> str:
        return f"{self.day} #{self.pk}"


class VisitorHour(models.Model):
    """The pages that a visitor opened in one hour of their day."""

    pk = models.CompositePrimaryKey("visitor", "hour")
    visitor = models.ForeignKey(DayVisitor, models.CASCADE, related_name="hours")
    hour = models.PositiveSmallIntegerField()
    page_views = models.PositiveIntegerField(default=0)
