"""What all checks share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from boards.models import Board
from boardsite.typing import StrOrPromise
from importer.models import Kind
from importer.proving.findings import Findings
from importer.proving.here import CUT, Here, Pairs
from importer.proving.there import There, integer
from importer.reading.files import OldFiles
from importer.reading.staging import Found


@dataclass
class Proof:
    """Both sides. `files` is None where the old site's folder of files was not given."""

    there: There
    here: Here
    files: OldFiles | None = None
    findings: Findings = field(default_factory=Findings)

    def boards(self) -> Iterator[tuple[str, Found, Board]]:
        """The boards that are on both sides, by their addresses."""
        for name, row in self.there.boards.items():
            if (board := self.board(name)) is not None:
                yield name, row, board

    def board(self, name: str) -> Board | None:
        """Our board for `bo_table`: that with the same address, or the one that the ledger names, where the site
        itself has pages at that address."""
        if name not in self.there.boards:
            return None
        if (by_slug := self._boards.get(name)) is not None:
            return by_slug
        pk = Pairs(Kind.BOARD).of([name]).get(name)
        return Board.objects.select_related("group").filter(pk=pk or 0).first()

    @cached_property
    def _boards(self) -> dict[str, Board]:
        return Board.objects.select_related("group").in_bulk(field_name="slug")

    def members_of(self, rows: list[Found], *columns: str) -> dict[str, int]:
        """Our ids of the members whom the rows name, by 아이디 in lower case."""
        names = {row.get(column, "").lower() for row in rows for column in columns}
        return self.here.members.of(names - {""})

    def posts_of(self, board: Board, rows: list[Found], column: str = "wr_id") -> dict[int, int]:
        """Our ids of the posts that the rows name, by number: a post's number never changes."""
        numbers = {integer(row, column) for row in rows}
        posts = board.posts.filter(number__in=numbers)
        return dict(posts.values_list("number", "pk"))

    def comments_of(self, board: Board, rows: list[Found]) -> dict[str, int]:
        return Pairs(Kind.COMMENT, board.pk).of(row["wr_id"] for row in rows)

    def text(
        self,
        kind: str,
        what: str,
        where: str,
        there: str,
        here: str,
        *,
        longest: int = 0,
        reason: str = "",
    ) -> bool:
        """Compares two texts, of which ours may end at `longest` characters."""
        if there == here:
            return True
        if longest and len(there) > longest and here == there[:longest].strip():
            reason = CUT
        self.findings.differ(kind, what, where, there, here, reason)
        return False


@dataclass(frozen=True)
class Check:
    """One comparison. `run` yields how many rows it has looked at."""

    name: StrOrPromise
    total: Callable[[There], int]
    run: Callable[[Proof], Iterator[int]]
