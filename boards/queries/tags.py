"""Which posts have a tag, and which tags there are."""

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.permissions import Visitor
from boards.models import Post, PostTag, Tag

TAGGED_POSTS = 1_000  # a tag's pages go back so far
MOST_USED = 100
POST_HAS_TAGS = Exists(PostTag.objects.filter(post=OuterRef("pk")))
MOST_USED_SECONDS = 600  # how long which ones they are is remembered


def tagged_posts(visitor: Visitor, name: str) -> QuerySet[Post]:
    """The posts with the tag `name` that `visitor` may read, the newest first."""
    return Post.objects.visible_to(visitor).filter(post_tags__tag__name=name).newest_first()


def tags_of(post: Post) -> list[str]:
    """The names in the order in which the author wrote them."""
    return list(post.post_tags.order_by("id").values_list("tag__name", flat=True))


def most_used_tags() -> list[str]:
    """Names of the MOST_USED tags of what guests may read, in alphabetical order.

    Which ones are most used is remembered; whether a guest still finds a post with each is asked
    anew each time, one step in an index for each.
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
