"""'@별명' in a comment: the candidates for the name, and the links. Pure.

Works on the HTML of a comment (richtext.comment_html), in which no letter of a name is an entity
and addresses are links already, which are skipped. Attack case 47: a link contains only letters of
the name behind '@'.
"""

import html as entities
import re
from collections.abc import Callable, Collection, Mapping

from accounts.text.names import nickname_key

MAX_MENTIONS = 10  # per comment; further mentions are ignored
SHORTEST, LONGEST = 2, 16  # characters of a 별명

# Not in an e-mail address, nor in a path.
_MENTION = re.compile(r"(?<![a-zA-Z0-9_.+/@-])@([\w.-]{2,40})")
_PARTS = re.compile("(<[^<>]*>)")
# Suffixes of a Korean name: an honorific, then particles; at most three, which bounds the matching.
_STOP = re.compile(r"[._-]+(?![a-zA-Z0-9])")
_PARTICLES = re.compile(
    r"(?:님|씨|군|양|형|언니|오빠|누나|선배)?(?:들)?"
    r"(?:이?야|아|여|은|는|이|가|을|를|의|에|에게|에게서|께|께서|한테|한테서|도|만|과|와|이?랑|하고|으?로"
    r"|보다|처럼|같이|까지|부터|마다|이?나|이?네|이?요|이?란|이?라고|이?라는|이?죠|인데|입니다){0,3}"
    rf"(?:\Z|{_STOP.pattern})"
)


def names_in(html: str) -> set[str]:
    """The nickname keys of all candidates, to query the database for; at most 15 per mention."""
    found: set[str] = set()

    def collect(run: str) -> str:
        found.update(key for key, _length in _readings(run))
        return ""

    _each_mention(html, collect)
    return found


def keys_in(html: str, known: Collection[str]) -> list[str]:
    """The `known` keys that are mentioned, in order, each once."""
    found: dict[str, None] = {}

    def collect(run: str) -> str:
        if reading := _meant(run, known):
            found[reading[0]] = None
        return ""

    _each_mention(html, collect)
    return list(found)


def linked(html: str, pages: Mapping[str, str]) -> str:
    """`html` in which each mention of a key of `pages` links to its address."""

    def link(run: str) -> str:
        reading = _meant(run, pages)
        if reading is None:
            return f"@{run}"
        key, length = reading
        address = entities.escape(pages[key])
        return f'<a class="mention" href="{address}">@{run[:length]}</a>{run[length:]}'

    return _each_mention(html, link)


def _each_mention(html: str, change: Callable[[str], str]) -> str:
    """`html` in which `change` has replaced the first mentions outside of links.

    It gets the letters behind '@'.
    """
    parts, is_linked, left = _PARTS.split(html), False, MAX_MENTIONS
    for place, part in enumerate(parts):
        if place % 2:
            is_linked = part.startswith("<a ") or (is_linked and part != "</a>")
        elif left and not is_linked and "@" in part:
            parts[place], count = _MENTION.subn(lambda found: change(found[1]), part, count=left)
            left -= count
    return "".join(parts)


def _readings(run: str) -> list[tuple[str, int]]:
    """The prefixes of `run` that can be a 별명, judged by the next letters: (key, length), the
    longest first."""
    readings = []
    for length in range(min(len(run), LONGEST), SHORTEST - 1, -1):
        name, rest = run[:length], run[length:]
        if name[-1].isalnum() and _ends_here(name, rest) and (key := nickname_key(name)):
            readings.append((key, length))
    return readings


def _ends_here(name: str, rest: str) -> bool:
    """Whether the name can end before `rest`: at the end, punctuation, particles, or Hangul after
    Latin."""
    is_latin = name[-1].isascii()
    return _PARTICLES.match(rest) is not None or (is_latin and "가" <= rest[0] <= "힣")


def _meant(run: str, known: Collection[str]) -> tuple[str, int] | None:
    return next((reading for reading in _readings(run) if reading[0] in known), None)
