"""Who may do what in a board: one object answers all of it.

    can = access(visitor, board)
    can.require("write")
    {% if can.comment %}

`PostQuerySet.visible_to` says the same as `Access.may_read` for many posts at once.
"""

from functools import cached_property

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Refused, Visitor, is_owner, level_of
from boards.models import Board, Comment, Post

# gnuboard5's own sentences, so that nobody has to learn new ones.
REFUSALS = {
    "list": _("목록을 볼 권한이 없습니다."),
    "read": _("글을 읽을 권한이 없습니다."),
    "write": _("글을 쓸 권한이 없습니다."),
    "comment": _("댓글을 쓸 권한이 없습니다."),
    "upload": _("파일을 올릴 권한이 없습니다."),
    "moderate": _("게시판 관리자만 할 수 있습니다."),
}
REFUSED_SECRET = _("비밀글입니다. 글쓴이와 관리자만 읽을 수 있습니다.")
REFUSED_EDIT = _("글쓴이만 고칠 수 있습니다.")
REFUSED_DELETE = _("글쓴이만 지울 수 있습니다.")
REFUSED_CLOSED = _("댓글이 잠긴 글입니다.")
REFUSED_OWNERS = _("사이트 주인이 쓴 글은 주인만 관리할 수 있습니다.")
REFUSED_FOREIGN = _("이 게시판의 글만, 관리하는 게시판으로만 옮기거나 바꿀 수 있습니다.")
REFUSED_SCRAP = _("회원만 스크랩할 수 있습니다.")
REFUSED_LIKE = _("회원만, 다른 회원의 글만 추천할 수 있습니다.")
REFUSED_REPORT = _("회원만, 다른 회원의 글만 신고할 수 있습니다.")


class Access:
    """What `visitor` may do in `board`."""

    def __init__(self, visitor: Visitor, board: Board):
        self.visitor = visitor
        self.board = board
        self.level = level_of(visitor)

    @cached_property
    def moderate(self) -> bool:
        """The owner, or a moderator of this very board."""
        if not self.visitor.is_authenticated:
            return False
        return self.visitor.is_superuser or moderates(self.visitor, self.board)

    def _reaches(self, level: int) -> bool:
        return self.level >= level or self.moderate

    @property
    def list(self) -> bool:
        return self._reaches(self.board.list_level)

    @property
    def read(self) -> bool:
        return self.list and self._reaches(self.board.read_level)

    @property
    def write(self) -> bool:
        return self.visitor.is_authenticated and self._reaches(self.board.write_level)

    @property
    def comment(self) -> bool:
        return (
            self.visitor.is_authenticated and self.read and self._reaches(self.board.comment_level)
        )

    @property
    def upload(self) -> bool:
        return self.write and self._reaches(self.board.upload_level)

    def require(self, deed: str, *, back: str = "") -> None:
        """Raises Refused unless the visitor may do `deed` (a key of REFUSALS)."""
        if not getattr(self, deed):
            raise Refused(REFUSALS[deed], back=back)

    # -- one post -----------------------------------------------------------------------------

    def may_read(self, post: Post) -> bool:
        return (
            self.read
            and post.is_published
            and (not post.is_secret or self.wrote(post) or self.moderate)
        )

    def may_see_files(self, post: Post) -> bool:
        """As may_read; a moderator also sees what he has hidden, to judge it."""
        return self.moderate or self.may_read(post)

    def wrote(self, written: Post | Comment) -> bool:
        return self.visitor.is_authenticated and written.author_id == self.visitor.pk

    def may_edit(self, written: Post | Comment) -> bool:
        """The author; a moderator too, but never what the owner of the site wrote."""
        if not written.is_published or not self.read:
            return False
        return self.wrote(written) or self.may_moderate(written)

    may_delete = may_edit

    def may_moderate(self, written: Post | Comment) -> bool:
        """A moderator, published or not; but what the owner of the site wrote only the owner."""
        return self.moderate and (is_owner(self.visitor) or not self._by_owner(written))

    def may_comment(self, post: Post) -> bool:
        """As `comment`; below a post whose comments are closed only moderators write on."""
        return self.comment and self.may_read(post) and (not post.is_closed or self.moderate)

    def may_like(self, post: Post) -> bool:
        return (
            self.board.use_likes
            and self.visitor.is_authenticated
            and self.may_read(post)
            and not self.wrote(post)
        )

    def may_scrap(self, post: Post) -> bool:
        return self.visitor.is_authenticated and self.may_read(post)

    def may_report(self, post: Post, comment: Comment | None = None) -> bool:
        """A member, what he may read and has not written: the post, or that comment of it."""
        written = comment or post
        return (
            self.visitor.is_authenticated
            and self.may_read(post)
            and written.is_published
            and not self.wrote(written)
        )

    def may_judge(self, written: Post | Comment) -> bool:
        """Whether he may settle reports about it: nobody his own, only the owner the owner's."""
        return is_owner(self.visitor) or (self.may_moderate(written) and not self.wrote(written))

    @staticmethod
    def _by_owner(written: Post | Comment) -> bool:
        return written.author is not None and written.author.is_superuser


def access(visitor: Visitor, board: Board) -> Access:
    return Access(visitor, board)


def moderates(visitor: Visitor, board: Board) -> bool:
    """Whether `visitor` is named as a moderator of `board`; one query a visitor, not a board."""
    return board.pk in _moderated_boards(visitor)


def moderates_any(visitor: Visitor) -> bool:
    """Whether `visitor` is the owner, or named as a moderator of some board."""
    return is_owner(visitor) or (visitor.is_authenticated and bool(_moderated_boards(visitor)))


def is_known_moderator(visitor: Visitor) -> bool:
    """As moderates_any, as far as this request already knows: asks the database nothing."""
    return is_owner(visitor) or bool(getattr(visitor, "_moderated_boards", None))


def _moderated_boards(visitor: Visitor) -> set[int]:
    if not hasattr(visitor, "_moderated_boards"):
        through = Board.moderators.through.objects
        visitor._moderated_boards = set(
            through.filter(member=visitor).values_list("board_id", flat=True)
        )
    return visitor._moderated_boards
