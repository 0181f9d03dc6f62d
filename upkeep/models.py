"""What the operator's commands have done, for the admin."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Backup(models.Model):
    """A finished backup, as long as it exists. Its manifest, not this row, says what is in it: a
    backup must be usable without the database."""

    name = models.CharField(_("이름"), max_length=40, unique=True)
    made_at = models.DateTimeField(_("만든 시각"), db_index=True)
    row_count = models.BigIntegerField(_("행"))
    file_count = models.PositiveIntegerField(_("파일"))
    size = models.BigIntegerField(_("크기"))
    sent_to = models.CharField(_("다른 곳의 사본"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("확인한 시각"), null=True, blank=True)
    difference_count = models.PositiveIntegerField(_("차이"), null=True, blank=True)
    problem = models.TextField(_("문제"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("백업")
        default_permissions = ("view",)
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.checked_at is not None and self.difference_count == 0
