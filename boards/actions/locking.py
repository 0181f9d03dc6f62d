"""The post that a new comment or reply post belongs to, locked until the transaction ends."""

from django.db import models

from boards.models import Post
from boardsite.databases.compiled import Compiled, Slot


class PostGone(Exception):
    """The post has been hidden, deleted or purged meanwhile."""


_post = Compiled(
    lambda: Post.objects.select_for_update(no_key=True).filter(
        pk=Slot("pk", models.BigAutoField())
    ),
    by_key=True,
)


def locked_post(post: Post) -> Post:
    """The post, reloaded and locked until the transaction ends. Raises PostGone if it was purged.

    Reuses the board and the author of `post` if the foreign keys are unchanged.
    """
    held = _post.first(pk=post.pk)
    if held is None:
        raise PostGone
    for field in (Post._meta.get_field("board"), Post._meta.get_field("author")):
        is_same = getattr(post, field.attname) == getattr(held, field.attname)
        if is_same and field.is_cached(post):
            field.set_cached_value(held, field.get_cached_value(post))
    return held
