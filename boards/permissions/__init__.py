"""Permissions within a board, decided by one object.

can = access(visitor, board)

Views call `can.require("write")`, templates test `{% if can.comment %}`. Each file extends the
class of the one before it: boards, reading, withheld, paying, changing, writing,
responding, sharing. `PostQuerySet.visible_to` is the equivalent of `Access.may_read` for many
posts.
"""

from accounts.permissions import Visitor
from boards.models import Board
from boards.permissions.members import (
    imagined_member,
    is_known_moderator,
    judges_any,
    may_handle_spam,
    may_see_activity,
    may_see_profile,
    moderates,
    moderates_any,
)
from boards.permissions.reading import thread_key, unlocked_key
from boards.permissions.sharing import Access, Look


def access(visitor: Visitor, board: Board) -> Access:
    return Access(visitor, board)
