"""알림: events that concern a member, stored until they delete them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import Member


class NotificationQuerySet(models.QuerySet):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def to_be_mailed(self, mail: str | None = None) -> "NotificationQuerySet":
        """Notifications that wait for a mail, or for that kind of mail. Uses an index of these rows
        only."""
        waiting = self.exclude(mail=Notification.Mail.NONE)
        return waiting if mail is None else waiting.filter(mail=mail)

    def about(self, thing) -> "NotificationQuerySet":
        """Notifications about the thing, and those that have it as their only part."""
        return self.filter(models.Q(about=thing) | models.Q(part=thing, count=1))


class Notification(models.Model):
    """Tells `member` that somebody did something. `count` people or actions of one kind share a
    row.

    It has a kind, a name and an address, but no foreign key to a post, because `accounts` does not
    know `boards`. `mail` says which mail it still waits for; '' for none. `about` and `part` name
    its subject ("post:12", "comment:55"), so that it is deleted when the subject is no longer
    visible."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("내 글에 댓글")
        REPLY = "reply", _("내 댓글에 답변")
        REPLY_POST = "answer", _("내 글에 답변글")
        MENTION = "mention", _("나를 언급한 댓글")
        LIKE = "like", _("내 글과 댓글의 추천")
        MESSAGE = "message", _("나에게 온 쪽지")
        REPORT = "report", _("내 신고의 결과")
        MODERATION = "moderation", _("관리자의 조치")
        BOARD = "board", _("지켜보는 게시판의 새 글")
        WORD = "word", _("알림 단어가 든 새 글")
        ANSWER = "answered", _("내 1:1 문의의 답변")
        INQUIRY = "inquiry", _("답변할 1:1 문의 (게시판 관리자)")

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
    read_at = models.DateTimeField(null=True)
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
            models.UniqueConstraint(  # an unread one grows instead of being created twice
                fields=["member", "kind", "about"],
                condition=models.Q(read_at=None),
                name="notification_unread_once",
            )
        ]


class NotificationChoice(models.Model):
    """How a member wants one kind of notification. Without a row: `default_way` of that kind."""

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

    @classmethod
    def default_way(cls, kind: str) -> "NotificationChoice.Way":
        """How members are notified until they choose: on the site, and of what they wait for by mail."""
        return cls.Way.MAIL if kind == Notification.Kind.ANSWER else cls.Way.SITE
