"""관련링크 that the collector adds to a post and removes again."""

from django.db import transaction

from boards.actions.posts import lock_post
from boards.models import Post


def add_link(*, post: Post, url: str, name: str) -> bool:
    """Adds a 관련링크 that is shown as `name`; returns False if the post already had it."""
    with transaction.atomic():
        lock_post(post.pk)
        if post.links.filter(url=url).exists():
            return False
        post.links.create(url=url, name=name)
        Post.objects.filter(pk=post.pk).update(link_count=post.links.count())
    return True


def remove_link(*, post: Post, url: str) -> None:
    """Undoes add_link."""
    with transaction.atomic():
        lock_post(post.pk)
        post.links.filter(url=url).delete()
        Post.objects.filter(pk=post.pk).update(link_count=post.links.count())
