"""Messages and points: rows of members, each with a key of its own on both sides."""

from collections.abc import Iterator

from django.db.models import Sum

from accounts.models import Member, Message, PointEntry
from importer.models import Imported, Kind
from importer.proving.here import GONE_THERE, NO_TIME, USED, WRITTEN, Pairs
from importer.proving.proof import Proof
from importer.proving.texts import letters, plain
from importer.proving.there import day, integer, key_number, moment
from importer.reading.staging import Found

MESSAGES, POINTS = "쪽지", "포인트"
NO_SIDE = "보낸 회원도 받은 회원도 옛 사이트에 더는 없습니다."
NO_MEMBER = "그 회원이 옛 사이트에 더는 없습니다."
NOTHING = "0포인트라서 가져오지 않습니다."
CACHED = "옛 사이트가 회원에게 적어 둔 포인트가 내역의 합과 다릅니다. 내역대로 셉니다."
LONGEST_TEXT = 200
FAR_YEAR = 9999


# -- Messages --------------------------------------------------------------------------------------
def check_messages(proof: Proof) -> Iterator[int]:
    find, pairs = proof.findings, Pairs(Kind.MESSAGE)
    has_copies = proof.there.has("memo", "me_type", "me_send_id")
    if has_copies:
        proof.there.index("memo", "me_id")
        proof.there.index("memo", "me_send_id")
    for batch in proof.there.rows("memo"):
        rows = [row for row in batch if not has_copies or _stands_alone(proof, row)]
        keys = pairs.of(map(_message_key, rows))
        messages = Message.objects.in_bulk(keys.values())
        members = proof.members_of(rows, "me_send_mb_id", "me_recv_mb_id")
        find.count(MESSAGES, there=len(rows), here=len(messages))
        for row in rows:
            where = f"{row['me_id']} {row['me_send_mb_id']} → {row['me_recv_mb_id']}"
            message = messages.get(keys.get(_message_key(row), 0))
            if message is None:
                both = members.keys() & {row["me_send_mb_id"].lower(), row["me_recv_mb_id"].lower()}
                known = (
                    USED if _message_key(row) in keys and _have_used(proof, members, both) else ""
                )
                reason = known if both else NO_SIDE
                find.differ(MESSAGES, "쪽지가 없습니다", where, row["me_memo"], "", reason)
            else:
                _compare_message(proof, where, row, message, members, has_copies)
        yield len(batch)
    extra = Message.objects.filter(sent_at__lte=proof.here.ended_at)
    for pk, text in extra.values_list("pk", "text").iterator():
        if pk not in pairs.ids:
            find.differ(MESSAGES, "옛 사이트에 없는 쪽지입니다", str(pk), "", text)


def _message_key(row: Found) -> str:
    """The received row names both copies."""
    return row["me_send_id"] if row.get("me_type") == "send" else row["me_id"]


def _have_used(proof: Proof, members: dict[str, int], names: set[str]) -> bool:
    return any(proof.here.has_logged_in(members[name]) for name in names)


def _stands_alone(proof: Proof, row: Found) -> bool:
    """A message has a row for each side; the sent one counts where the received one is gone."""
    if row["me_type"] == "recv":
        return True
    received = proof.there.select(
        "memo", "me_id IN (?, ?)", [row["me_send_id"], key_number(row["me_send_id"])]
    )
    return not any(each["me_type"] == "recv" for each in received)


def _compare_message(
    proof: Proof,
    where: str,
    row: Found,
    message: Message,
    members: dict[str, int],
    has_copies: bool,
) -> None:
    find = proof.findings
    sender, receiver = row["me_send_mb_id"].lower(), row["me_recv_mb_id"].lower()
    find.same(MESSAGES, "보낸 사람이 다릅니다", where, members.get(sender), message.sender_id)
    find.same(MESSAGES, "받은 사람이 다릅니다", where, members.get(receiver), message.receiver_id)
    text = plain(row["me_memo"])
    find.read(MESSAGES, before=row["me_memo"], after=letters(text), here=letters(message.text))
    find.same(MESSAGES, "내용이 다릅니다", where, text, message.text)
    sent = moment(row["me_send_datetime"])
    if sent is None:
        find.differ(MESSAGES, "보낸 시각이 없습니다", where, "", message.sent_at, NO_TIME)
    else:
        find.same(MESSAGES, "보낸 시각이 다릅니다", where, sent, message.sent_at)
    used = USED if proof.here.has_logged_in(message.receiver_id) else ""
    read = moment(row.get("me_read_datetime", ""))
    find.same(MESSAGES, "읽은 시각이 다릅니다", where, read, message.read_at, used)
    if has_copies:
        is_received = row["me_type"] == "recv"
        has_sent = not is_received or bool(
            proof.there.select("memo", "me_send_id IN (?, ?)", _both(row["me_id"]))
        )
        sides = (not has_sent, not is_received)
        here = (message.deleted_by_sender, message.deleted_by_receiver)
        used = used or (USED if proof.here.has_logged_in(message.sender_id) else "")
        find.same(MESSAGES, "지운 사람이 다릅니다", where, sides, here, used)


