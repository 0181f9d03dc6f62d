"""Where a member is logged in, without storing addresses."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import Member


class Device(models.Model):
    """A browser with which a member has logged in, recognised by a cookie.

    `key_hash` is the hash of the cookie's value; `name` is readable ("Windows의 Chrome")."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="devices", db_index=False)
    key_hash = models.CharField(max_length=64)
    name = models.CharField(_("기기"), max_length=80)
    first_seen_at = models.DateTimeField(_("처음 로그인"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("마지막 로그인"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("기기")
        constraints = [
            models.UniqueConstraint(fields=["member", "key_hash"], name="device_member_key")
        ]


class MemberSession(models.Model):
    """A session in which `member` is logged in. Logging out deletes it; expired ones are cleaned
    up.

    `session_key` is the key of the session's row (boardsite.sessions.row_key), never the cookie's
    value."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.ForeignKey(Device, models.CASCADE, related_name="sessions")
    started_at = models.DateTimeField(_("로그인한 시각"), default=timezone.now)
    seen_on = models.DateField(_("마지막으로 쓴 날"), default=timezone.localdate)

    class Meta:
        verbose_name = verbose_name_plural = _("로그인 기록")
