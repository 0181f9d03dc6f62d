"""Drafts: saved while their author types, deleted by the author or when the post is published."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Member
from boards.actions.submissions import is_submitted
from boards.models import Attachment, Board, Draft, Post, Submission
from boards.queries.drafts import DraftWords

MOST_DRAFTS = 20  # per member


class AlreadyPublished(Exception):
    """The form has already been published, so it cannot be saved as a draft any more."""


def save_draft(
    *,
    member: Member,
    board: Board,
    token: uuid.UUID,
    words: DraftWords,
    post: Post | None = None,
) -> tuple[Draft, int]:
    """Saves the content of the form with this `token`; `post` is the one being edited, if any.

    Returns the draft, and how many of the member's oldest drafts were deleted for it (MOST_DRAFTS).
    The draft gets those of its files that `member` uploaded and no post has. Raises
    AlreadyPublished.
    """
    with transaction.atomic():
        _lock_drafts(member)
        if is_submitted(member, token):
            raise AlreadyPublished
        kept = {
            "board": board,
            "post": post,
            "subject": words.subject,
            "format": words.format,
            "source": words.source,
            "fields": dict(words.fields),
            "saved_at": timezone.now(),
        }
        draft, _is_new = Draft.objects.update_or_create(member=member, token=token, defaults=kept)
        own = Attachment.objects.filter(uploader=member, post=None, pk__in=words.file_ids)
        draft.files.set(own)
        return draft, _drop_oldest(member)


def delete_draft(*, draft: Draft) -> None:
    """Undoes save_draft. The next `tidy` deletes its files, unless a post has them by then."""
    draft.delete()


def finish_draft(member: Member | None, token: uuid.UUID | None) -> None:
    """Deletes the draft of a form, in the transaction that has claimed its submission.

    The member's row must be locked (_lock_drafts). Later requests of the browser to save the draft
    raise AlreadyPublished, for a day (tidy).
    """
    if member is not None and token is not None:
        Draft.objects.filter(member=member, token=token).delete()


def finish_edit(member: Member | None, token: uuid.UUID | None) -> None:
    """As finish_draft, for an edit, which claims no submission and locks no member."""
    if member is None or token is None:
        return
    _lock_drafts(member)
    sent = Submission(member=member, key=token, words=token)
    Submission.objects.bulk_create([sent], ignore_conflicts=True)
    finish_draft(member, token)


def _lock_drafts(member: Member) -> None:
    """Serialises the actions on the drafts of one member."""
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=member.pk)


def _drop_oldest(member: Member) -> int:
    newest = Draft.objects.filter(member=member).order_by("-saved_at", "-pk")
    old = list(newest.values_list("pk", flat=True)[MOST_DRAFTS:])
    Draft.objects.filter(pk__in=old).delete()
    return len(old)
