"""What posts say in the extra fields of their board, as pages show it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from boards.models import Board, ExtraField, ExtraValue, Post
from boards.rows import PostRow
from boards.text import plaintext

_WEB = re.compile(r"https?://[^\s<>\"]+\Z", re.IGNORECASE)
LISTED_LENGTH = 40  # characters of a value in a list


# Annotations for the query that reads a board or a post anyway, so that whoever has no extra fields
# is not asked about their values.
BOARD_LISTS_EXTRAS = Exists(ExtraField.objects.filter(board=OuterRef("pk"), is_listed=True))
POST_HAS_EXTRAS = Exists(ExtraValue.objects.filter(post=OuterRef("pk")))


@dataclass(frozen=True)
class ExtraRow:
    """A field and what a post says in it; `url` only for a link that is safe to follow."""

    name: str
    value: str
    url: str = ""
    is_text: bool = False


def extra_rows(post: Post) -> list[ExtraRow]:
    """All that `post` says, in the order of the fields; after a move the old board's fields too."""
    values = ExtraValue.objects.filter(post=post).select_related("field")
    return [_row(each.field, each.value) for each in values.order_by("field__position", "field")]


def show_extras(board: Board, posts: Iterable[Post], rows: Iterable[PostRow]) -> None:
    """Gives each row what its post says in the fields that the list of `board` shows; one query.

    A row whose subject the visitor may not read says nothing.
    """
    shown = {post.pk: row for post, row in zip(posts, rows, strict=True) if not row.is_masked}
    values = ExtraValue.objects.filter(
        post__in=list(shown), field__board=board, field__is_listed=True
    )
    for each in values.select_related("field").order_by("field__position", "field"):
        row = ExtraRow(each.field.name, plaintext.cut(each.value, LISTED_LENGTH))
        shown[each.post_id].extras += (row,)


def _row(field: ExtraField, value: str) -> ExtraRow:
    # The kind may have been changed since: what is no address of the web never becomes a link.
    is_link = field.kind == ExtraField.Kind.LINK and _WEB.match(value) is not None
    is_text = field.kind == ExtraField.Kind.TEXT
    return ExtraRow(field.name, value, value if is_link else "", is_text)
