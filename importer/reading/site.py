"""Which gnuboard5 site the staged tables are of, and what they lack."""

from collections.abc import Iterator
from dataclasses import dataclass

from importer.reading.removed import Removed
from importer.reading.schema import kind_of
from importer.reading.staging import Found, Staging
from importer.reading.tidying import tidy
from importer.reading.values import names

NEEDED = {
    "board": ("bo_table", "gr_id", "bo_subject"),
    "group": ("gr_id", "gr_subject"),
    "member": ("mb_id", "mb_password", "mb_nick", "mb_level"),
    "config": ("cf_title",),
}
WRITE = ("wr_id", "wr_num", "wr_reply", "wr_parent", "wr_is_comment", "wr_content", "mb_id")
RECENT = 50  # examples of a problem among which another one is looked for


class NotGnuboard(ValueError):
    """The tables are not those of gnuboard5. The message is a Korean sentence for the owner."""


@dataclass(frozen=True)
class Lack:
    """A table or a column that should be there."""

    table: str
    column: str = ""


class OldSite:
    """The tables of one gnuboard5 site."""

    def __init__(self, staging: Staging, prefix: str = ""):
        """`prefix` is only needed where the database holds several sites. Raises NotGnuboard."""
        self.staging = staging
        self.problems: dict[str, list[str]] = {}
        self.removed = Removed()
        self.erased: frozenset[str] = frozenset()  # boards that were deleted here since
        self.prefix = prefix or self._find_prefix()
        for table, columns in NEEDED.items():
            info = staging.table(self.prefix + table)
            missing = set(columns) - set(info.columns if info else ())
            if missing:
                raise NotGnuboard(
                    f"'{self.prefix}{table}' 표에 {', '.join(sorted(missing))} 칸이 없습니다. "
                    "그누보드5의 데이터베이스가 맞는지 확인해 주세요."
                )
        tidy(staging, self.prefix)
        for table, row, reason in staging.refused():
            self.note(reason.partition(" (")[0], f"{table} {row}번째 행 ({reason})")

    def _find_prefix(self) -> str:
        found = []
        for name in self.staging.names():
            info = self.staging.table(name)
            if name.endswith("board") and info and {"bo_table", "bo_subject"} <= set(info.columns):
                found.append(name.removesuffix("board"))
        if not found:
            raise NotGnuboard("그누보드5의 게시판 표(g5_board)가 없습니다.")
        if len(found) > 1:
            listed = ", ".join(found)
            raise NotGnuboard(f"사이트가 여럿입니다({listed}). --prefix로 하나를 골라 주세요.")
        return found[0]

    def note(self, problem: str, what: str) -> None:
        """For the report at the end: what could not be imported."""
        examples = self.problems.setdefault(problem, [])
        if what not in examples[-RECENT:]:  # two steps may look at the same row
            examples.append(what)

    # -- Its tables --------------------------------------------------------------------------------
    def rows(self, table: str, **words: object) -> Iterator[Found]:
        rows = self.staging.rows(self.prefix + table, **words)  # type: ignore[arg-type] # its own
        if not self.erased:
            return rows
        return (row for row in rows if row.get("bo_table") not in self.erased)

    def count(self, table: str) -> int:
        info = self.staging.table(self.prefix + table)
        return info.count if info else 0

    def has(self, table: str, *columns: str) -> bool:
        there = {each.lower() for each in self.staging.columns(self.prefix + table)}
        return bool(there) and set(columns) <= there

    @property
    def config(self) -> Found:
        return self.staging.one(f"{self.prefix}config") or {}

    @property
    def version(self) -> str:
        """Roughly, by columns that versions added."""
        if self.has("member_auto_login"):
            return "5.6"
        if self.has("board_file", "bf_fileurl"):
            return "5.5"
        if self.has("memo", "me_type"):
            return "5.4"
        return "5.2–5.3"

    def write_table(self, board: Found) -> str:
        """The table of a board's posts and comments, without the prefix."""
        return f"write_{board['bo_table']}"

    # -- What is and is not there ------------------------------------------------------------------
    def lacks(self) -> list[Lack]:
        """Tables of boards that are missing, and columns without which their posts cannot be read."""
        lacks = []
        for board in self.rows("board"):
            table = self.write_table(board)
            if not self.has(table):
                lacks.append(Lack(self.prefix + table))
                continue
            lacks += [
                Lack(self.prefix + table, column) for column in WRITE if not self.has(table, column)
            ]
        return lacks

    def plugins(self) -> dict[str, int]:
        """Tables that gnuboard5 itself does not make, such as those of the shop (영카트), and how many rows
        they have."""
        boards = {f"write_{board['bo_table']}".lower() for board in self.rows("board")}
        found = self.staging.others()
        for name in self.staging.names():
            kind = kind_of(name, self.prefix)
            is_lost = (
                kind == "write" and name.lower().removeprefix(self.prefix.lower()) not in boards
            )
            if not kind or is_lost:
                info = self.staging.table(name)
                found[name] = info.count if info else 0
        return found

    def notices(self, board: Found) -> set[str]:
        """The numbers of a board's notices; gnuboard4 separated them by line ends."""
        return {*names(board.get("bo_notice", "").replace("\r", "").replace("\n", ","), ",")}
