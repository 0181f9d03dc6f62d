"""알림: what happened that concerns a member, kept until he deletes it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import Member


class Notification(models.Model):
    """Tells `member` that somebody did something; `count` people or deeds of one kind in one row.

    It holds a kind, a name and an address, no foreign key to a post: people know nothing of boards.
    `about` and `part` name what it tells of ("post:12", "comment:55"), so that it goes when that
    goes from sight.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("내 글에 댓글")
        REPLY = "reply", _("내 댓글에 답글")
        ANSWER = "answer", _("내 글에 답변글")
        MENTION = "mention", _("나를 부른 댓글")
        LIKE = "like", _("내 글과 댓글의 추천")
        MESSAGE = "message", _("나에게 온 쪽지")
        REPORT = "report", _("내 신고의 결과")
        MODERATION = "moderation", _("관리자의 조치")

    member = models.ForeignKey(Member, models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    actor_name = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    address = models.CharField(max_length=200)
    about = models.CharField(max_length=40, db_index=True)
    part = models.CharField(max_length=40, blank=True, db_index=True)
    is_read = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("알림")
        indexes = [models.Index("member", models.F("at").desc(), name="notification_newest")]
        constraints = [
            models.UniqueConstraint(  # what is still unread grows instead of coming twice
                fields=["member", "kind", "about"],
                condition=models.Q(is_read=False),
                name="notification_unread_once",
            )
        ]


class NotificationChoice(models.Model):
    """A kind of notification that a member does not want."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Notification.Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind"], name="notification_choice_kind")
        ]
