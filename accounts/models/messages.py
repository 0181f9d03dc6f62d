"""쪽지 between members, and blocks."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import Member


class MessageQuerySet(models.QuerySet):
    def received_by(self, member: Member):
        """The member's 받은쪽지함."""
        return self.filter(receiver=member, deleted_by_receiver=False)

    def sent_by(self, member: Member):
        """The member's 보낸쪽지함."""
        return self.filter(sender=member, deleted_by_sender=False)

    def in_box_of(self, member: Member):
        """Messages that the member can open: received or sent, and not deleted on their side."""
        return self.received_by(member) | self.sent_by(member)

    def unread(self):
        """The messages that unread_message_count counts."""
        return self.filter(read_at=None, receiver__isnull=False, deleted_by_receiver=False)

    def in_no_box(self):
        """Messages that both sides have deleted, or whose sides no longer exist."""
        sent = models.Q(deleted_by_sender=True) | models.Q(sender=None)
        received = models.Q(deleted_by_receiver=True) | models.Q(receiver=None)
        return self.filter(sent, received)

    def reported(self):
        """Messages that their receivers have reported to the owner of the site."""
        return self.filter(reported_at__isnull=False)


class Message(models.Model):
    """One row for both sides; it is deleted when both have deleted it. `text` is plain text as
    typed."""

    sender = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+", db_index=False)
    sender_name = models.CharField(_("보낸 사람"), max_length=40)
    receiver = models.ForeignKey(
        Member, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    receiver_name = models.CharField(_("받는 사람"), max_length=40)
    text = models.TextField(_("내용"))
    sent_at = models.DateTimeField(_("보낸 시각"), default=timezone.now)
    read_at = models.DateTimeField(_("읽은 시각"), null=True)
    deleted_by_sender = models.BooleanField(default=False)
    deleted_by_receiver = models.BooleanField(default=False)
    reported_at = models.DateTimeField(_("신고한 시각"), null=True)
    report_reason = models.CharField(_("신고 사유"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("쪽지")
        indexes = [
            models.Index("receiver", models.F("id").desc(), name="message_received"),
            models.Index("sender", models.F("id").desc(), name="message_sent"),
            models.Index(
                "reported_at",
                name="message_reported",
                condition=models.Q(reported_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender_name} → {self.receiver_name}"

    def get_absolute_url(self) -> str:
        return f"/messages/{self.pk}/"


class Block(models.Model):
    """`member` has blocked `blocked`: collapsed posts, no messages, no notifications."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="blocks", db_index=False)
    blocked = models.ForeignKey(Member, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("차단")
        constraints = [
            models.UniqueConstraint(fields=["member", "blocked"], name="block_member_blocked")
        ]
