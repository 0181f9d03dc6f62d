"""RSS, Atom and JSON Feed of what every guest may read: the whole site, a board, a group, a tag."""

from boards.feeds.places import (
    BoardAtom,
    BoardFeed,
    BoardJson,
    GroupAtom,
    GroupFeed,
    GroupJson,
    SiteAtom,
    SiteFeed,
    SiteJson,
    TagAtom,
    TagFeed,
    TagJson,
)

__all__ = [
    "BoardAtom",
    "BoardFeed",
    "BoardJson",
    "GroupAtom",
    "GroupFeed",
    "GroupJson",
    "SiteAtom",
    "SiteFeed",
    "SiteJson",
    "TagAtom",
    "TagFeed",
    "TagJson",
]
