"""추천 and 비추천: cast, changed and withdrawn."""

from django.db import transaction
from django.db.models import F

from accounts.models import Member
from boards.actions.commits import after_commit
from boards.actions.earning import liking_moved
from boards.actions.notifying import notify_of_like
from boards.actions.posts import lock_post
from boards.models import Comment, Post, Vote

COUNTS: dict[int, str] = {Vote.LIKE: "like_count", Vote.DISLIKE: "dislike_count"}


def vote_post(*, post: Post, member: Member, value: Vote) -> None:
    """Casts a vote. A member has one vote per post; a later vote replaces it."""
    with transaction.atomic():
        lock_post(post.pk)  # so that no vote changes between reading and writing
        _set_vote(post, member, value)


def unvote_post(*, post: Post, member: Member) -> None:
    """Undoes vote_post."""
    with transaction.atomic():
        lock_post(post.pk)
        _set_vote(post, member, None)


def vote_comment(*, comment: Comment, member: Member, value: Vote) -> None:
    """As vote_post, for a comment."""
    with transaction.atomic():
        lock_post(comment.post_id)  # a purge deletes comments under the same lock
        _set_vote(comment, member, value)


def unvote_comment(*, comment: Comment, member: Member) -> None:
    """Undoes vote_comment."""
    with transaction.atomic():
        lock_post(comment.post_id)
        _set_vote(comment, member, None)


def _set_vote(written: Post | Comment, member: Member, value: Vote | None) -> None:
    votes = written.votes.filter(member=member)
    was = votes.values_list("value", flat=True).first()
    if was == value:
        return  # a repeated submission
    counts = {}
    if was is not None:
        counts[COUNTS[was]] = F(COUNTS[was]) - 1
    if value is None:
        votes.delete()
    else:
        counts[COUNTS[value]] = F(COUNTS[value]) + 1
        written.votes.update_or_create(member=member, defaults={"value": value})
        if value == Vote.LIKE:
            after_commit(notify_of_like, written, member)
    type(written).objects.filter(pk=written.pk).update(**counts)
    if Vote.LIKE in (was, value):
        liking_moved(written, member, +1 if value == Vote.LIKE else -1)
