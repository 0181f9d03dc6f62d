"""What all batches of a step need to know."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Count

from boards.models import Board, Post
from importer.actions.author_addresses import kept_since
from importer.models import Imported, Kind, known_in, pks
from importer.reading.site import OldSite
from importer.reading.staging import Found


@dataclass
class Importing:
    """What all batches need to know."""

    old: OldSite
    boards: dict[str, Board]
    members: dict[str, int]
    renumbered: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, old: OldSite) -> "Importing":
        keys = pks(Kind.BOARD)
        boards = Board.objects.in_bulk(keys.values())
        return cls(
            old, {name: boards[pk] for name, pk in keys.items() if pk in boards}, pks(Kind.MEMBER)
        )

    def member(self, row: Found) -> int | None:
        return self.members.get(row.get("mb_id", "").lower())

    def board(self, row: Found) -> Board:
        return self.boards[row["bo_table"]]

    def posts(self, rows: Iterable[Found], column: str = "wr_id") -> dict[tuple[str, str], int]:
        """The ids of the posts that rows are about, by board and number."""
        return self.written(Kind.POST, {(row["bo_table"], row[column]) for row in rows})

    def written(self, kind: Kind, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """The ids of posts or comments by the names of their boards and their numbers there."""
        keys = [(self.boards[name].pk, old) for name, old in places if name in self.boards]
        return {(self.names[row.board], row.old): row.new for row in known_in(kind, keys)}

    @cached_property
    def names(self) -> dict[int, str]:
        """Of boards in the old site, by their ids here."""
        return {board.pk: name for name, board in self.boards.items()}

    @cached_property
    def keeps_since(self) -> datetime | None:
        """From when on addresses of authors are kept; None if none are."""
        return kept_since()

    @cached_property
    def shared(self) -> set[int]:
        """The boards that have posts of this site too, so that old ones may have got new numbers."""
        posts = Post.objects.order_by().values("board").annotate(total=Count("pk"))
        entries = Imported.objects.filter(kind=Kind.POST).order_by().values("board")
        imported = dict(entries.annotate(total=Count("pk")).values_list("board", "total"))
        counted = posts.values_list("board", "total")
        return {board for board, total in counted if total > imported.get(board, 0)}

    @cached_property
    def notices(self) -> dict[str, set[str]]:
        """The numbers of each board's notices."""
        return {row["bo_table"]: self.old.notices(row) for row in self.old.rows("board")}
