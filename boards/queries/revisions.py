"""The edits of a post, for its moderators."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from boards.models import Post, PostBody, PostRevision
from boards.text.differences import MAX_LENGTH, Piece, differences, shortened
from boardsite.dates import full_date
from boardsite.text import richtext


@dataclass
class EditRow:
    """One edit; `revision` is the content of a post before it, or a content page after it."""

    revision: Any
    editor: str
    at: str
    is_shown: bool
    url: str


@dataclass
class Changes:
    """The differences of one edit. `is_cut`: the texts are longer than what is compared."""

    subject: list[Piece]
    text: list[Piece]
    is_cut: bool

    @property
    def is_same_text(self) -> bool:
        """Whether only formatting or pictures were changed."""
        return all(piece.kind == "same" for piece in self.text)

    @property
    def is_same_subject(self) -> bool:
        return all(piece.kind == "same" for piece in self.subject)


def edit_rows(address: str, revisions: QuerySet, asked: str = "") -> list[EditRow]:
    """The edits of what `address` shows, the latest first. The one with the id `asked`, or the latest, is shown."""
    rows = [
        EditRow(
            revision=revision,
            editor=revision.editor.nickname if revision.editor else "",
            at=full_date(revision.at),
            is_shown=asked == str(revision.pk),
            url=f"{address}history/?edit={revision.pk}",
        )
        for revision in revisions.select_related("editor").order_by("-pk")
    ]
    if rows and not asked:
        rows[0].is_shown = True
    return rows


def changes_of(post: Post, rows: Sequence[EditRow], shown: EditRow) -> Changes:
    """The differences of the edit `shown`: its revision compared with the next one, or with the
    post."""
    place = rows.index(shown)
    before = shown.revision
    after = rows[place - 1].revision if place else None
    old = _words(before)
    new = _words(after) if after else richtext.text_of(post.body.html)
    subject = after.subject if after else post.subject
    return Changes(
        subject=differences(before.subject, subject),
        text=shortened(differences(old, new)),
        is_cut=max(len(old), len(new)) > MAX_LENGTH,
    )


def _words(revision: PostRevision) -> str:
    """The text of a revision. If its source has become TooComplex for the cleaner, the source
    itself."""
    if revision.format == PostBody.Format.TEXT:
        return revision.source
    try:
        return richtext.text_of(richtext.render(revision.source, revision.format))
    except richtext.TooComplex:
        return revision.source
