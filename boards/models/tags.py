"""Tags of posts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from boards.models.posts import Post


class Tag(models.Model):
    """A tag, shared by the posts of all boards. `name` is normalised by
    boards.text.tags.clean_tags."""

    name = models.CharField(_("이름"), max_length=30, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("태그")

    def __str__(self) -> str:
        return self.name


class PostTag(models.Model):
    """A tag of a post. The order of the ids is the author's order."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="post_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "tag"], name="post_tag_post_tag")]
        indexes = [models.Index("tag", models.F("post").desc(), name="post_tag_newest")]
