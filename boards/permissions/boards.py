"""Permissions that depend on the board and the visitor only."""

from django.utils.functional import cached_property  # the one in functools takes a lock

from accounts.permissions import (
    Refused,
    SuspendedVisitor,
    Visitor,
    belongs_to,
    level_of,
)
from boards.models import Board
from boards.permissions.members import moderates, rights_of
from boards.refusals import REFUSALS, REFUSED_AUDIENCE, REFUSED_PRIVATE
from boardsite.typing import StrOrPromise


class BoardAccess:
    """The part of Access that needs no post."""

    def __init__(self, visitor: Visitor, board: Board):
        self.visitor = visitor
        self.board = board
        self.level = level_of(visitor)

    @cached_property
    def moderate(self) -> bool:
        """The owner, a moderator of this board or of its group, or of all boards by a role. Nobody
        in a deleted board."""
        return (
            self.visitor.is_authenticated
            and self.board.deleted_at is None
            and moderates(self.visitor, self.board)
        )

    @cached_property
    def enter(self) -> bool:
        """Whether the board's group and audience include the visitor, whatever their level."""
        if self.board.deleted_at is not None:
            return False
        return (self._of_group and belongs_to(self.visitor, self.board.audience)) or self.moderate

    @property
    def _of_group(self) -> bool:
        group = self.board.group
        return not group.is_private or group.pk in rights_of(self.visitor).joined_groups

    def _reaches(self, level: int) -> bool:
        return (self.level >= level and self.enter) or self.moderate

    @cached_property
    def list(self) -> bool:
        return self._reaches(self.board.list_level)

    @cached_property
    def read(self) -> bool:
        return self.list and self._reaches(self.board.read_level)

    @property
    def comment(self) -> bool:
        """A visitor who may inquire may also add to their inquiry."""
        board = self.board
        level = board.write_level if board.is_inquiry else board.comment_level
        return not self.is_suspended and self.read and self._reaches(level)

    @property
    def is_suspended(self) -> bool:
        """Whether the visitor is logged in and suspended. They cannot write as a guest either."""
        return isinstance(self.visitor, SuspendedVisitor)

    @property
    def asks_captcha(self) -> bool:
        """Whether new posts and comments of the visitor need a captcha. Guests always do."""
        if not self.visitor.is_authenticated:
            return True
        return self.board.captcha_for_members and not self.moderate

    def require(self, action: str, *, back: str = "") -> None:
        """Raises Refused unless the visitor may do `action` (a key of REFUSALS)."""
        if not getattr(self, action):
            raise Refused(self.refusal(action), back=back)

    def refusal(self, action: str) -> StrOrPromise:
        """The sentence that explains the refusal of `action`."""
        if isinstance(self.visitor, SuspendedVisitor) and action in ("write", "comment", "reply"):
            return self.visitor.refusal_to_write
        if self.enter:
            return REFUSALS[action]
        return REFUSED_AUDIENCE[self.board.audience] if self._of_group else REFUSED_PRIVATE
