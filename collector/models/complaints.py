"""Requests of copyright owners to take articles down."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from boards.models import Post
from collector.models.sources import Source


class Complaint(models.Model):
    """A complaint that a source, or one of its articles, should not be here."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("처리 전")
        TAKEN_DOWN = "taken_down", _("내림")
        DISMISSED = "dismissed", _("내리지 않음")

    source = models.ForeignKey(
        Source, models.CASCADE, related_name="complaints", verbose_name=_("수집한 곳")
    )
    post = models.ForeignKey(
        Post, models.SET_NULL, null=True, related_name="+", verbose_name=_("글")
    )
    name = models.CharField(_("이름"), max_length=80)
    email = models.EmailField(_("답장을 받을 E-mail 주소"))
    text = models.TextField(_("무엇을 왜 내려야 하는지"), max_length=3000)
    made_at = models.DateTimeField(_("받은 시각"), default=timezone.now)
    outcome = models.CharField(_("처리"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    handled_at = models.DateTimeField(_("처리한 시각"), null=True)
    handled_by = models.ForeignKey(
        Member, models.SET_NULL, null=True, related_name="+", verbose_name=_("처리한 사람")
    )
    note = models.CharField(_("메모"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("저작권 신고")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["made_at"],
                name="collector_open_complaints",
                condition=models.Q(outcome="open"),
            )
        ]

    def __str__(self) -> str:
        return self.name or f"{self.pk}"
