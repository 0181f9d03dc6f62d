"""Emptying the bin. This cannot be undone."""

from collections import Counter

from django.db import transaction
from django.db.models import F

from accounts.models import Member
from boards.actions.earning import comments_purged
from boards.actions.files import delete_file
from boards.actions.polls import purge_votes
from boards.actions.posts import lock_post
from boards.models import Comment, Poll, Post, State
from boardsite.databases.unused_tables import forget_references

CHUNK = 500  # comments per transaction


def purge_post(*, post: Post) -> bool:
    """Deletes a post in the bin for good: text, comments, votes, old addresses and files.

    Returns False if it was restored or purged meanwhile. Long threads need several transactions,
    each of which leaves correct counters, so that others need not wait. The log keeps its lines.
    """
    while True:
        try:
            with transaction.atomic():
                lock_post(post.pk)
                post = Post.objects.get(pk=post.pk)
                if post.state != State.DELETED:
                    return False
                if _delete_comments(post) == CHUNK:
                    continue
                for attachment in post.attachments.all():
                    delete_file(attachment)
                purge_votes(post)
                forget_references(Post, post.pk)
                if hasattr(post, "poll"):
                    forget_references(Poll, post.poll.pk)
                post.delete()
        except Post.DoesNotExist:
            return False
        return True


def _delete_comments(post: Post) -> int:
    """Deletes the last CHUNK comments in reading order and updates the counters; returns how many.

    Comments of a deleted post count only for the post and their authors, and are in no index.
    """
    last = post.comments.order_by("-path")[:CHUNK]
    comments = list(last.values_list("pk", "author_id", "state"))
    published = [author for _pk, author, state in comments if state == State.PUBLISHED]
    Post.objects.filter(pk=post.pk).update(comment_count=F("comment_count") - len(published))
    for author, count in sorted(Counter(filter(None, published)).items()):
        Member.objects.filter(pk=author).update(comment_count=F("comment_count") - count)
    comments_purged(filter(None, published), [pk for pk, _author, _state in comments])
    Comment.objects.filter(pk__in=[pk for pk, _author, _state in comments]).delete()
    return len(comments)
