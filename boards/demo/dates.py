"""The dates of the demo's posts, counted back from today."""

import datetime


def latest(month_day: str, today: datetime.date) -> datetime.date:
    """The latest `MM-DD` before `today`. Raises ValueError for 02-29."""
    month, day = (int(part) for part in month_day.split("-"))
    found = datetime.date(2001, month, day).replace(year=today.year)
    return found if found < today else found.replace(year=today.year - 1)
