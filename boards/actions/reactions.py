"""추천: given and taken back."""

from django.db import transaction
from django.db.models import F

from accounts.models import Member
from boards.actions.posts import lock_post
from boards.models import Post, PostVote


def like_post(*, post: Post, member: Member) -> None:
    """Counts `member` among those who like `post`, once however often he presses."""
    with transaction.atomic():
        lock_post(post.pk)  # so that no vote comes or goes between looking and writing
        _vote, is_new = PostVote.objects.get_or_create(post=post, member=member)
        if is_new:
            Post.objects.filter(pk=post.pk).update(like_count=F("like_count") + 1)


def unlike_post(*, post: Post, member: Member) -> None:
    """Undoes like_post."""
    with transaction.atomic():
        lock_post(post.pk)
        gone, _rows = PostVote.objects.filter(post=post, member=member).delete()
        if gone:
            Post.objects.filter(pk=post.pk).update(like_count=F("like_count") - 1)
