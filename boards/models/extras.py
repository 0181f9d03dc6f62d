"""What posts carry besides their text: tags and the values of their board's extra fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from boards.models.boards import ExtraField
from boards.models.posts import Post


class ExtraValue(models.Model):
    """What a post says in an extra field; after a move it still names the old board's field."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="extra_values", db_index=False)
    field = models.ForeignKey(ExtraField, models.CASCADE, related_name="+")
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "field"], name="extra_value_post_field")
        ]


class Tag(models.Model):
    """A word that posts of any board share; `name` as boards.text.tags.clean_tags leaves it."""

    name = models.CharField(_("이름"), max_length=30, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("태그")

    def __str__(self) -> str:
        return self.name


class PostTag(models.Model):
    """That a post has a tag, in the order in which its author wrote them (by id)."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="post_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "tag"], name="post_tag_post_tag")]
        indexes = [models.Index("tag", models.F("post").desc(), name="post_tag_newest")]
