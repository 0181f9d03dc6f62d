"""The leaf of the calendar beside 접속자집계: a picture that every browser fetches once a day.

Most robots that pass for browsers read pages and leave the pictures. The address holds the day and
some digits of the visitor's number, so that somebody whose address changes on the way fetches it
again, under his new number. Pure.
"""

import re
from datetime import date

NAME = re.compile(r"(\d{4})(\d\d)(\d\d)-[0-9a-f]{4}")


def leaf_name(day: date, key: int) -> str:
    """As it stands in the address: 20261125-9f3c."""
    return f"{day:%Y%m%d}-{key & 0xFFFF:04x}"


def leaf_day(name: str) -> date | None:
    """The day of a leaf's name, None when it is no such name."""
    match = NAME.fullmatch(name)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
