"""What popups and banners have in common: when, and on which devices, they are shown."""

from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Devices(models.TextChoices):
    """By the width of the window, as in the style sheets, because one cached page is for all."""

    ALL = "all", _("PC와 휴대전화")
    PC = "pc", _("PC")
    PHONE = "phone", _("휴대전화")


def is_now(starts_at: datetime, ends_at: datetime | None, now: datetime) -> bool:
    return starts_at <= now and (ends_at is None or now < ends_at)


class TimedQuerySet(models.QuerySet):
    def planned(self, now: Any) -> Self:
        """Those that are or will be shown. `now` may be a Slot of a compiled queryset."""
        return self.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=now), is_on=True)


class Timed(models.Model):
    """Something that visitors see during a period."""

    is_on = models.BooleanField(_("사용"), default=True)
    starts_at = models.DateTimeField(_("시작일시"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("종료일시"), null=True, blank=True, help_text=_("비워 두면 끌 때까지 보입니다.")
    )
    devices = models.CharField(
        _("접속기기"), max_length=8, choices=Devices.choices, default=Devices.ALL
    )

    objects = TimedQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("종료일시는 시작일시보다 뒤여야 합니다.")})

    @property
    def state(self) -> str:
        """In the words of the admin's list."""
        now = timezone.now()
        if not self.is_on:
            return str(_("사용 안 함"))
        if self.starts_at > now:
            return str(_("예정"))
        if self.ends_at is not None and self.ends_at <= now:
            return str(_("종료"))
        return str(_("게시 중"))
