"""The rows of all boards in one line, in the order in which they were written, so that the newest gets the
highest id here."""

from collections import defaultdict
from collections.abc import Iterator

from importer.reading.site import OldSite
from importer.reading.staging import Found, quoted

BATCH = 500  # rows of one transaction
LAST = 999_999_999  # the highest number that an address here takes


def in_line(old: OldSite, *, is_comment: bool) -> Iterator[list[Found]]:
    """Yields all posts, or all comments, in batches. Each row gets the column `bo_table`, as other tables
    have it."""
    line = "_comments" if is_comment else "_posts"
    _line_up(old, line, int(is_comment))
    place = 0
    while found := old.staging.query(
        f"SELECT place, board, line FROM {line} WHERE place > ? ORDER BY place LIMIT {BATCH}",
        [place],
    ):
        place = found[-1][0]
        yield _rows(old, [(board, line) for _place, board, line in found])


def count_line(old: OldSite, *, is_comment: bool) -> int:
    """How many rows there are."""
    tables = [old.prefix + table for _board, table in _tables(old)]
    where = f"WHERE CAST(wr_is_comment AS INTEGER) = {int(is_comment)}"
    counts = [old.staging.query(f"SELECT count(*) FROM {quoted(each)} {where}") for each in tables]
    return sum(rows[0][0] for rows in counts)


def _tables(old: OldSite) -> Iterator[tuple[str, str]]:
    for board in old.rows("board", order="bo_table"):
        table = old.write_table(board)
        if old.has(table):
            yield board["bo_table"], table


def _line_up(old: OldSite, line: str, is_comment: int) -> None:
    """Makes the table of the line, which holds the places of the rows in their tables. Times may jump back,
    where somebody changed them: a row comes no earlier than those before it in its board, so that parents
    come first."""
    query = old.staging.query
    for table in (line, "_unsorted"):
        query(f"DROP TABLE IF EXISTS {table}")
    query(f"CREATE TABLE {line} (place INTEGER PRIMARY KEY, board TEXT, line INTEGER)")
    query("CREATE TABLE _unsorted (at TEXT, board TEXT, id INTEGER, line INTEGER)")
    for board, table in _tables(old):
        for columns in (("wr_num", "wr_reply"), ("wr_parent", "wr_comment")):
            old.staging.index(old.prefix + table, *columns)
        query(
            "INSERT INTO _unsorted SELECT max(wr_datetime) OVER (ORDER BY CAST(wr_id AS INTEGER)), ?,"
            f" CAST(wr_id AS INTEGER), rowid FROM {quoted(old.prefix + table)}"
            f" WHERE CAST(wr_is_comment AS INTEGER) = {is_comment}",
            [board],
        )
    query(
        f"INSERT INTO {line} (board, line) SELECT board, line FROM _unsorted ORDER BY at, board, id"
    )
    query("DROP TABLE _unsorted")


def _rows(old: OldSite, places: list[tuple[str, int]]) -> list[Found]:
    by_board: defaultdict[str, list[int]] = defaultdict(list)
    for board, line in places:
        by_board[board].append(line)
    found: dict[tuple[str, int], Found] = {}
    for board, lines in by_board.items():
        marks = ", ".join("?" * len(lines))
        rows = old.rows(f"write_{board}", where=f"rowid IN ({marks})", values=lines, order="rowid")
        for line, row in zip(sorted(lines), rows, strict=True):
            if _is_number(row["wr_id"]):
                row["bo_table"] = board
                found[board, line] = row
            else:
                old.note("번호가 잘못된 글", f"{board} {row['wr_id']}")
    return [found[place] for place in places if place in found]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:20]) <= LAST and len(text) < 20
