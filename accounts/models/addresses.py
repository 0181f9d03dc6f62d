"""Addresses of authors, stored only while the owner keeps them (MemberSettings.address_days)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.members import Member


class AuthorAddress(models.Model):
    """The IP address from which something was written, or from which a member logged in.

    It is encrypted (boardsite.encryption). `address_hash` is a keyed hash, by which what came from
    the same address is found. `number` is the key of the post or comment, which this app does not
    know; a row may outlive them until its days are over."""

    class Kind(models.TextChoices):
        POST = "post", _("글")
        COMMENT = "comment", _("댓글")
        LOG_IN = "log_in", _("로그인")

    kind = models.CharField(max_length=8, choices=Kind)
    number = models.BigIntegerField(null=True)
    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="+", db_index=False)
    address = models.CharField(max_length=255)
    address_hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("글쓴이의 IP 주소")
        default_permissions = ()
        permissions = [("view_addresses", "Can view the IP addresses of authors")]
        indexes = [
            models.Index("kind", "number", name="author_address_written"),
            models.Index("member", models.F("id").desc(), name="author_address_member"),
            models.Index("address_hash", models.F("id").desc(), name="author_address_hash"),
            models.Index("at", name="author_address_at"),
        ]


class AddressLook(models.Model):
    """Somebody of the staff has looked at addresses: who, when and whose. Owners read these rows.

    `about` names the place of what they looked at, without names, subjects or addresses."""

    by = models.ForeignKey(
        Member, models.SET_NULL, null=True, related_name="+", verbose_name=_("본 사람")
    )
    at = models.DateTimeField(_("본 시각"), default=timezone.now, db_index=True)
    about = models.CharField(_("본 것"), max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = _("IP 주소 열람 기록")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.about
