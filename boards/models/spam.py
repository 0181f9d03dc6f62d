"""스팸 계정 처리: what was done to a spam account, so that it can be undone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SpamCase(models.Model):
    """A member whose account was handled as spam, until that is undone.

    The log names the case at each post and comment that it has hidden (`line`). `hidden_at` and
    `restored_at` say when all of them were; until then the daily chore continues.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="spam_cases", verbose_name=_("회원")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("사유"), max_length=100)
    # What the member had before, for the undoing.
    was_suspended_until = models.DateTimeField(null=True)
    was_suspension_reason = models.CharField(max_length=200, blank=True)
    showed_profile = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("스팸 계정 처리")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(undone_at=None),
                name="spam_case_member",
            )
        ]

    def __str__(self) -> str:
        return self.line

    @property
    def line(self) -> str:
        """The reason in the log of moderation. It is stored there, so it is not translated."""
        return f"스팸 계정 처리 {self.pk}: {self.reason}"

    @property
    def is_finished(self) -> bool:
        return (self.hidden_at if self.undone_at is None else self.restored_at) is not None
