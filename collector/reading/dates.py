"""Parses the dates of feeds. Pure, except for the clock."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from django.utils import timezone as clock

_MAX_READ = 80  # characters
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
_SEOUL = timezone(timedelta(hours=9))

# Time zone names that RFC 822 lacks.
_ZONES = {"KST": "+0900", "JST": "+0900", "CET": "+0100", "CEST": "+0200", "BST": "+0100"}
_ZONE = re.compile(rf"\(?\b({'|'.join(_ZONES)})\b\)?", re.ASCII)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
# Java's format in a Korean locale: "수, 25 11월 2026 10:00:00 +0900".
_KOREAN_WEEKDAY = re.compile(r"^[월화수목금토일](?:요일)?\s*,\s*")
_KOREAN_MONTH = re.compile(r"^(\d{1,2})\s+(\d{1,2})월\s+(\d{4})", re.ASCII)
# "2026년 11월 25일 오전 10:30", "2026.11.25 (수) 10:30", "2026/11/25", "20261125103000".
_NUMBERS = re.compile(
    r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[일.]?(?:\s*\(.요?일?\))?"
    r"(?:[\sT,]*(오전|오후|AM|PM)?\s*(\d{1,2})\s*[:시]\s*(\d{1,2})(?:\s*[:분]\s*(\d{1,2}))?)?"
    r"(?:\s*(AM|PM))?[^\d+-]*([+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.ASCII,
)
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?", re.ASCII)


def read_date(text: str) -> datetime | None:
    """Parses a date of a feed; None if it is no date or implausible.

    Before 1995, or more than a day ahead, is implausible. A date without a zone is in Seoul's.
    """
    text = _ZONE.sub(lambda found: _ZONES[found[1]], text[:_MAX_READ].strip())
    text = text.removesuffix("-0000") + "+0000" if text.endswith("-0000") else text
    text = _KOREAN_MONTH.sub(_in_english, _KOREAN_WEEKDAY.sub("", text))
    for read in (datetime.fromisoformat, parsedate_to_datetime, _from_numbers):
        try:
            moment = read(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=_SEOUL)
            moment = moment.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue
        return moment if _EARLIEST <= moment <= clock.now() + _AHEAD else None
    return None


def _in_english(found: re.Match[str]) -> str:
    month = int(found[2])
    return f"{found[1]} {_MONTHS[month - 1]} {found[3]}" if 1 <= month <= 12 else found[0]


def _from_numbers(text: str) -> datetime:
    """Raises ValueError or TypeError if there is no date."""
    if found := _TOGETHER.fullmatch(text):
        digits = "".join(found.groups("00"))
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=_SEOUL)
    found = _NUMBERS.match(text)
    if not found:
        raise ValueError(text)
    year, month, day, half, hour, minute, second, half_behind, zone = found.groups()
    hours = int(hour or 0)
    half = (half or half_behind or "").upper()
    if half in ("오후", "PM") and hours < 12:
        hours += 12
    elif half in ("오전", "AM") and hours == 12:
        hours = 0
    tzinfo = datetime.strptime(zone, "%z").tzinfo if zone else _SEOUL
    parts = (int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
    return datetime(*parts, tzinfo=tzinfo)
