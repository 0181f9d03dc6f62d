"""The sums of each day in Seoul. They stay for ever."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from boardsite.databases.day_counts import midnight
from visits.models.visitors import DayVisitor

LATE = timedelta(minutes=10)
"""After midnight the workers may still write about the day before."""


class DayCountQuerySet(models.QuerySet):
    def with_sketches(self) -> "DayCountQuerySet":
        """Days of which visitors' rows still exist."""
        return self.filter(models.Exists(DayVisitor.objects.filter(day=models.OuterRef("day"))))

    def to_settle(self) -> "DayCountQuerySet":
        """Days whose sums can be computed from their visitors' rows."""
        return self.with_sketches().filter(is_closed=False)


class DayCount(models.Model):
    """One day. `visitors` is exact at every moment: the day's rows of DayVisitor that are people.

    actions.adding_up computes the rest from those rows, some minutes late; `settled_at` is empty
    while it has to be computed again."""

    day = models.DateField(_("날짜"), primary_key=True)
    visitors = models.PositiveIntegerField(_("접속자"), default=0)
    imported = models.PositiveIntegerField(
        _("이전 사이트의 접속자"),
        default=0,
        db_default=0,
        help_text=_("이전 사이트가 센 그대로입니다. 로봇이 섞여 있을 수 있습니다."),
    )
    suspicious = models.PositiveIntegerField(_("의심스러운 접속"), default=0, db_default=0)
    returning = models.PositiveIntegerField(
        _("다시 온 접속자"),
        default=0,
        db_default=0,
        help_text=_("그날 안에 30분 넘게 쉬었다가 다시 온 사람"),
    )
    page_views = models.PositiveIntegerField(_("페이지뷰"), default=0, db_default=0)
    rules = models.PositiveSmallIntegerField(_("판정 규칙의 버전"), default=0, db_default=0)
    settled_at = models.DateTimeField(_("집계한 시각"), null=True, editable=False)
    # Its visitors' rows are deleted or about to be, so the sums can no longer be computed from
    # them.
    is_closed = models.BooleanField(default=False, db_default=False, editable=False)

    objects = DayCountQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("접속자집계")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.visitors:,}"

    @property
    def is_final(self) -> bool:
        """Whether it was settled after everything about the day had been written."""
        end = midnight(self.day + timedelta(days=1))
        return self.settled_at is not None and self.settled_at >= end + LATE


class HourCount(models.Model):
    """One hour (0 to 23) of a day: people, those of them whose first hour it is, and their pages.

    The sums of `new` and of `suspicious` (programs by their first hour) are the day's counts."""

    pk = models.CompositePrimaryKey("day", "hour")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    visitors = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    suspicious = models.PositiveIntegerField(default=0)
    page_views = models.PositiveIntegerField(default=0)


class Topic(models.TextChoices):
    """The dimensions by which the people of a day are grouped."""

    SITE = "site", _("도메인")
    ENGINE = "engine", _("검색엔진")
    WORDS = "words", _("검색어")
    LANDING = "landing", _("처음 본 페이지")
    BROWSER = "browser", _("브라우저")
    SYSTEM = "system", _("운영체제")
    DEVICE = "device", _("접속기기")


class DaySum(models.Model):
    """How many people of a day came from, with or to `name`, and how many pages they opened.

    In topics with endless names (sites, words, pages) a day keeps the most frequent ones, and ""
    holds the rest. "" also holds unknown browsers, systems, devices and first pages. Visitors
    without a referring site, engine or words are not counted in those topics."""

    pk = models.CompositePrimaryKey("day", "topic", "name")
    day = models.DateField()
    topic = models.CharField(max_length=10, choices=Topic)
    name = models.CharField(max_length=200)
    visitors = models.PositiveIntegerField(default=0)
    page_views = models.PositiveIntegerField(default=0)


class RobotCount(models.Model):
    """Requests of a robot in an hour, by the name that it gives itself.

    `standing` says whether its address confirms the name, where its owner publishes a way to verify
    it."""

    class Standing(models.TextChoices):
        CLAIMED = "", _("확인할 수 없음")
        VERIFIED = "verified", _("확인됨")
        FALSE = "false", _("이름을 속임")

    pk = models.CompositePrimaryKey("day", "hour", "name", "standing")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    standing = models.CharField(max_length=8, choices=Standing, default="", blank=True)
    requests = models.PositiveIntegerField(default=0)
