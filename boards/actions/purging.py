"""Emptying the bin: what is deleted here comes back no more."""

from collections import Counter

from django.db import transaction
from django.db.models import F

from accounts.models import Member
from boards.actions.earning import comments_purged
from boards.actions.files import delete_file
from boards.actions.posts import lock_post
from boards.models import Comment, Post, State

CHUNK = 500  # comments that go in one transaction


def purge_post(*, post: Post) -> bool:
    """Deletes a post of the bin for good: text, comments, votes, old addresses, and its files.

    False when it was restored, or purged by somebody else, meanwhile. Long threads go in several
    transactions, each with true counts, so that others need not wait. The log keeps its lines.
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
                post.delete()
        except Post.DoesNotExist:
            return False
        return True


def _delete_comments(post: Post) -> int:
    """Deletes the last CHUNK comments in reading order and counts them out; returns how many.

    Of a deleted post only the post's and the authors' counts hold comments, and no search does.
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
