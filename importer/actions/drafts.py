"""임시 저장 글. gnuboard5 does not store for which board they were: they open in any board's form."""

import uuid
from collections.abc import Iterator

from django.db import transaction

from accounts.models import Member
from boards.actions.drafts import MOST_DRAFTS
from boards.models import Board, Draft, PostBody
from boards.permissions import access
from boards.queries.boards import known_boards
from boardsite.text.richtext import MAX_SOURCE
from importer.actions.kept import Kept
from importer.actions.ledger import Ledger
from importer.models import Kind, pks
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import moment, plain

LONGEST_SUBJECT = 200
SPACE = uuid.UUID("8a5d6d3e-5b3c-4f4e-9a43-0d2f4c1b7a10")
"""A namespace for tokens, so that a draft has the same one at each run."""
DRAFT = Kept(
    Kind.DRAFT,
    Draft,
    key=lambda row: row["as_uid"],
    columns=("subject", "source"),
    derived=("format", "saved_at"),
)


def import_drafts(old: OldSite) -> Iterator[int]:
    """Creates the newest drafts of each member that are new, and changes those that have changed; yields how
    many rows were looked at."""
    members, ledger = pks(Kind.MEMBER), Ledger(old, DRAFT)
    for row in list(old.rows("autosave", order="CAST(as_id AS INTEGER) DESC")):
        with transaction.atomic():
            pk = members.get(row["mb_id"].lower())
            member = Member.objects.filter(pk=pk).first() if pk else None
            batch = ledger.sort_out([row])
            if member and batch.new:
                _write(old, ledger, row, member)
            ledger.update(batch, lambda row, here: _draft(row))
        yield 1


def _write(old: OldSite, ledger: Ledger, row: Found, member: Member) -> None:
    board = _board_of(member)
    if board is None or Draft.objects.filter(member=member).count() >= MOST_DRAFTS:
        old.note("가져오지 않은 임시 저장 글", row["as_id"])
        return
    draft = _draft(row)
    draft.member, draft.board, draft.token = member, board, uuid.uuid5(SPACE, row["as_uid"])
    draft.save()
    ledger.remember([(row, draft)])


def _draft(row: Found) -> Draft:
    draft = Draft(
        subject=plain(row["as_subject"])[:LONGEST_SUBJECT],
        format=PostBody.Format.HTML,
        source=plain(row["as_content"])[:MAX_SOURCE],
    )
    draft.saved_at = moment(row.get("as_datetime", "")) or draft.saved_at
    return draft


def _board_of(member: Member) -> Board | None:
    """The first board in the menu where the member writes."""
    return next(
        (
            board
            for board in known_boards().values()
            if not board.is_inquiry and access(member, board).write
        ),
        None,
    )
