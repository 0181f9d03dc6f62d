"""RSS, Atom and JSON feeds of what every guest may read: of the site, a board, a group, a tag."""

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
