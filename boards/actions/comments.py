"""Actions on comments: write and edit. For deleting see withholding_comments."""

import datetime
import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts.actions.addresses import keep_address
from accounts.models import AuthorAddress, Member
from boards import search
from boards.actions.commits import after_commit
from boards.actions.counting_comments import apply_comment_delta
from boards.actions.guests import Guest, hashed_password, keep_guest_password
from boards.actions.indexing import found_as
from boards.actions.inquiries import notify_of_inquiry, settle_inquiry
from boards.actions.locking import PostGone, locked_post
from boards.actions.mentions import with_mentions
from boards.actions.notifying_comments import notify_of_comment
from boards.actions.submissions import AlreadySubmitted, take_submission
from boards.models import Comment, Post
from boards.models.comments import MAX_DEPTH
from boards.models.paths import PATH_DIGITS, path_part
from boardsite.databases.statements import insert


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
    rate_limit: Callable[[], None] | None = None,
    address: str = "",
) -> Comment:
    """Publishes a comment and returns it, or the existing one if `submission` was already
    processed.

    `guest` is the author if `author` is None. A reply below the fifth level stands beside its
    `parent`. Mentions are resolved now, not when the comment is shown. `rate_limit` (limits.enforce_rate_limits) is
    called for a new comment; an exception from it rolls everything back. `address` is the author's IP
    address, if the owner keeps it. Raises PostGone.
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
        author_name=author.nickname if author else guest.name if guest else "",
        text=text,
        html=html,
        is_secret=is_secret,
        created_at=created_at or timezone.now(),
    )
    try:
        with transaction.atomic():
            take_submission(author, "write_comment", submission, words, row=comment)
            comment.path = above + path_part(comment.pk)
            comment.post = post = locked_post(post)
            if not post.is_published:
                raise PostGone
            if rate_limit is not None:
                rate_limit()
            insert(comment)
            if guest is not None:
                keep_guest_password(password, comment=comment)
            if address:
                kind = AuthorAddress.Kind.COMMENT
                keep_address(kind=kind, number=comment.pk, member=author, address=address)
            apply_comment_delta(comment, post, +1, is_new=True)
            if post.board.is_inquiry:
                settle_inquiry(post)
                after_commit(notify_of_inquiry, post, comment)
            else:
                after_commit(notify_of_comment, comment, mentioned)
    except AlreadySubmitted as again:
        if again.submission.comment is None:
            raise
        return again.submission.comment
    return comment


def edit_comment(*, comment: Comment, text: str, is_secret: bool | None = None) -> Comment:
    """Replaces the text of a comment, which keeps its place. With `is_secret` None it stays as
    secret as it was."""
    html, _mentioned = with_mentions(text)
    with transaction.atomic():
        comment, post = locked_comment(comment)
        before = found_as(comment, post)
        comment.text, comment.html, comment.edited_at = text, html, timezone.now()
        if is_secret is not None:
            comment.is_secret = is_secret
        comment.save(update_fields=["text", "html", "is_secret", "edited_at"])
        search.comments.replace(before, found_as(comment, post))
    return comment


def locked_comment(comment: Comment) -> tuple[Comment, Post]:
    """The comment and its post, reloaded and locked. Locking the post first prevents deadlocks."""
    post = locked_post(comment.post)
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    comment.post = post
    return comment, post