def _both(key: str) -> list[object]:
    """A key as text and as a number."""
    return [key, key_number(key)]


# -- Points ----------------------------------------------------------------------------------------
def check_points(proof: Proof) -> Iterator[int]:
    find, pairs = proof.findings, Pairs(Kind.POINT)
    sums: dict[int, int] = {}
    for batch in proof.there.rows("point"):
        keys = pairs.of(row["po_id"] for row in batch)
        entries = PointEntry.objects.in_bulk(keys.values())
        members = proof.members_of(batch, "mb_id")
        find.count(POINTS, there=len(batch), here=len(entries))
        for row in batch:
            amount, member = integer(row, "po_point"), members.get(row["mb_id"].lower())
            where = f"{row['po_id']} {row['mb_id']}"
            entry = entries.get(keys.get(row["po_id"], 0))
            if member is not None:
                sums[member] = sums.get(member, 0) + amount
            if entry is None:
                used = USED if proof.here.has_logged_in(member) else ""
                reason = NOTHING if not amount else used if member else NO_MEMBER
                find.differ(POINTS, "내역이 없습니다", where, amount, "", reason)
            else:
                _compare_entry(proof, where, row, entry, member)
        yield len(batch)
    _check_balances(proof, pairs, sums)


def _compare_entry(
    proof: Proof, where: str, row: Found, entry: PointEntry, member: int | None
) -> None:
    find = proof.findings
    find.add("포인트", integer(row, "po_point"), entry.amount)
    find.same(POINTS, "회원이 다릅니다", where, member, entry.member_id)
    find.same(POINTS, "포인트가 다릅니다", where, integer(row, "po_point"), entry.amount)
    text = plain(row.get("po_content", ""))
    find.read(POINTS, before=text, after=letters(text), here=letters(entry.text))
    proof.text(POINTS, "내용이 다릅니다", where, text, entry.text, longest=LONGEST_TEXT)
    at = moment(row.get("po_datetime", ""))
    if at is not None:
        find.same(POINTS, "시각이 다릅니다", where, at, entry.at)
    expires = day(row.get("po_expire_date", ""))
    there = expires.date() if expires and expires.year < FAR_YEAR else None
    find.same(POINTS, "만료일이 다릅니다", where, there, entry.expires_on)


def _check_balances(proof: Proof, pairs: Pairs, sums: dict[int, int]) -> None:
    """What each member has: the sum of the old entries, and of what they have earned here since."""
    find = proof.findings
    earned: dict[int, int] = {}
    for pk, member, amount, at in (
        PointEntry.objects.filter(member__in=_imported_members())
        .values_list("pk", "member_id", "amount", "at")
        .iterator()
    ):
        if pk not in pairs.ids:
            earned[member] = earned.get(member, 0) + amount
            reason = WRITTEN if at > proof.here.ended_at else ""
            find.differ(POINTS, "옛 사이트에 없는 내역입니다", str(pk), "", amount, reason)
    for keys in pairs.batches():
        for key in {*keys} - {str(each) for each in _there(proof, keys)}:
            find.differ(POINTS, "옛 사이트에 없는 내역입니다", key, "", key, GONE_THERE)
    for batch in proof.there.rows("member"):
        ids = proof.here.members.of(row["mb_id"].lower() for row in batch)
        balances = dict(Member.objects.filter(pk__in=ids.values()).values_list("pk", "points"))
        stored = dict(
            PointEntry.objects.filter(member__in=ids.values())
            .values_list("member")
            .annotate(sum=Sum("amount"))
        )
        for row in batch:
            person = ids.get(row["mb_id"].lower(), 0)
            if person not in balances:
                continue
            here, there = balances[person], sums.get(person, 0)
            find.add("회원의 포인트", there, here)
            if here != stored.get(person, 0):
                find.differ(
                    POINTS,
                    "가진 포인트가 내역과 다릅니다",
                    row["mb_id"],
                    stored.get(person, 0),
                    here,
                )
            elif here != there + earned.get(person, 0):
                find.differ(POINTS, "가진 포인트가 다릅니다", row["mb_id"], there, here)
            if integer(row, "mb_point") != there:
                find.differ(
                    POINTS,
                    "회원에게 적힌 포인트가 다릅니다",
                    row["mb_id"],
                    integer(row, "mb_point"),
                    there,
                    CACHED,
                )


def _there(proof: Proof, keys: list[str]) -> set[int]:
    return proof.there.is_there("point", "po_id", [key_number(key) for key in keys])


def _imported_members():
    return Imported.objects.filter(kind=Kind.MEMBER).values("new")
