"""The admin of boards, groups, posts, comments and the log. Changes to posts go through the
actions."""

from boards.admin.boards import BoardAdmin
from boards.admin.groups import BoardGroupAdmin
from boards.admin.log import ModerationEntryAdmin
from boards.admin.search_words import BlockedSearchWordAdmin, SearchSettingsAdmin
from boards.admin.written import CommentAdmin, PostAdmin
