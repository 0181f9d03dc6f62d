"""What single columns of gnuboard5 mean: numbers, times, lists, flags."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
TAG = re.compile(r"</?[a-z!][^<>]*>?", re.IGNORECASE)
SURROGATES = re.compile("[\ud800-\udfff\0]")
CUT_AT = 65_535  # bytes: the longest text of MySQL, where longer ones were cut in silence
LONGEST_VARCHAR = 255  # characters
LONGEST_NUMBER = 40  # characters
MOST = 2_147_483_647
YEARS = range(1970, 3000)  # others are typing errors, and some are beyond what databases hold


def number(row: dict[str, str], name: str, default: int = 0) -> int:
    """An integer column within the range of MySQL's; `default` where it is missing, empty or no number."""
    try:
        return min(max(int(float(row.get(name, "")[:LONGEST_NUMBER] or default)), -MOST), MOST)
    except (ValueError, OverflowError):
        return default


def count(row: dict[str, str], name: str, most: int = MOST) -> int:
    """A number of things: never negative, and no larger than our columns hold."""
    return min(max(number(row, name), 0), most)


def flag(row: dict[str, str], name: str) -> bool:
    return number(row, name) != 0


def moment(text: str) -> datetime | None:
    """A `datetime` column: the local time of Seoul, without a zone. None for zero dates and nonsense."""
    try:
        found = datetime.fromisoformat(text[:19])
    except ValueError:
        return None
    return found.replace(tzinfo=SEOUL) if found.year in YEARS else None


def day(text: str) -> date | None:
    """A day as YYYYMMDD or YYYY-MM-DD; None for zero dates and nonsense."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if found.year >= YEARS.start else None


def names(text: str, separator: str = "|") -> list[str]:
    """The parts of a list without empty and repeated ones: categories, ids, options."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in text.split(separator)))))


def plain(text: str) -> str:
    """A text without what no database of ours holds: NUL and lone surrogates."""
    return SURROGATES.sub("", text)


def without_tags(html: str) -> str:
    """The text of HTML that is cleaned nowhere. Django's strip_tags gives up at a thousand open tags."""
    return TAG.sub("", html)


def is_cut(text: str) -> bool:
    """Whether a text ends where MySQL cuts texts that are too long."""
    length = len(text.encode("utf-8", "surrogatepass"))
    return CUT_AT - 3 <= length <= CUT_AT
