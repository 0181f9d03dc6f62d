"""Permissions to write posts, and what they may contain."""

from accounts.models import MEMBER_LEVEL
from boards.permissions.changing import ChangingAccess


class WritingAccess(ChangingAccess):
    """The part of Access about new posts and reply posts."""

    @property
    def write(self) -> bool:
        return not self.is_suspended and self._reaches(self.board.write_level)

    @property
    def reply(self) -> bool:
        """Whether the visitor may write reply posts (답변글). A board may grant this to other levels
        than new threads. Inquiries are answered by comments."""
        if self.board.is_inquiry:
            return False
        return not self.is_suspended and self.read and self._reaches(self.board.reply_level)

    @property
    def may_comment_as_member(self) -> bool:
        """Whether a guest who may not comment here could do so after logging in."""
        return (
            not self.visitor.is_authenticated
            and not self.is_suspended
            and self.read
            and not self.comment
            and not self.board.is_inquiry
            and self.board.comment_level <= MEMBER_LEVEL
        )

    @property
    def may_write_as_member(self) -> bool:
        """Whether a guest who may not write here could do so after logging in."""
        return (
            not self.visitor.is_authenticated
            and not self.is_suspended
            and not self.write
            and self.board.write_level <= MEMBER_LEVEL
        )

    @property
    def upload(self) -> bool:
        """Members only, whatever the level: nobody would be responsible for files of guests."""
        return (
            self.visitor.is_authenticated
            and (self.write or self.reply)
            and self._reaches(self.board.upload_level)
        )

    @property
    def link(self) -> bool:
        return self._reaches(self.board.link_level)

    @property
    def html(self) -> bool:
        """Whether the visitor gets the editor. All others write plain text."""
        return self._reaches(self.board.html_level)

    @property
    def poll(self) -> bool:
        """Whether the visitor may add polls to their posts. Members only."""
        return (
            self.board.use_polls
            and not self.board.is_inquiry
            and self.visitor.is_authenticated
            and (self.write or self.reply)
            and self._reaches(self.board.poll_level)
        )
