"""The cached robots.txt of sites."""

from django.db import models
from django.utils import timezone


class RobotsFile(models.Model):
    """The robots.txt of one site, and when the next request to it is allowed."""

    site = models.CharField(max_length=300, unique=True, help_text="`https://paper.example`")
    text = models.TextField(blank=True)
    closed_because = models.CharField(
        max_length=300,
        blank=True,
        help_text="Why robots.txt could not be read, so that nothing is fetched (RFC 9309).",
    )
    read_at = models.DateTimeField(default=timezone.now, help_text="When robots.txt was last read.")
    again_at = models.DateTimeField(
        default=timezone.now, help_text="When robots.txt is requested again."
    )
    free_at = models.DateTimeField(
        null=True,
        help_text="Nothing is fetched before this time (Crawl-delay, Request-rate or Retry-After).",
    )

    def __str__(self) -> str:
        return self.site
