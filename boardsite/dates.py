"""Dates and times as pages show them."""

import datetime

from django.utils import timezone


def full_date(moment: datetime.datetime | None) -> str:
    """`25-02-01 06:01` in Seoul time, or "" for None."""
    return f"{timezone.localtime(moment):%y-%m-%d %H:%M}" if moment else ""


def machine_date(moment: datetime.datetime) -> str:
    """The value of `<time datetime>`: to the minute, in Seoul time."""
    return timezone.localtime(moment).isoformat(timespec="minutes")
