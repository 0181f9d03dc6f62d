"""Drafts: kept as their author types, let go by him, or by the deed that publishes the words."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Member
from boards.models import Attachment, Board, Draft, Post, Submission
from boards.queries.drafts import DraftWords

MOST_DRAFTS = 20  # of one member


class AlreadyPublished(Exception):
    """The form has been sent: what it held is a post, and no draft any more."""


def save_draft(
    *,
    member: Member,
    board: Board,
    token: uuid.UUID,
    words: DraftWords,
    post: Post | None = None,
) -> tuple[Draft, int]:
    """Keeps what the form with this `token` holds; `post` is the one that it edits.

    Returns the draft, and how many of the member's oldest went for it (MOST_DRAFTS). Files are the
    draft's where `member` uploaded them and no post has them. Raises AlreadyPublished.
    """
    with transaction.atomic():
        _lock_drafts(member)
        if Submission.objects.filter(member=member, key=token).exists():
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
    """Undoes save_draft. Its files go with the next `tidy`, unless a post has them by then."""
    draft.delete()


def finish_draft(member: Member | None, token: uuid.UUID | None) -> None:
    """Lets the draft of a form go, inside the transaction that publishes its words.

    What the browser still sends to save it afterwards finds AlreadyPublished, for a day (tidy).
    """
    if member is None or token is None:
        return
    _lock_drafts(member)
    Draft.objects.filter(member=member, token=token).delete()
    sent = Submission(member=member, key=token, words=token)
    Submission.objects.bulk_create([sent], ignore_conflicts=True)


def _lock_drafts(member: Member) -> None:
    """Lets the deeds on drafts of one member come one after the other."""
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=member.pk)


def _drop_oldest(member: Member) -> int:
    newest = Draft.objects.filter(member=member).order_by("-saved_at", "-pk")
    old = list(newest.values_list("pk", flat=True)[MOST_DRAFTS:])
    Draft.objects.filter(pk__in=old).delete()
    return len(old)
