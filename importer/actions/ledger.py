"""What is new in the old site, and what has changed there since the last run."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import Model

from boardsite.databases.statements import insert_values, next_ids, update
from importer.actions.kept import Kept, Pair, hashed
from importer.models import Imported, Kind, known, known_in, pks
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import count

BATCH = 500  # rows of one transaction
SHOWN = 60  # characters of a text in a report
COLUMNS = ("kind", "board", "old", "new", "digest", "here", "count")
GONE = 0
"""The digest of a row that is gone there and was taken away here: it stays known, for `--forget`."""


@dataclass
class Batch:
    """Rows of the old site that have to be written here."""

    new: list[Found] = field(default_factory=list)
    changed: list[tuple[Found, Imported]] = field(default_factory=list)
    risen: list[tuple[int, Imported]] = field(default_factory=list)  # the number there


class Ledger:
    """What has been imported of one kind. One object serves a whole step."""

    def __init__(self, old: OldSite, kept: Kept):
        self.old, self.kept = old, kept
        self.boards = pks(Kind.BOARD) if kept.in_board else {}
        self.is_first = not Imported.objects.filter(kind=kept.kind).exists()
        old.staging.query(SEEN)
        if not self.is_first:  # else nothing can be gone
            self._see([(COMPARED, "")])

    # -- Reading -----------------------------------------------------------------------------------
    def sort_out(self, rows: Iterable[Found]) -> Batch:
        """Compares rows with what was imported of them."""
        keyed = {self._key(row): row for row in rows}
        if not self.is_first:
            self._see(keyed)
        before = self._known(keyed)
        batch = Batch()
        for key, row in keyed.items():
            imported = before.get(key)
            if imported is None:
                batch.new.append(row)
                continue
            if imported.digest != digest(row):
                batch.changed.append((row, imported))
            if self.kept.counter and (there := count(row, self.kept.counter)) > imported.count:
                batch.risen.append((there, imported))
        return batch

    def _key(self, row: Found) -> tuple[int, str]:
        return self._board(row), self.kept.key(row)

    def _board(self, row: Found) -> int:
        return self.boards[row["bo_table"]] if self.kept.in_board else 0

    def _known(self, keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Imported]:
        return {(row.board, row.old): row for row in known_in(self.kept.kind, keys)}

    def _see(self, keys: Iterable[tuple[int, str]]) -> None:
        kind = self.kept.kind.value
        rows = [(kind, board, key) for board, key in keys]
        self.old.staging.connection.executemany(
            "INSERT OR IGNORE INTO _seen VALUES (?, ?, ?)", rows
        )

    # -- What is new -------------------------------------------------------------------------------
    def create(self, rows: Iterable[tuple[Found, Model]]) -> None:
        """Inserts rows and remembers them. A row that somebody has made here meanwhile stays as it is."""
        rows = list(rows)
        model = self.kept.model
        for pk, (_row, made) in zip(next_ids(model, len(rows)), rows, strict=True):
            made.pk = pk
        model._default_manager.bulk_create([made for _row, made in rows], ignore_conflicts=True)
        ids = [made.pk for _row, made in rows]
        there = set(model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))
        self.remember((row, made) for row, made in rows if made.pk in there)
        self.adopt((row, 0) for row, made in rows if made.pk not in there)

    def remember(self, rows: Iterable[tuple[Found, Model]]) -> None:
        """Notes what rows became. In the transaction that writes them, so that a killed run begins again
        behind them."""
        self._insert(self._entry(row, made.pk, self.kept.digest(made)) for row, made in rows)

    def adopt(self, rows: Iterable[tuple[Found, int]]) -> None:
        """Notes rows that were here before, with their ids (0 if nobody asks)."""
        self._insert(self._entry(row, pk, None) for row, pk in rows)

    @staticmethod
    def _insert(entries: Iterable[tuple[Any, ...]]) -> None:
        # Made before the COPY begins: a digest may have to read rows, over the same connection.
        insert_values(Imported, COLUMNS, list(entries))

    def _entry(self, row: Found, pk: int, here: int | None) -> tuple[Any, ...]:
        """The values of COLUMNS."""
        counted = count(row, self.kept.counter) if self.kept.counter else 0
        return (self.kept.kind.value, *self._key(row), pk, digest(row), here, counted)

    # -- What has changed --------------------------------------------------------------------------
    def update(self, batch: Batch, build: Callable[[Found, Any], Model | None]) -> None:
        """Changes what has changed there, unless it has been changed here too, and adds what has been
        counted. `build` makes the row as it would be imported now, given the one that is here; None if
        it would not be imported."""
        self._change(batch.changed, build)
        for there, imported in batch.risen:
            if imported.here is not None and imported.digest != GONE:
                by = dict.fromkeys(self.kept.counts, there - imported.count)
                update(self.kept.model, {self.kept.model._meta.pk.attname: imported.new}, by=by)
            imported.count = there
        Imported.objects.bulk_update([each for _there, each in batch.risen], ["count"])

    def _change(
        self,
        changed: list[tuple[Found, Imported]],
        build: Callable[[Found, Any], Model | None],
    ) -> None:
        here = self.kept.load(
            imported.new for _row, imported in changed if imported.here is not None
        )
        pairs: list[Pair] = []
        done: list[Imported] = []
        for row, imported in changed:
            if imported.here is not None:
                mine = here.get(imported.new)
                fresh = build(row, mine) if mine is not None else None
                if fresh is None or mine is None:
                    self._report(imported, "", mine)
                    continue
                if self.kept.values(fresh) != self.kept.values(mine):
                    if self.kept.digest(mine) != imported.here:
                        self._report(imported, str(fresh), mine)
                        continue
                pairs.append((mine, fresh))
                imported.here = self.kept.digest(fresh)
            imported.digest = digest(row)
            done.append(imported)
        if self.kept.save is not None:
            self.kept.save(pairs)
        else:
            for mine, fresh in pairs:
                self.kept.copy(fresh, mine)
            self.kept.update([mine for mine, _fresh in pairs])
        Imported.objects.bulk_update(done, ["digest", "here"])

    def note(self, row: Found, pk: int) -> None:
        """Notes one row, new or changed, of a kind whose entries are only notes."""
        entry = dict(zip(COLUMNS, self._entry(row, pk, 0), strict=True))
        Imported.objects.bulk_create(
            [Imported(**entry)],
            update_conflicts=True,
            unique_fields=["kind", "board", "old"],
            update_fields=["new", "digest"],
        )

    def has_table(self) -> None:
        """Says that the table of the kind is there, even if no row of it is: all of them are gone."""
        self._see([(0, "")])

    def _report(self, imported: Imported, there: str, mine: Model | None) -> None:
        """Names both sides of a conflict."""
        ours = f"'{cut(str(mine))}'" if mine is not None else "지워짐"
        theirs = f"'{cut(there)}'" if there else "바뀜"
        name = name_of(imported, self.boards)
        self.old.note(CONFLICT, f"{name}: 그누보드 {theirs}, 이곳 {ours}")


CONFLICT = "양쪽에서 바뀌어 이곳의 것을 그대로 둔 것"
OWN = "@"
"""What keys of things begin with that the import made without a row there."""
SEEN = (
    "CREATE TABLE IF NOT EXISTS _seen"
    " (kind INTEGER, board INTEGER, old TEXT, PRIMARY KEY (kind, board, old)) WITHOUT ROWID"
)
COMPARED = -1  # as a board: this run compares the kind with an earlier one

VOLATILE = frozenset(
    "wr_hit wr_comment wr_file wr_last wr_link1_hit wr_link2_hit wr_good wr_nogood mb_point mb_login_ip "
    "mb_today_login mb_memo_cnt mb_scrap_cnt mb_memo_call bo_count_write bo_count_comment bf_download co_hit "
    "po_cnt1 po_cnt2 po_cnt3 po_cnt4 po_cnt5 po_cnt6 po_cnt7 po_cnt8 po_cnt9 po_ips mb_ids me_id".split()
)
"""Columns that change without anybody editing the row. (The menu gets new numbers whenever it is saved.)"""


def digest(row: Found) -> int:
    """A hash of a row of the old site."""
    return hashed(f"{name}\1{row[name]}" for name in _compared(tuple(row)))


@lru_cache(100)
def _compared(columns: tuple[str, ...]) -> list[str]:
    return sorted(set(columns) - VOLATILE)


def note_here(kept: Kept, key: str, made: Model, *, board: int = 0) -> None:
    """Notes what a row is here after a later step has changed it too."""
    entry = Imported.objects.filter(kind=kept.kind, board=board, old=key)
    entry.update(here=kept.digest(made))


# -- For kinds that only have to be known: their rows are neither compared nor deleted ----------------
def sort_out(
    kind: Kind, rows: Iterable[Found], key: Callable[[Found], str], *, board: int = 0
) -> Batch:
    """As Ledger.sort_out."""
    rows = list(rows)
    before = known(kind, map(key, rows), board=board)
    batch = Batch()
    for row in rows:
        imported = before.get(key(row))
        if imported is None:
            batch.new.append(row)
        elif imported.digest != digest(row):
            batch.changed.append((row, imported))
    return batch


def remember(
    kind: Kind,
    rows: Iterable[tuple[str, int, Found]],
    *,
    board: int = 0,
    was_here: bool = False,
) -> None:
    """Notes what rows became: their key there, the id here, the row. What `was_here` before is not deleted
    with what was imported."""
    here = None if was_here else 0
    Imported.objects.bulk_create(
        Imported(kind=kind, board=board, old=old, new=new, digest=digest(row), here=here)
        for old, new, row in rows
    )


def is_noted(kind: Kind, key: str, row: Found) -> bool:
    """Whether the row, as it is there now, has been dealt with."""
    before = known(kind, [key]).get(key)
    return before is not None and before.digest == digest(row)


def note(kind: Kind, key: str, pk: int, row: Found) -> None:
    """Notes that the row, as it is there now, has been dealt with."""
    Imported.objects.bulk_create(
        [Imported(kind=kind, old=key, new=pk, digest=digest(row))],
        update_conflicts=True,
        unique_fields=["kind", "board", "old"],
        update_fields=["new", "digest"],
    )


def in_batches(rows: Iterator[Found], size: int = BATCH) -> Iterator[list[Found]]:
    """The rows of a table, as many at a time as one transaction takes."""
    while batch := list(islice(rows, size)):
        yield batch


def name_of(entry: Imported, boards: dict[str, int]) -> str:
    """What a row is called in a report: its kind, its board and its key there."""
    board = "".join(f"{name}/" for name, pk in boards.items() if pk == entry.board)
    return f"{Kind(entry.kind).label} {board}{entry.old}"


def cut(text: str) -> str:
    """The beginning of a text, for a report."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
