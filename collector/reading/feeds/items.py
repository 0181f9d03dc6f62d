"""An item of a feed, common to all formats, before it becomes an Entry. Pure."""

from dataclasses import dataclass

from collector.reading.entries import Picture


class NotAFeed(ValueError):
    """Not a feed, or in an unknown format. The message is a Korean sentence for the owner."""


@dataclass(slots=True)
class Item:
    """What a format gives for one entry. `title` is plain text already; links are relative to
    `base`."""

    guid: str
    address: str
    title: str
    html: str
    summary_html: str
    author: str
    dates: list[str]
    picture: Picture | None
    language: str
    base: str
