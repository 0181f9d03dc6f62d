"""쪽지. gnuboard5 keeps a row for each side since 5.4; before, one row served both."""

from collections.abc import Iterator

from django.db import transaction

from accounts.models import Member, Message
from importer.actions.kept import Kept
from importer.actions.ledger import Ledger, in_batches
from importer.models import Kind, pks
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import moment, plain

LONGEST_NAME = 40


MESSAGE = Kept(
    Kind.MESSAGE,
    Message,
    key=lambda row: _key(row),
    columns=("sender_id", "receiver_id", "text"),
    derived=("read_at", "deleted_by_sender", "deleted_by_receiver"),
)


def import_messages(old: OldSite) -> Iterator[int]:
    """Creates the messages that are new; yields how many rows were looked at."""
    has_sides = old.has("memo", "me_type", "me_send_id")
    members = pks(Kind.MEMBER)
    names = dict(Member.objects.filter(pk__in=members.values()).values_list("pk", "nickname"))
    old.staging.index(f"{old.prefix}memo", "me_send_id")
    ledger = Ledger(old, MESSAGE)

    def build(row: Found, here: Message | None = None) -> Message | None:
        sender = members.get(row["me_send_mb_id"].lower())
        receiver = members.get(row["me_recv_mb_id"].lower())
        if sender is None and receiver is None:
            return None
        message = Message(
            sender_id=sender,
            sender_name=names.get(sender or 0, row["me_send_mb_id"])[:LONGEST_NAME],
            receiver_id=receiver,
            receiver_name=names.get(receiver or 0, row["me_recv_mb_id"])[:LONGEST_NAME],
            text=plain(row["me_memo"]).replace("\r\n", "\n"),
            read_at=moment(row.get("me_read_datetime", "")),
            deleted_by_sender=has_sides and _is_received(row) and not _copies(old, row),
            deleted_by_receiver=has_sides and not _is_received(row),
        )
        message.sent_at = moment(row["me_send_datetime"]) or message.sent_at
        if here is not None:  # nothing becomes unread or comes back
            message.read_at = here.read_at or message.read_at
            message.deleted_by_sender |= here.deleted_by_sender
            message.deleted_by_receiver |= here.deleted_by_receiver
        return message

    for rows in in_batches(old.rows("memo", order="CAST(me_id AS INTEGER)")):
        with transaction.atomic():
            wanted = [row for row in rows if not has_sides or _stands_for_both(old, row)]
            batch = ledger.sort_out(_with_copies(old, wanted) if has_sides else wanted)
            ledger.create((row, each) for row in batch.new if (each := build(row)) is not None)
            ledger.update(batch, build)
        yield len(rows)


def _with_copies(old: OldSite, rows: list[Found]) -> list[Found]:
    """Rows in which it counts as a change that the sender has deleted their copy."""
    return [{**row, "copies": str(_copies(old, row) if _is_received(row) else 1)} for row in rows]


def _is_received(row: Found) -> bool:
    return row["me_type"] == "recv"


def _copies(old: OldSite, row: Found) -> int:
    """How many sent copies a received message has: none after the sender has deleted it."""
    table = f"{old.prefix}memo"
    found = old.staging.query(
        f'SELECT count(*) FROM "{table}" WHERE me_send_id = ?', [row["me_id"]]
    )
    return found[0][0]


def _stands_for_both(old: OldSite, row: Found) -> bool:
    """The received row; the sent one only where the receiver has deleted theirs."""
    if _is_received(row):
        return True
    return old.staging.one(f"{old.prefix}memo", me_id=row["me_send_id"]) is None


def _key(row: Found) -> str:
    """The number of the received row, also where only the sent one is left."""
    return row["me_send_id"] if row.get("me_type") == "send" else row["me_id"]
