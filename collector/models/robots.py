"""What sites ask of robots, kept for a day."""

from django.db import models
from django.utils import timezone


class RobotsFile(models.Model):
    """The robots.txt of one site, and when the site may be asked for anything again."""

    site = models.CharField(max_length=300, unique=True, help_text="`https://paper.example`")
    text = models.TextField(blank=True)
    closed_because = models.CharField(
        max_length=300,
        blank=True,
        help_text="Why the site could not say what it allows: nothing is fetched (RFC 9309).",
    )
    read_at = models.DateTimeField(
        default=timezone.now, help_text="When the site last said what it allows."
    )
    again_at = models.DateTimeField(
        default=timezone.now, help_text="From then on it is asked for robots.txt again."
    )
    free_at = models.DateTimeField(
        null=True,
        help_text="Nothing is fetched before: its Crawl-delay, its Request-rate or its Retry-After.",
    )

    def __str__(self) -> str:
        return self.site
