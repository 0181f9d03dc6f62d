"""The owner's desk: groups and boards; posts, comments and the log through the actions."""

from boards.admin.boards import BoardAdmin
from boards.admin.groups import BoardGroupAdmin
from boards.admin.log import ModerationEntryAdmin
from boards.admin.search_words import BlockedSearchWordAdmin, SearchSettingsAdmin
from boards.admin.written import CommentAdmin, PostAdmin

__all__ = [
    "BlockedSearchWordAdmin",
    "BoardAdmin",
    "BoardGroupAdmin",
    "CommentAdmin",
    "ModerationEntryAdmin",
    "PostAdmin",
    "SearchSettingsAdmin",
]
