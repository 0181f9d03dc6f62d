"""The edits of a post as its moderators read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from boards.models import Post, PostBody, PostRevision
from boards.text import richtext
from boards.text.differences import MAX_LENGTH, Piece, differences, shortened
from boardsite.dates import full_date


@dataclass
class EditRow:
    """One edit; `revision` is what the post said before it."""

    revision: PostRevision
    editor: str
    at: str
    is_shown: bool
    url: str


@dataclass
class Changes:
    """What one edit changed. `is_cut`: the texts are longer than what is compared."""

    subject: list[Piece]
    text: list[Piece]
    is_cut: bool

    @property
    def is_same_text(self) -> bool:
        """Only what the words look like was changed, or pictures."""
        return all(piece.kind == "same" for piece in self.text)

    @property
    def is_same_subject(self) -> bool:
        return all(piece.kind == "same" for piece in self.subject)


def edit_rows(post: Post, asked: str = "") -> list[EditRow]:
    """The edits of `post`, the last first; the one with the id `asked` is shown, or the last."""
    revisions = post.revisions.select_related("editor").defer("source").order_by("-pk")
    rows = [
        EditRow(
            revision=revision,
            editor=revision.editor.nickname if revision.editor else "",
            at=full_date(revision.at),
            is_shown=asked == str(revision.pk),
            url=f"{post.get_absolute_url()}history/?edit={revision.pk}",
        )
        for revision in revisions
    ]
    if rows and not asked:
        rows[0].is_shown = True
    return rows


def changes_of(post: Post, rows: Sequence[EditRow], shown: EditRow) -> Changes:
    """What the edit `shown` made of the post, compared with the next one or with what is there now."""
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
    """What people read of it; an old source that is cleaned no more (TooComplex) as it was typed."""
    if revision.format == PostBody.Format.TEXT:
        return revision.source
    try:
        return richtext.text_of(richtext.render(revision.source, revision.format))
    except richtext.TooComplex:
        return revision.source
