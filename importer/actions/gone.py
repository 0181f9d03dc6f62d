"""What was imported and is no longer in the old site."""

from collections.abc import Iterator

from django.db import transaction

from importer.actions.kept import Kept
from importer.actions.ledger import BATCH, COMPARED, GONE, OWN, cut, name_of
from importer.models import Imported, Kind, pks
from importer.reading.site import OldSite

DELETED = "그누보드에서 지워졌지만 이곳에 그대로 둔 것"
MISSING = "이번에는 하나도 없어서, 이곳의 것을 지우지 않고 둔 것"


def drop_gone(old: OldSite, kept: Kept) -> Iterator[int]:
    """Takes away the rows of a kind that are gone there, unless they have been changed here; yields how many
    entries were compared. All rows that are there must have been sorted out before."""
    if not _has_seen(old, kept, COMPARED):
        return
    boards = pks(Kind.BOARD)
    entries = Imported.objects.filter(kind=kept.kind, here__isnull=False).exclude(digest=GONE)
    # Boards that the import itself has made have no row there; nor have files in them.
    own = [pk for name, pk in boards.items() if name.startswith(OWN)]
    entries = entries.exclude(old__startswith=OWN).exclude(board__in=own)
    whole: dict[int, bool] = {}
    place = 0
    while looked := list(entries.filter(pk__gt=place).order_by("pk")[:BATCH]):
        place = looked[-1].pk
        gone = _unseen(old, kept, looked)
        for entry in gone:
            if entry.board not in whole:
                whole[entry.board] = _has_seen(old, kept, entry.board)
                if not whole[entry.board]:
                    slug = next((name for name, pk in boards.items() if pk == entry.board), "")
                    old.note(MISSING, f"{kept.kind.label} {slug}".strip())
        with transaction.atomic():
            _drop(old, kept, [entry for entry in gone if whole[entry.board]], boards)
        yield len(looked)


def _has_seen(old: OldSite, kept: Kept, board: int) -> bool:
    """Whether this run has seen any row of the kind. Where it has seen none, their table may be missing."""
    query = "SELECT 1 FROM _seen WHERE kind = ? AND board = ? LIMIT 1"
    return bool(old.staging.query(query, [kept.kind.value, board]))


def _unseen(old: OldSite, kept: Kept, entries: list[Imported]) -> list[Imported]:
    marks = ", ".join(["(?, ?)"] * len(entries))
    values = [value for each in entries for value in (each.board, each.old)]
    seen = set(
        old.staging.query(
            f"SELECT board, old FROM _seen WHERE kind = ? AND (board, old) IN (VALUES {marks})",
            [kept.kind.value, *values],
        )
    )
    return [each for each in entries if (each.board, each.old) not in seen]


def _drop(old: OldSite, kept: Kept, gone: list[Imported], boards: dict[str, int]) -> None:
    here = kept.load(each.new for each in gone)
    rows, done = [], []
    for entry in gone:
        mine = here.get(entry.new)
        if mine is not None and (kept.stays or kept.digest(mine) != entry.here):
            old.note(DELETED, f"{name_of(entry, boards)}: 이곳 '{cut(str(mine))}'")
            continue
        done.append(entry.pk)
        rows += [mine] if mine is not None else []
    entries = Imported.objects.filter(pk__in=done)
    if kept.remove is not None:
        kept.remove(rows)
        entries.update(digest=GONE)
    else:
        kept.model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
        entries.delete()
