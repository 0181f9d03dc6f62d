"""What visitors with the same permissions share: the key of cached rows and pages."""

from typing import NamedTuple, Self

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import cached_property

from accounts.permissions import is_owner
from boards.models import Board
from boards.permissions.boards import BoardAccess
from boards.permissions.members import imagined_member
from boards.permissions.responding import RespondingAccess


class Look(NamedTuple):
    """Everything about a visitor that decides what they may do in one board."""

    board: int
    level: int
    enters: bool
    moderates: bool
    owns: bool
    is_member: bool


class Access(RespondingAccess):
    """What `visitor` may do in `board`; here, what several visitors have in common."""

    @cached_property
    def look(self) -> Look:
        """The cache key for what several visitors share.

        Visitors with the same look have the same permissions in this board, except for what they
        themselves wrote, paid for or blocked.
        """
        return Look(
            self.board.pk,
            self.level,
            self.enter,
            self.moderate,
            is_owner(self.visitor),
            self.visitor.is_authenticated,
        )

    def of_anyone(self) -> Self:
        """The access of a member with the same look who wrote, paid for and blocked nothing.

        Whatever is cached by look is built with it. Members only.
        """
        look = self.look
        member = imagined_member(
            self.board,
            look.level,
            moderates=look.moderates,
            owns=look.owns,
            is_admitted=look.enters,
        )
        return type(self)(member, self.board)

    @property
    def is_public(self) -> bool:
        """Whether every guest may read here."""
        return BoardAccess(AnonymousUser(), self.board).read

    @property
    def has_feed(self) -> bool:
        """Whether the board has feeds. They contain only what every guest may read."""
        board = self.board
        return self.is_public and board.feed_text != Board.FeedText.OFF and not board.is_inquiry
