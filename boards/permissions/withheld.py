"""Permissions to see hidden, deleted and collapsed posts and comments, and the files of a post."""

from typing import Protocol

from django.utils.functional import cached_property

from accounts.permissions import blocked_by
from boards.models import Comment, Post, Report, State
from boards.permissions.reading import ReadingAccess
from boards.roles import judges_all


class Written(Protocol):
    """A post, a comment, or a row of one."""

    @property
    def author_id(self) -> int | None: ...


class WithheldAccess(ReadingAccess):
    """The part of Access about what not every reader sees."""

    @property
    def download(self) -> bool:
        return self.read and self._reaches(self.board.download_level)

    @cached_property
    def judge(self) -> bool:
        """Whether the visitor judges reports: moderators do, and 신고 담당 except for inquiries."""
        if self.moderate:
            return True
        board = self.board
        return judges_all(self.visitor) and not board.is_inquiry and board.deleted_at is None

    def may_see_withheld(self, written: Post | Comment) -> bool:
        """Whether the visitor may open it although it is no longer published.

        Moderators of the board may, and 신고 담당 if it was reported, to judge it. Members see
        their own posts and comments that a moderator has hidden, with the reason, as long as they
        may read the board. Guests never do, even if a password proves that they wrote it.
        """
        if written.is_published:
            return False
        return self._judges(written) or (
            written.state == State.HIDDEN
            and self.visitor.is_authenticated
            and self.read
            and self.wrote(written)
        )

    def _judges(self, written: Post | Comment) -> bool:
        if self.moderate or not self.judge:
            return self.moderate
        post = written.post if isinstance(written, Comment) else written
        return Report.objects.filter(post=post).exists()

    def may_see(self, post: Post) -> bool:
        """As may_read, and may_see_withheld."""
        return self.may_read(post) or self.may_see_withheld(post)

    def may_see_comment(self, comment: Comment) -> bool:
        """As may_read_comment, and two more cases.

        Comments below a withheld post that the visitor sees, and hidden comments that
        may_see_withheld allows. Nobody sees deleted comments.
        """
        if not self.may_see(comment.post):
            return False
        if comment.is_published:
            return self._is_open_to_visitor(comment)
        return comment.state == State.HIDDEN and self.may_see_withheld(comment)

    def may_see_files(self, post: Post) -> bool:
        return self.moderate or self.may_see(post)

    def may_download(self, post: Post) -> bool:
        """Whether the visitor may download files, videos and audio. Pictures belong to the text."""
        return self.may_see_files(post) and self.download

    def folds(self, written: Written) -> bool:
        """Whether it is collapsed because the visitor has blocked its author.

        Never where they moderate, because they must see what they judge. Notices and posts of the
        owner of the site, whom nobody can block, are never collapsed.
        """
        return (
            written.author_id is not None
            and written.author_id in blocked_by(self.visitor)
            and not getattr(written, "is_notice", False)
            and not self.moderate
        )
