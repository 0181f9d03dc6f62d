"""Permissions to edit, delete and moderate."""

from django.utils.functional import cached_property

from accounts.permissions import SuspendedVisitor, is_owner
from boards.models import Comment, Post
from boards.permissions.paying import PayingAccess
from boards.refusals import REFUSED_DELETE, REFUSED_EDIT, REFUSED_HAS_REPLY_POSTS, REFUSED_LOCKED
from boardsite.typing import StrOrPromise


class ChangingAccess(PayingAccess):
    """The part of Access about changing posts and comments."""

    @cached_property
    def _commented(self) -> dict[int, int]:
        """The number of comments by others, by the id of the post; filled as posts are checked."""
        return {}

    def may_edit(self, written: Post | Comment) -> bool:
        """The author may. So may a moderator, unless the owner of the site wrote it."""
        return self._may_change(written, "edit")

    def may_delete(self, written: Post | Comment) -> bool:
        """As may_edit, but authors may not delete a post that has reply posts, their own included."""
        return self._may_change(written, "delete") and not self._has_reply_posts(written)

    def _has_reply_posts(self, written: Post | Comment) -> bool:
        if not isinstance(written, Post) or self.may_moderate(written):
            return False
        return written.has_reply_posts()

    def _may_change(self, written: Post | Comment, action: str) -> bool:
        if not written.is_published or not self.read:
            return False
        if self.may_moderate(written):
            return True
        if action == "edit" and self.is_suspended:  # like the guest who wrote it
            return False
        return self.wrote(written) and not self.is_locked(written, action)

    def is_locked(self, written: Post | Comment, action: str) -> bool:
        """Whether others' comments keep the author from the `action` "edit" or "delete".

        Queries the database only where the board sets a limit and the post has that many comments.
        """
        limit = self._locks[action]
        if not limit or isinstance(written, Comment) or written.comment_count < limit:
            return False
        return self._comments_of_others(written) >= limit

    @property
    def _locks(self) -> dict[str, int]:
        board = self.board
        return {"edit": board.comments_to_lock_edit, "delete": board.comments_to_lock_delete}

    def _comments_of_others(self, post: Post) -> int:
        """Stops counting at the highest limit."""
        if post.pk not in self._commented:
            others = post.comments.published().exclude(author=self.visitor.pk)
            self._commented[post.pk] = others[: max(self._locks.values())].count()
        return self._commented[post.pk]

    def refusal_to_change(self, written: Post | Comment, action: str) -> StrOrPromise:
        """The sentence that explains why the visitor may not "edit" or "delete" it."""
        if action == "edit" and isinstance(self.visitor, SuspendedVisitor):
            return self.visitor.refusal_to_write
        if self.wrote(written) and self.is_locked(written, action):
            return REFUSED_LOCKED[action] % {"count": self._locks[action]}
        if action == "delete" and self.wrote(written) and self._has_reply_posts(written):
            return REFUSED_HAS_REPLY_POSTS
        return REFUSED_EDIT if action == "edit" else REFUSED_DELETE

    def may_moderate(self, written: Post | Comment) -> bool:
        """Moderators may, whether it is published or not. Only the owner moderates the owner's
        posts."""
        return self.moderate and (is_owner(self.visitor) or not self._by_owner(written))

    @staticmethod
    def _by_owner(written: Post | Comment) -> bool:
        return written.author is not None and written.author.is_superuser

    def may_judge(self, written: Post | Comment) -> bool:
        """Whether the visitor may settle reports about it: never about their own, and only the
        owner about the owner's."""
        if is_owner(self.visitor):
            return True
        return self.judge and not self._by_owner(written) and not self.wrote(written)
