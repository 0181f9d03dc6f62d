"""Writing and editing comments, and what becomes of them."""

import datetime
import uuid
from collections.abc import Callable

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Member
from accounts.permissions import Visitor
from boards.actions.counting import book_comment
from boards.actions.guests import Guest, hashed_password, keep_guest_password
from boards.actions.indexing import found_as, index_comment
from boards.actions.mentions import with_mentions
from boards.actions.moderation import is_second_thought, log_deed
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.actions.telling import (
    after_commit,
    forget_comment,
    tell_of_comment,
    tell_of_moderation,
)
from boards.models import Comment, ModerationEntry, Post, State
from boards.models.comments import MAX_DEPTH
from boards.models.paths import PATH_DIGITS, path_part
from boardsite.compiled import Compiled, Slot
from boardsite.statements import insert, next_id

_post = Compiled(
    lambda: Post.objects.select_for_update(no_key=True).filter(
        pk=Slot("pk", models.BigAutoField())
    ),
    by_key=True,
)


def write_comment(
    *,
    author: Member | None,
    post: Post,
    text: str,
    guest: Guest | None = None,
    parent: Comment | None = None,
    is_secret: bool = False,
    submission: uuid.UUID | None = None,
    created_at: datetime.datetime | None = None,
    pace: Callable[[], None] | None = None,
) -> Comment:
    """Publishes a comment and returns it; for a `submission` seen before, the one that it made.

    `guest` writes it where `author` is None. A reply below the fifth level stands beside the comment
    that it answers (`parent`). Its mentions are looked up now, and never again.
    `pace` (limits.keep_pace) is called for what is new, and what it raises undoes all.
    """
    html, mentioned = with_mentions(text)
    password = hashed_password(guest)
    words = f"{post.pk}\0{parent and parent.pk}\0{guest and guest.name}\0{is_secret}\0{text}"
    depth = min(parent.depth + 1, MAX_DEPTH - 1) if parent else 0
    above = parent.path[: depth * PATH_DIGITS] if parent else ""
    comment = Comment(
        post=post,
        parent=parent,
        depth=depth,
        author=author,
        author_name=author.nickname if author else guest.name,
        text=text,
        html=html,
        is_secret=is_secret,
        created_at=created_at or timezone.now(),
    )
    try:
        with transaction.atomic():
            comment.pk = next_id(Comment)  # known first, so that nothing must be written twice
            comment.path = above + path_part(comment.pk)
            take_submission(author, "write_comment", submission, words, comment=comment.pk)
            comment.post = post = _locked_post(post)
            if pace is not None:
                pace()
            insert(comment)
            if guest is not None:
                keep_guest_password(password, comment=comment)
            book_comment(comment, post, +1, is_new=True)
            after_commit(tell_of_comment, comment, mentioned)
    except AlreadySubmitted as again:
        return again.submission.comment
    return comment


def edit_comment(*, comment: Comment, text: str, is_secret: bool | None = None) -> Comment:
    """Replaces the text of a comment; its place stays. `is_secret` None: as secret as it was."""
    html, _mentioned = with_mentions(text)
    with transaction.atomic():
        comment, post = _locked(comment)
        before = found_as(comment, post)
        comment.text, comment.html, comment.edited_at = text, html, timezone.now()
        if is_secret is not None:
            comment.is_secret = is_secret
        comment.save(update_fields=["text", "html", "is_secret", "edited_at"])
        index_comment(before, found_as(comment, post))
    return comment


def delete_comment(*, comment: Comment, by: Visitor, reason: str = "") -> Comment:
    """Takes a comment away; while it has replies, '삭제된 댓글입니다.' stands in its place.

    `by` a guest: the one who wrote it.
    """
    return _set_state(comment, State.DELETED, by, ModerationEntry.Deed.DELETE, reason)


def hide_comment(*, comment: Comment, by: Member | None, reason: str = "") -> Comment:
    """Takes a comment from everybody's sight until restore_comment. `by` None: the site itself."""
    return _set_state(comment, State.HIDDEN, by, ModerationEntry.Deed.HIDE, reason)


def restore_comment(*, comment: Comment, by: Member, reason: str = "") -> Comment:
    """Undoes hide_comment and delete_comment."""
    return _set_state(comment, State.PUBLISHED, by, ModerationEntry.Deed.RESTORE, reason)


def _locked_post(post: Post) -> Post:
    """`post` read anew, its row held until the transaction ends; its board and author as they were
    read with `post`, if they are its still. Raises Post.DoesNotExist when it is gone."""
    held = _post.first(pk=post.pk)
    if held is None:
        raise Post.DoesNotExist
    for field in map(Post._meta.get_field, ("board", "author")):
        is_same = getattr(post, field.attname) == getattr(held, field.attname)
        if is_same and field.is_cached(post):
            field.set_cached_value(held, field.get_cached_value(post))
    return held


def _locked(comment: Comment) -> tuple[Comment, Post]:
    """`comment` and its post read anew, both locked: always the post first, so nobody deadlocks."""
    post = _locked_post(comment.post)
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    comment.post = post
    return comment, post


def _set_state(
    comment: Comment, state: State, by: Visitor | None, deed: str, reason: str
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
        if not comment.is_published:
            after_commit(forget_comment, comment)
        if not is_second_thought(by, deed, comment):
            log_deed(by, deed, post=post, comment=comment, reason=reason)
            after_commit(tell_of_moderation, comment, deed, by, reason)
    return comment
