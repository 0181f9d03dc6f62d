"""Tags and the values of extra fields: kept with their post."""

from collections.abc import Mapping, Sequence

from boards.models import ExtraField, ExtraValue, Post, PostTag, Tag


def set_tags(post: Post, names: Sequence[str]) -> None:
    """Gives `post` these tags, in this order, and no other. Inside the deed's transaction."""
    post.post_tags.exclude(tag__name__in=names).delete()
    if not names:
        return
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(names)], ignore_conflicts=True)
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    there = set(post.post_tags.values_list("tag__name", flat=True))
    new = [name for name in names if name not in there]
    PostTag.objects.bulk_create(PostTag(post=post, tag=tags[name]) for name in new)


def set_extra_values(post: Post, values: Mapping[ExtraField, str]) -> None:
    """Keeps what `post` says in each of these fields; "" takes it away, other fields stay."""
    for field, value in values.items():
        if value:
            ExtraValue.objects.update_or_create(post=post, field=field, defaults={"value": value})
        else:
            ExtraValue.objects.filter(post=post, field=field).delete()
