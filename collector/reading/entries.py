"""One article, wherever it was read: in a feed, in a listing page, in its own page. Pure."""

from dataclasses import dataclass
from datetime import datetime

MAX_ENTRIES = 200  # of a feed or a listing; what is behind them is not read
MAX_GUID = 500  # characters; a longer guid is known by its hash
MAX_TITLE = 255
UNTITLED = 80  # characters of its text that an article without a title is called by
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
    """Who took it, as `로이터=뉴스1`; at most MAX_CREDIT characters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as its source gives it. Texts are plain but for `html`."""

    guid: str
    """What the source knows it by, at most MAX_GUID characters; never empty, once in a feed."""
    address: str
    """Canonical; "" if the source gives none."""
    title: str
    """On one line, at most MAX_TITLE characters; never empty."""
    html: str
    """The body, or the summary if there is no more; links and pictures absolute. Not cleaned."""
    summary: str
    """At most MAX_SUMMARY characters, up to the end of a sentence or a word, then `…`."""
    author: str
    """At most MAX_AUTHOR characters, no mail addresses; "" if not given."""
    published_at: datetime | None
    """In UTC; None if not given, before 1995 or more than a day ahead."""
    picture: Picture | None
    """None without one."""
    language: str = ""
    """As the source names it (BCP 47: `ko`, `en-GB`), in lower case; "" if not given."""
