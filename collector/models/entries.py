"""Which articles the collector has seen, and which posts they became."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.models import Post
from collector.models.sources import Source


class SeenEntry(models.Model):
    """An article that a source has shown. It is posted once, or never (`post` is None).

    `address_key` hashes its canonical address and identifies it across sources; "" if it is not
    posted. Reports of two papers with nearly the same words are one post: the second entry
    `is_also`, and the post lists it as 다른 곳.
    """

    class Hidden(models.TextChoices):
        """Why the collector has hidden the post; posts hidden by moderators are not marked."""

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
        help_text="Hash of what the source showed when the post was written or last updated.",
    )
    page_key = models.CharField(
        max_length=64,
        blank=True,
        db_default="",
        help_text="Hash of its own page at that time; empty if the post does not follow the page.",
    )
    shown = models.JSONField(
        null=True,
        help_text="What the source says beyond the page: collector.reading.entries.packed.",
    )
    fingerprint = models.BigIntegerField(
        null=True,
        help_text="collector.reading.fingerprints.fingerprint; None if the text is too short.",
    )
    sketch = models.BinaryField(
        null=True,
        max_length=258,
        help_text="collector.reading.fingerprints.sketch of the same text.",
    )
    hidden = models.CharField(
        _("숨김"), max_length=10, choices=Hidden, default=Hidden.NO, db_default="", blank=True
    )
    seen_at = models.DateTimeField(_("본 시각"), default=timezone.now)
    checked_at = models.DateTimeField(
        null=True, help_text="When its own page was last requested, to see whether it still exists."
    )
    misses = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often in a row the page was missing."
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
    """The hash under which rows store a guid or an address."""
    return hashlib.sha256(text.encode()).hexdigest()
