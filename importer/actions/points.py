"""포인트: the ledger. Its sums become the members' balances when everything is counted again."""

from collections.abc import Iterator

from django.db import transaction

from accounts.models import PointEntry
from importer.actions.importing import Importing
from importer.actions.kept import Kept
from importer.actions.ledger import Ledger, in_batches
from importer.models import Kind, known
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import count, day, moment, number, plain

LONGEST_TEXT = 200
NEVER = 9999  # the year of an expiry that gnuboard5 writes for "never"
KINDS = {
    "@login": PointEntry.Kind.LOGIN,
    "@member": PointEntry.Kind.RECOMMEND,
    "@memo": PointEntry.Kind.MESSAGE,
    "@expire": PointEntry.Kind.EXPIRE,
}
ON_BOARDS = {
    "쓰기": (PointEntry.Kind.WRITE, Kind.POST),
    "댓글": (PointEntry.Kind.COMMENT, Kind.COMMENT),
    "읽기": (PointEntry.Kind.READ, Kind.POST),
    "다운로드": (PointEntry.Kind.DOWNLOAD, None),
}


POINT = Kept(
    Kind.POINT,
    PointEntry,
    key=lambda row: row["po_id"],
    columns=("member_id", "amount", "text"),
    derived=("expires_on",),
    counter="po_use_point",
    counts=("spent",),
)


def import_points(old: OldSite) -> Iterator[int]:
    """Creates the lines that are new; yields how many rows were looked at."""
    importing, ledger = Importing.of(old), Ledger(old, POINT)
    for rows in in_batches(old.rows("point", order="CAST(po_id AS INTEGER)")):
        with transaction.atomic():
            _write(importing, ledger, rows)
        yield len(rows)


def _write(importing: Importing, ledger: Ledger, rows: list[Found]) -> None:
    batch = ledger.sort_out(rows)
    new = [
        row for row in batch.new if importing.member(row) is not None and number(row, "po_point")
    ]
    written = _written_things(importing, new)
    entries = [_entry(importing, row, written) for row in new]
    taken = _taken(entries)
    for row, entry in zip(new, entries, strict=True):
        if (entry.member_id, entry.kind, entry.about) in taken:
            entry.about = f"gnuboard:{row['po_id']}"
        taken.add((entry.member_id, entry.kind, entry.about))
    ledger.create(zip(new, entries, strict=True))
    ledger.update(batch, lambda row, here: _entry(importing, row, {}))


def _entry(
    importing: Importing, row: Found, written: dict[tuple[str, str, Kind], int]
) -> PointEntry:
    amount = number(row, "po_point")
    kind, about = _about(row, written)
    expires = day(row.get("po_expire_date", ""))
    entry = PointEntry(
        member_id=importing.members[row["mb_id"].lower()],
        kind=kind,
        about=about,
        text=plain(row.get("po_content", ""))[:LONGEST_TEXT],
        amount=amount,
        spent=min(count(row, "po_use_point"), max(amount, 0)),
        expires_on=expires if expires and expires.year < NEVER else None,
    )
    entry.at = moment(row.get("po_datetime", "")) or entry.at
    return entry


def _about(row: Found, written: dict[tuple[str, str, Kind], int]) -> tuple[str, str]:
    """The kind, and the key under which our own actions would give these points, so that nobody gets them
    twice and deleting a post takes them back."""
    table, key, action = (row.get(f"po_rel_{name}", "") for name in ("table", "id", "action"))
    other = f"gnuboard:{row['po_id']}"
    if table == "@login":
        return PointEntry.Kind.LOGIN, action[:10] or other
    if table == "@member" and action == "회원가입":
        return PointEntry.Kind.SIGNUP, "signup"
    if table in KINDS:
        return KINDS[table], other
    if action in ON_BOARDS:
        kind, what = ON_BOARDS[action]
        pk = written.get((table, key, what)) if what else None
        return kind, f"{what.name.lower()}:{pk}" if what and pk else other
    return PointEntry.Kind.MANUAL, other


def _written_things(importing: Importing, rows: list[Found]) -> dict[tuple[str, str, Kind], int]:
    """The ids of the posts and comments that lines are about."""
    found = {}
    for name in {row.get("po_rel_table", "") for row in rows} & importing.boards.keys():
        wanted = {row["po_rel_id"] for row in rows if row["po_rel_table"] == name}
        for kind in (Kind.POST, Kind.COMMENT):
            for key, imported in known(kind, wanted, board=importing.boards[name].pk).items():
                found[name, key, kind] = imported.new
    return found


def _taken(entries: list[PointEntry]) -> set[tuple[int, str, str]]:
    there = PointEntry.objects.filter(
        member__in={each.member_id for each in entries}, about__in={each.about for each in entries}
    )
    return set(there.values_list("member", "kind", "about"))
