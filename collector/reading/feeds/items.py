"""What the formats have in common: an item as it stands in a feed, before it is made an Entry. Pure."""

from dataclasses import dataclass

from collector.reading.entries import Picture


class NotAFeed(ValueError):
    """No feed, or none that we read. Its message is a Korean sentence for the owner."""


@dataclass(slots=True)
class Item:
    """What a format gives of an entry, before it is made an Entry; `title` is plain text already,
    and links are relative to `base`."""

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
