"""ads.txt and additional lines of robots.txt, checked line by line. Pure."""

import re
from collections.abc import Callable

MAX_LINE = 500  # characters
MAX_LINES = 1_000
SHOWN = 60  # characters of a wrong line

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}"
_RECORD = re.compile(  # IAB Tech Lab, ads.txt 1.1: system, account, relationship, authority
    rf"{_HOST}\s*,\s*[\w.:|@-]{{1,100}}\s*,\s*(?:DIRECT|RESELLER)(?:\s*,\s*\w{{1,64}})?\s*(?:#.*)?",
    re.IGNORECASE | re.ASCII,
)
_VARIABLE = re.compile(
    r"(?:CONTACT|SUBDOMAIN|OWNERDOMAIN|MANAGERDOMAIN|INVENTORYPARTNERDOMAIN)\s*=\s*\S.*",
    re.IGNORECASE,
)
_DIRECTIVES = {  # RFC 9309, and what robots of Naver, Bing and Yandex read
    "user-agent": re.compile(r"[\w*./+ -]{1,100}", re.ASCII),
    "allow": re.compile(r"(?:[/*]\S*)?"),
    "disallow": re.compile(r"(?:[/*]\S*)?"),
    "crawl-delay": re.compile(r"\d{1,4}(?:\.\d{1,2})?", re.ASCII),
    "sitemap": re.compile(r"https?://\S+"),
    "clean-param": re.compile(r"[\w&.-]{1,200}(?: [/*]\S*)?", re.ASCII),
}


class WrongLine(ValueError):
    """Its arguments are the number of the line, from 1, and the beginning of the line."""


def ads_txt(text: str) -> str:
    """`text` as it is served. Raises WrongLine."""
    return _checked(text, _is_ads_line)


def robots_lines(text: str) -> str:
    """`text` as it is served. Raises WrongLine."""
    return _checked(text, _is_robots_line)


def split_groups(text: str) -> tuple[list[str], list[str]]:
    """The lines for every robot, which come before the first User-agent, and the groups from there."""
    lines = text.splitlines()
    for place, line in enumerate(lines):
        if line.lower().startswith("user-agent"):
            return lines[:place], lines[place:]
    return lines, []


def _checked(text: str, is_right: Callable[[str], bool]) -> str:
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines, 1):
        is_readable = len(line) <= MAX_LINE and line.replace("\t", " ").isprintable()
        if number > MAX_LINES or not is_readable or not is_right(line):
            raise WrongLine(number, "".join(filter(str.isprintable, line[:SHOWN])))
    return "\n".join(lines).strip("\n")


def _is_ads_line(line: str) -> bool:
    return not line or line[0] == "#" or bool(_RECORD.fullmatch(line) or _VARIABLE.fullmatch(line))


def _is_robots_line(line: str) -> bool:
    if not line or line[0] == "#":
        return True
    directive, colon, value = line.partition(":")
    pattern = _DIRECTIVES.get(directive.strip().lower())
    return bool(colon and pattern and pattern.fullmatch(value.partition("#")[0].strip()))
