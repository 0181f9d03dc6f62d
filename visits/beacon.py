"""The beacon, a calendar icon beside 접속자집계: a picture that every browser fetches once a day.

Most robots that pretend to be browsers read pages without their pictures. The URL contains the day
and some digits of the visitor's number, so that a visitor whose address changes meanwhile fetches
it again under the new number. Pure."""

import re
from datetime import date

NAME = re.compile(r"(\d{4})(\d\d)(\d\d)-[0-9a-f]{4}")


def beacon_name(day: date, key: int) -> str:
    """The name in the URL: 20261125-9f3c."""
    return f"{day:%Y%m%d}-{key & 0xFFFF:04x}"


def beacon_day(name: str) -> date | None:
    """The day in the name of a beacon, None for another name."""
    match = NAME.fullmatch(name)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
