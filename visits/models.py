"""How many visitors came on each day, and the numbers of those who have been here today."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VisitorKey(models.Model):
    """Somebody who was here on that day, as boardsite.visitors.visitor_key numbers him.

    Kept until the day is over; DayCount stays.
    """

    pk = models.CompositePrimaryKey("day", "key")
    day = models.DateField()
    key = models.BigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("오늘의 접속자")


class DayCount(models.Model):
    """The visitors of one day in Seoul."""

    day = models.DateField(_("날짜"), primary_key=True)
    visitors = models.PositiveIntegerField(_("접속자"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("날짜별 접속자")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.visitors:,}"
