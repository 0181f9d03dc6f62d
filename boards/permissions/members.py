"""Who moderates which boards and belongs to which groups, and what others see of a member."""

from collections.abc import Sequence

from django.utils.functional import cached_property

from accounts.models import MEMBER_LEVEL, Member
from accounts.permissions import Audience, Visitor, may_suspend
from boards.models import Board, BoardGroup
from boards.roles import judges_all, moderates_all
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.caching.versions import Versions


class Rights:
    """The rights of one visitor that do not depend on a board, loaded once per request
    (`rights_of`)."""

    def __init__(self, visitor: Visitor):
        self._pk = visitor.pk
        self.moderates_all = moderates_all(visitor)
        self.readable: tuple[Versions | None, Sequence[Board]] = None, ()  # queries.readable_boards

    @cached_property
    def moderated_boards(self) -> frozenset[int]:
        """Boards that name the visitor as a moderator, themselves or through their group."""
        return _moderated_boards(self._pk) if self._pk else frozenset()

    @cached_property
    def joined_groups(self) -> frozenset[int]:
        """Queried only when a board's group is private."""
        return _joined_groups(self._pk) if self._pk else frozenset()

    @property
    def is_known_moderator(self) -> bool:
        """Whether the queries of this request have already shown that they moderate a board."""
        return bool(self.__dict__.get("moderated_boards"))


def rights_of(visitor: Visitor) -> Rights:
    """The same object throughout the visitor's request."""
    rights = getattr(visitor, "board_rights", None)
    if rights is None:
        rights = Rights(visitor)
        visitor.board_rights = rights  # type: ignore[union-attr] # kept with the visitor
    return rights


def moderates(visitor: Visitor, board: Board) -> bool:
    """Whether a role of `visitor`, `board` or its group makes them a moderator. One query per
    visitor."""
    rights = rights_of(visitor)
    return rights.moderates_all or board.pk in rights.moderated_boards


def moderates_any(visitor: Visitor) -> bool:
    """Whether `visitor` is the owner, or a moderator of any board."""
    return moderates_all(visitor) or bool(rights_of(visitor).moderated_boards)


def judges_any(visitor: Visitor) -> bool:
    """Whether there may be reports that `visitor` judges."""
    return judges_all(visitor) or moderates_any(visitor)


def is_known_moderator(visitor: Visitor) -> bool:
    """As judges_any, from what this request has already loaded; no query."""
    return judges_all(visitor) or rights_of(visitor).is_known_moderator


def may_handle_spam(visitor: Visitor, member: Member) -> bool:
    """Whether `visitor` may suspend `member` and hide all that they wrote."""
    return judges_all(visitor) and may_suspend(visitor, member)


def may_see_profile(visitor: Visitor, member: Member) -> bool:
    """Whether `visitor` sees more of `member` than the name.

    Everybody does, unless the member has closed the profile; then only the member and the staff.
    The lists of their posts check each board's own permissions.
    """
    return member.shows_profile or member == visitor or moderates_any(visitor)


def may_see_activity(visitor: Visitor, member: Member) -> bool:
    """As may_see_profile, for the list of the member's latest posts and comments."""
    return member.shows_activity or member == visitor or moderates_any(visitor)


def _boards_of_moderator(member_id: int) -> frozenset[int]:
    boards = Board.objects.of_moderator(member_id).order_by()
    return frozenset(boards.values_list("pk", flat=True))


def _groups_of_member(member_id: int) -> frozenset[int]:
    joined = BoardGroup.members.through.objects.filter(member=member_id)
    return frozenset(joined.values_list("boardgroup_id", flat=True))


# Saving these rows increments the site's version (boards.invalidation), so a cached Rights never becomes
# stale.
_moderated_boards = VersionedCache(_boards_of_moderator, seconds=600, size=4096)
_joined_groups = VersionedCache(_groups_of_member, seconds=600, size=4096)


def imagined_member(
    board: Board,
    level: int = MEMBER_LEVEL,
    *,
    moderates: bool = False,
    owns: bool = False,
    is_admitted: bool = True,
) -> Member:
    """A member without a row, whose permissions `access` can compute without a query.

    If `is_admitted`, they belong to the board's group and audience.
    """
    member = Member(level=level, is_superuser=owns)
    rights = rights_of(member)
    rights.moderated_boards = frozenset([board.pk] if moderates else [])
    rights.joined_groups = frozenset([board.group_id] if is_admitted else [])
    member.blocked_ids = frozenset()
    member.audiences = dict.fromkeys(Audience, is_admitted)
    return member
