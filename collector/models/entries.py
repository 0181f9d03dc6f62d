"""Which articles have been met, and which posts they are."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.models import Post
from collector.models.sources import Source


class SeenEntry(models.Model):
    """An article that a source has shown: it is posted once, or never (`post` None).

    `address_key` is a hash of its canonical address, by which it is known across sources; "" where
    it is not posted. Two papers' reports with nearly the same words are one post: the second entry
    `is_also`, and the post names it as 다른 곳.
    """

    class Hidden(models.TextChoices):
        """Why the collector has hidden the post; what moderators hide is theirs."""

        NO = "", _("아니요")
        GONE = "gone", _("원문이 사라짐")
        TAKEN_DOWN = "taken_down", _("모두 내림")

    source = models.ForeignKey(
        Source, models.CASCADE, related_name="entries", verbose_name=_("수집한 곳")
    )
    guid_key = models.CharField(max_length=64)
    address_key = models.CharField(max_length=64, blank=True)
    address = models.CharField(_("원문"), max_length=1000, blank=True)
    title = models.CharField(_("제목"), max_length=255)
    post = models.ForeignKey(
        Post, models.SET_NULL, null=True, related_name="+", verbose_name=_("글")
    )
    is_also = models.BooleanField(_("다른 곳의 같은 소식"), default=False, db_default=False)
    is_waiting = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Its page could not be read yet; the next passes try again for some days.",
    )
    content_key = models.CharField(
        max_length=64,
        blank=True,
        db_default="",
        help_text="A hash of what the source showed when the post was written or last changed.",
    )
    fingerprint = models.BigIntegerField(
        null=True,
        help_text="collector.reading.fingerprints, as a signed number; None if too short.",
    )
    hidden = models.CharField(
        _("숨김"), max_length=10, choices=Hidden, default=Hidden.NO, db_default="", blank=True
    )
    seen_at = models.DateTimeField(_("본 때"), default=timezone.now)
    checked_at = models.DateTimeField(
        null=True, help_text="When its own page was last asked for, to see whether it is there."
    )
    misses = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often in a row it was not there."
    )

    class Meta:
        verbose_name = verbose_name_plural = _("수집한 글")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "guid_key"], name="collector_source_guid"),
            models.UniqueConstraint(
                fields=["address_key"],
                condition=~models.Q(address_key=""),
                name="collector_address",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "seen_at"], name="collector_seen"),
            models.Index(
                fields=["seen_at"],
                name="collector_fingerprints",
                condition=models.Q(fingerprint__isnull=False),
            ),
            models.Index(
                fields=["source"],
                name="collector_taken_down",
                condition=models.Q(hidden="taken_down"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


def key_of(text: str) -> str:
    """A guid or an address as rows know it."""
    return hashlib.sha256(text.encode()).hexdigest()
