"""Blocked addresses, and names that nobody may take again."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import Member


class AddressBlock(models.Model):
    """A network (one address, or a range as CIDR, IPv4 or IPv6) that is blocked from something."""

    class Scope(models.TextChoices):
        JOIN = "join", _("가입과 손님 글쓰기")
        ALL = "all", _("모든 접속")

    network = models.CharField(
        _("IP 또는 범위"),
        max_length=43,
        unique=True,
        help_text=_("예: 203.0.113.7, 203.0.113.0/24, 2001:db8::/48"),
    )
    scope = models.CharField(_("막는 것"), max_length=4, choices=Scope, default=Scope.JOIN)
    reason = models.CharField(_("사유"), max_length=200, blank=True)
    until = models.DateTimeField(_("기한"), null=True, blank=True, help_text=_("비우면 계속."))
    by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(_("막은 시각"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("IP 차단")

    def __str__(self) -> str:
        return self.network


class RetiredName(models.Model):
    """A keyed hash of an erased member's 아이디, which nobody may take again (gnuboard5)."""

    name_hash = models.CharField(max_length=64, unique=True)


class ShutOutMail(models.Model):
    """A keyed hash of the e-mail address of a member who was erased while suspended. It cannot be
    used to join until the suspension is over."""

    mail_hash = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)
