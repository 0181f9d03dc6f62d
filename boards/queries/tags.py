"""The posts with a tag, and the most used tags."""

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef

from accounts.permissions import Visitor
from boards.models import Post, PostTag, Tag
from boards.models.posts import PostQuerySet

TAGGED_POSTS = 1_000  # a tag's pages go back this far
MOST_USED = 100
POST_HAS_TAGS = Exists(PostTag.objects.filter(post=OuterRef("pk")))
MOST_USED_SECONDS = 600  # lifetime of the TTL cache


def tagged_posts(visitor: Visitor, name: str) -> PostQuerySet:
    """The posts with the tag `name` that `visitor` may read, newest first."""
    return Post.objects.visible_to(visitor).filter(post_tags__tag__name=name).newest_first()


def tags_of(post: Post) -> list[str]:
    """The names in the author's order."""
    return list(post.post_tags.order_by("id").values_list("tag__name", flat=True))


def most_used_tags() -> list[str]:
    """The MOST_USED tags of posts that guests may read, in alphabetical order.

    The tags are cached; whether a guest still finds a post with each of them is checked with every
    request, which is one index lookup per tag.
    """
    guest = AnonymousUser()
    ids = cache.get("most_used_tags")
    if ids is None:
        visible = Post.objects.visible_to(guest).filter(pk=OuterRef("post"))
        used = PostTag.objects.filter(Exists(visible)).values("tag")
        ids = list(
            used.annotate(count=Count("pk"))
            .order_by("-count", "tag")
            .values_list("tag", flat=True)[:MOST_USED]
        )
        cache.set("most_used_tags", ids, MOST_USED_SECONDS)
    open_posts = Post.objects.visible_to(guest).filter(post_tags__tag=OuterRef("pk"))
    tags = Tag.objects.filter(Exists(open_posts), pk__in=ids)
    return list(tags.order_by("name").values_list("name", flat=True))
