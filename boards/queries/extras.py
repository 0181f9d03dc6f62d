"""Values of extra fields, for pages."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef

from boards.models import Board, Category, ExtraField, ExtraValue, Post
from boards.rows import PostRow
from boardsite.text import plaintext

_WEB = re.compile(r"https?://[^\s<>\"]+\Z", re.IGNORECASE)
LISTED_LENGTH = 40  # characters of a value in a list


# Annotations for the query that loads a board or a post anyway, so that a board without categories
# or extra fields costs no further query.
_FIELDS = ExtraField.objects.filter(board=OuterRef("pk"))
OF_BOARD = {
    "has_categories": Exists(Category.objects.filter(board=OuterRef("pk"))),
    "has_extras": Exists(_FIELDS),
    "lists_extras": Exists(_FIELDS.filter(is_listed=True)),
}
POST_HAS_EXTRAS = Exists(ExtraValue.objects.filter(post=OuterRef("pk")))


@dataclass(frozen=True)
class ExtraRow:
    """A field and its value; `url` is set only for a safe link."""

    name: str
    value: str
    url: str = ""
    is_text: bool = False


def extra_rows(post: Post) -> list[ExtraRow]:
    """All values of `post` in the order of the fields; after a move also those of the old board's
    fields."""
    values = ExtraValue.objects.filter(post=post).select_related("field")
    return [_row(each.field, each.value) for each in values.order_by("field__position", "field")]


def with_extras(board: Board, rows: Sequence[PostRow]) -> list[PostRow]:
    """The rows with the values of the fields that the list of `board` shows; one query.

    Rows whose subject the visitor may not read get none, nor do rows of other boards.
    """
    shown = [row.pk for row in rows if not row.is_masked and not row.from_board]
    values = ExtraValue.objects.filter(post__in=shown, field__board=board, field__is_listed=True)
    extras: defaultdict[int, tuple[ExtraRow, ...]] = defaultdict(tuple)
    for each in values.select_related("field").order_by("field__position", "field"):
        extra = ExtraRow(each.field.name, plaintext.cut(each.value, LISTED_LENGTH))
        extras[each.post_id] += (extra,)
    return [replace(row, extras=extras[row.pk]) if row.pk in extras else row for row in rows]


def _row(field: ExtraField, value: str) -> ExtraRow:
    # The kind may have been changed since, so only http(s) addresses become links.
    is_link = field.kind == ExtraField.Kind.LINK and _WEB.match(value) is not None
    is_text = field.kind == ExtraField.Kind.TEXT
    return ExtraRow(field.name, value, value if is_link else "", is_text)
