"""Permissions to read posts and comments, and to comment on a post."""

from boards.models import Comment, Post
from boards.permissions.boards import BoardAccess


class ReadingAccess(BoardAccess):
    """The part of Access about reading and commenting."""

    def may_read(self, post: Post) -> bool:
        return (
            self.read
            and post.is_published
            and (
                not post.is_secret or self.wrote(post) or self.moderate or self._opened_thread(post)
            )
        )

    def may_comment(self, post: Post) -> bool:
        """As `comment`; where the comments of a post are closed, only moderators write."""
        return self.comment and self.may_read(post) and (not post.is_closed or self.moderate)

    def _opened_thread(self, reply_post: Post) -> bool:
        if not self.visitor.is_authenticated:
            return reply_post.depth > 0 and thread_key(reply_post) in getattr(
                self.visitor, "unlocked", ()
            )
        return reply_post.thread_author_id == self.visitor.pk

    def may_read_comment(self, comment: Comment) -> bool:
        """A secret comment is readable for its author, the post's author, the author of its parent,
        and moderators.

        `CommentQuerySet.visible_to` is the equivalent for many comments. `comment.post` must be
        loaded.
        """
        return (
            self.may_read(comment.post)
            and comment.is_published
            and self._is_open_to_visitor(comment)
        )

    def _is_open_to_visitor(self, comment: Comment) -> bool:
        """Whether the comment is public, or a secret one that the visitor may read."""
        if not comment.is_secret or self.moderate:
            return True
        parent = comment.parent
        return (
            self.wrote(comment)
            or self.wrote(comment.post)
            or (parent is not None and self.wrote(parent))
        )

    def wrote(self, written: Post | Comment) -> bool:
        """Guests have written what they unlocked with its password (Visitor.unlocked)."""
        if not self.visitor.is_authenticated:
            return unlocked_key(written) in getattr(self.visitor, "unlocked", ())
        return written.author_id == self.visitor.pk

    def may_unlock(self, written: Post | Comment) -> bool:
        """Whether a guest may enter the password of a guest's post or comment. Members never need
        one."""
        return (
            not self.visitor.is_authenticated
            and self.read
            and written.is_published
            and written.author_id is None
            and not self.wrote(written)
            and hasattr(written, "guest_password")
        )


def unlocked_key(written: Post | Comment) -> str:
    """The key of `written` in the list of what a guest's passwords have unlocked."""
    return f"{written._meta.model_name}-{written.pk}"


def thread_key(post: Post) -> str:
    """The key, like unlocked_key, of a guest's permission to read the whole thread of `post`."""
    return f"thread-{post.board_id}-{post.thread}"
