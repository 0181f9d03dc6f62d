"""알림: what happened that concerns a member, kept until he deletes it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import Member


class NotificationQuerySet(models.QuerySet):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(is_read=False)

    def about(self, thing) -> "NotificationQuerySet":
        """Those about it, and those that tell of it alone."""
        return self.filter(models.Q(about=thing) | models.Q(part=thing, count=1))


class Notification(models.Model):
    """Tells `member` that somebody did something; `count` people or deeds of one kind in one row.

    It holds a kind, a name and an address, no foreign key to a post: people know nothing of boards.
    `mail` says whether it still waits to be mailed, and by which post; '' once that is done.
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
        BOARD = "board", _("지켜보는 게시판의 새 글")
        WORD = "word", _("알림 단어가 든 새 글")

    class Mail(models.TextChoices):
        NONE = "", _("없음")
        NOW = "now", _("곧")
        DAILY = "daily", _("하루에 한 번")

    member = models.ForeignKey(Member, models.CASCADE, related_name="notifications", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    actor_name = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    address = models.CharField(max_length=200)
    about = models.CharField(max_length=40, db_index=True)
    part = models.CharField(max_length=40, blank=True, db_index=True)
    is_read = models.BooleanField(default=False)
    mail = models.CharField(
        max_length=5, choices=Mail, default=Mail.NONE, db_default="", blank=True
    )
    at = models.DateTimeField(default=timezone.now)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("알림")
        indexes = [
            models.Index("member", models.F("at").desc(), name="notification_newest"),
            models.Index(
                "mail", "member", name="notification_mail_due", condition=~models.Q(mail="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(  # what is still unread grows instead of coming twice
                fields=["member", "kind", "about"],
                condition=models.Q(is_read=False),
                name="notification_unread_once",
            )
        ]


class NotificationChoice(models.Model):
    """How a member wants one kind of notification; on the site alone where he has not said."""

    class Way(models.TextChoices):
        NONE = "none", _("받지 않음")
        SITE = "site", _("사이트에서")
        MAIL = "mail", _("사이트와 메일")
        DIGEST = "digest", _("사이트와 하루 한 번 메일")

    member = models.ForeignKey(Member, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Notification.Kind)
    way = models.CharField(max_length=6, choices=Way, default=Way.NONE, db_default="none")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind"], name="notification_choice_kind")
        ]
