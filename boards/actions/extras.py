"""Tags, and the values of extra fields."""

from collections.abc import Mapping, Sequence

from boards.models import ExtraField, ExtraValue, Post, PostTag, Tag


def set_tags(post: Post, names: Sequence[str]) -> None:
    """Replaces the tags of `post` by these, in this order. Must run in the action's transaction.

    A post that has no row yet has no tags either.
    """
    if not names and post._state.adding:
        return
    post.post_tags.exclude(tag__name__in=names).delete()
    if not names:
        return
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(names)], ignore_conflicts=True)
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    there = set(post.post_tags.values_list("tag__name", flat=True))
    new = [name for name in names if name not in there]
    PostTag.objects.bulk_create(PostTag(post=post, tag=tags[name]) for name in new)


def set_extra_values(post: Post, values: Mapping[ExtraField, str]) -> None:
    """Stores the values of these fields; "" deletes a value. Other fields stay."""
    for field, value in values.items():
        if value:
            ExtraValue.objects.update_or_create(post=post, field=field, defaults={"value": value})
        elif not post._state.adding:
            ExtraValue.objects.filter(post=post, field=field).delete()
