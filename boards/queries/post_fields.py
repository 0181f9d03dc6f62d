"""The fields of a post, listed once. Add a new field here."""

import datetime
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields

from django.db.models import Model, Prefetch, prefetch_related_objects

from accounts.models import MEMBER_LEVEL
from boards.models import (
    Category,
    ExtraField,
    ExtraValue,
    Poll,
    PollOption,
    Post,
    PostBody,
    PostLink,
    PostTag,
)


@dataclass(frozen=True, kw_only=True)
class PollFields:
    """The fields of a post's poll. All but `options` are columns of Poll."""

    question: str
    options: Sequence[str]
    most_choices: int = 1
    closes_at: datetime.datetime | None = None
    results: str = Poll.Results.ALWAYS
    min_level: int = MEMBER_LEVEL
    is_changeable: bool = False
    takes_opinions: bool = False

    @classmethod
    def of(cls, poll: Poll) -> "PollFields":
        columns = {name: getattr(poll, name) for name in cls._columns()}
        return cls(options=tuple(option.text for option in poll.options.all()), **columns)

    def set_on(self, poll: Poll) -> None:
        for name in self._columns():
            setattr(poll, name, getattr(self, name))

    @classmethod
    def _columns(cls) -> list[str]:
        return [each.name for each in fields(cls) if each.name != "options"]


@dataclass(frozen=True, kw_only=True)
class PostFields:
    """The fields that the author of a post fills in.

    A field with the name of a column of Post or PostBody is loaded from there and stored there.
    `tags` are names normalised by boards.text.tags; `extras` are values of the board's extra fields
    as text, "" for none.
    """

    subject: str
    source: str
    format: str = PostBody.Format.HTML
    category: Category | None = None
    is_notice: bool = False
    is_site_notice: bool = False
    is_secret: bool = False
    links: Sequence[str] = ()
    tags: Sequence[str] = ()
    extras: Mapping[ExtraField, str] = field(default_factory=dict)
    poll: PollFields | None = None

    @classmethod
    def of(cls, post: Post) -> "PostFields":
        """The present fields of `post`. Three queries, unless it was loaded with `related_rows`;
        four if its poll is not joined (`select_related`), and one more for the options."""
        seen = copy(post)  # so that rows prefetched here do not become stale in `post`
        prefetch_related_objects([seen], *related_rows())
        return cls(
            **{name: getattr(post, name) for name in cls.columns_of(Post)},
            **{name: getattr(post.body, name) for name in cls.columns_of(PostBody)},
            links=[link.url for link in seen.links.all()],
            tags=[each.tag.name for each in seen.post_tags.all()],
            extras={each.field: each.value for each in seen.extra_values.all()},
            poll=PollFields.of(seen.poll) if hasattr(seen, "poll") else None,
        )

    @classmethod
    def names(cls) -> list[str]:
        return [each.name for each in fields(cls)]

    @classmethod
    def columns_of(cls, model: type[Model]) -> list[str]:
        """The names of the fields that are columns of `model`."""
        columns = {each.name for each in model._meta.concrete_fields}
        return [name for name in cls.names() if name in columns]

    def set_on(self, row: Post | PostBody, *, without: Sequence[str] = ()) -> None:
        """Sets the columns of `row` without saving it."""
        for name in self.columns_of(type(row)):
            if name not in without:
                setattr(row, name, getattr(self, name))

    def __str__(self) -> str:
        """All fields as one text, which identifies a repeated submission."""
        return repr([_plain(getattr(self, name)) for name in self.names()])


def related_rows() -> tuple[Prefetch, ...]:
    """Prefetches for what PostFields.of loads besides the post and its body, in its order."""
    return (
        Prefetch("links", PostLink.objects.order_by("pk")),
        Prefetch("post_tags", PostTag.objects.select_related("tag").order_by("pk")),
        Prefetch(
            "extra_values",
            ExtraValue.objects.select_related("field").order_by("field__position", "field"),
        ),
        Prefetch("poll__options", PollOption.objects.order_by("position")),
    )


def _plain(value: object) -> object:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Mapping):
        return [(_plain(key), _plain(each)) for key, each in value.items()]
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value)
