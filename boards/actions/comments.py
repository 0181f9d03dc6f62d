"""Writing and editing comments, and what becomes of them."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Member
from boards import richtext, search
from boards.actions.counting import book_comment
from boards.actions.indexing import comment_document
from boards.actions.moderation import log_deed
from boards.actions.posts import lock_post
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.models import Comment, ModerationEntry, Post, State
from boards.models.comments import MAX_DEPTH
from boards.models.paths import path_part


def write_comment(
    *,
    author: Member,
    post: Post,
    text: str,
    parent: Comment | None = None,
    submission: uuid.UUID | None = None,
    created_at: datetime.datetime | None = None,
) -> Comment:
    """Publishes a comment and returns it; for a `submission` seen before, the one that it made.

    Below the fifth level a reply stands beside the comment that it answers.
    """
    html = richtext.comment_html(text)
    words = f"{post.pk}\0{parent and parent.pk}\0{text}"
    if parent is not None and parent.depth == MAX_DEPTH - 1:
        parent = parent.parent
    try:
        with transaction.atomic():
            press = take_submission(author, "write_comment", submission, words)
            post = _locked_post(post)
            comment = Comment.objects.create(
                post=post,
                parent=parent,
                depth=parent.depth + 1 if parent else 0,
                author=author,
                author_name=author.nickname,
                text=text,
                html=html,
                created_at=created_at or timezone.now(),
            )
            comment.path = (parent.path if parent else "") + path_part(comment.pk)
            comment.save(update_fields=["path"])
            book_comment(comment, post, +1)
            if press is not None:
                press.comment = comment
                press.save(update_fields=["comment"])
    except AlreadySubmitted as again:
        return again.submission.comment
    return comment


def edit_comment(*, comment: Comment, text: str) -> Comment:
    """Replaces the text of a comment; its place stays."""
    html = richtext.comment_html(text)
    with transaction.atomic():
        comment, post = _locked(comment)
        old = comment_document(comment, post.board_id)
        comment.text, comment.html, comment.edited_at = text, html, timezone.now()
        comment.save(update_fields=["text", "html", "edited_at"])
        if comment.is_searchable:
            search.comments.replace(old, comment_document(comment, post.board_id))
    return comment


def delete_comment(*, comment: Comment, by: Member, reason: str = "") -> Comment:
    """Takes a comment away; while it has replies, '삭제된 댓글입니다.' stands in its place."""
    return _set_state(comment, State.DELETED, by, ModerationEntry.Deed.DELETE, reason)


def hide_comment(*, comment: Comment, by: Member | None, reason: str = "") -> Comment:
    """Takes a comment from everybody's sight until restore_comment. `by` None: the site itself."""
    return _set_state(comment, State.HIDDEN, by, ModerationEntry.Deed.HIDE, reason)


def restore_comment(*, comment: Comment, by: Member, reason: str = "") -> Comment:
    """Undoes hide_comment and delete_comment."""
    return _set_state(comment, State.PUBLISHED, by, ModerationEntry.Deed.RESTORE, reason)


def _locked_post(post: Post) -> Post:
    lock_post(post.pk)
    return Post.objects.select_related("board").get(pk=post.pk)


def _locked(comment: Comment) -> tuple[Comment, Post]:
    """`comment` and its post read anew, both locked: always the post first, so nobody deadlocks."""
    post = _locked_post(comment.post)
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    comment.post = post
    return comment, post


def _set_state(
    comment: Comment, state: State, by: Member | None, deed: str, reason: str
) -> Comment:
    with transaction.atomic():
        comment, post = _locked(comment)
        if comment.state == state:
            return comment  # pressed twice
        was = comment.is_published
        comment.state = state
        comment.save(update_fields=["state"])
        if was != comment.is_published:
            book_comment(comment, post, +1 if comment.is_published else -1)
        if by is None or by.pk != comment.author_id or deed != ModerationEntry.Deed.DELETE:
            log_deed(by, deed, post=post, comment=comment, reason=reason)
    return comment
