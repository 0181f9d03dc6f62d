"""The log of moderation."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.models.comments import Comment
from boards.models.posts import Post


class ModerationEntry(models.Model):
    """One line of the log; nothing changes or deletes it.

    `moderator` is null if the site acted itself, or if the moderator is no longer a member.
    """

    class Operation(models.TextChoices):
        HIDE = "hide", _("숨김")
        RESTORE = "restore", _("되살림")
        DELETE = "delete", _("삭제")
        MOVE = "move", _("옮김")
        COPY = "copy", _("복사함")
        CATEGORY = "category", _("말머리 바꿈")
        NOTICE = "notice", _("공지로 올림")
        UNNOTICE = "unnotice", _("공지 내림")
        PIN = "pin", _("전체 공지로 올림")
        UNPIN = "unpin", _("전체 공지 내림")
        CLOSE = "close", _("댓글 잠금")
        OPEN = "open", _("댓글 잠금 풂")
        UPHOLD = "uphold", _("신고에 조치")
        DISMISS = "dismiss", _("신고에 문제 없음")

    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("한 사람"),
    )
    operation = models.CharField(_("한 일"), max_length=10, choices=Operation)
    post = models.ForeignKey(
        Post, models.SET_NULL, null=True, related_name="+", verbose_name=_("글")
    )
    comment = models.ForeignKey(
        Comment, models.SET_NULL, null=True, related_name="+", verbose_name=_("댓글")
    )
    about = models.CharField(_("대상"), max_length=200)
    reason = models.CharField(_("사유"), max_length=200, blank=True)
    at = models.DateTimeField(_("시각"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("관리 기록")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_operation_display()}: {self.about}"
