"""One article, whether from a feed, a listing page or its own page. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

MAX_ENTRIES = 200  # per feed or listing; the rest is not read
MAX_GUID = 500  # characters; a longer guid is replaced by its hash
MAX_TITLE = 255
UNTITLED = 80  # characters of the text that replace a missing title
MAX_HTML = 200_000  # a longer body is cut
MAX_SUMMARY = 300
MAX_AUTHOR = 60
MAX_CAPTION = 300
MAX_CREDIT = 100


@dataclass(frozen=True, slots=True)
class Picture:
    """The lead picture of an article; texts are plain, "" if not given."""

    address: str
    """Absolute."""
    caption: str = ""
    """At most MAX_CAPTION characters."""
    credit: str = ""
    """The photographer or agency, such as `로이터=뉴스1`; at most MAX_CREDIT characters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as its source gives it. All texts except `html` are plain."""

    guid: str
    """The source's identifier, at most MAX_GUID characters; never empty, unique within a feed."""
    address: str
    """Canonical; "" if the source gives none."""
    title: str
    """On one line, at most MAX_TITLE characters; never empty."""
    html: str
    """The body, else the summary; links and pictures are absolute. Not cleaned."""
    summary: str
    """At most MAX_SUMMARY characters, cut after a sentence or a word and then ended with `…`."""
    author: str
    """At most MAX_AUTHOR characters, without mail addresses; "" if not given."""
    published_at: datetime | None
    """In UTC; None if not given, before 1995 or more than a day ahead."""
    picture: Picture | None
    language: str = ""
    """As the source gives it (BCP 47: `ko`, `en-GB`), in lower case; "" if not given."""


_PACKED = ("summary", "author", "picture", "language")


def packed(entry: Entry) -> dict:
    """The facts that an article's page may not repeat, for a JSON column: no title, text or
    date."""
    facts = asdict(entry)
    return {name: facts[name] for name in _PACKED if facts[name]}


def unpacked(facts: Mapping, *, guid: str, address: str, title: str) -> Entry:
    """The reverse of `packed`: an Entry without text."""
    picture = facts.get("picture")
    return Entry(
        guid,
        address,
        title,
        "",
        facts.get("summary", ""),
        facts.get("author", ""),
        None,
        Picture(**picture) if picture else None,
        facts.get("language", ""),
    )
