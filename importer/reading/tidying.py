"""Rows that no import could use leave the copy, with a note for the report.

A dump is a file from outside, and old databases have been edited by hand and by add-ons. What follows can
rely on this: every row has the key that gnuboard5 gives it, no two rows of a table have the same, and every
board belongs to a group.
"""

from collections.abc import Iterator

from importer.reading.schema import KEYS, NAMED, kind_of
from importer.reading.staging import Staging, quoted
from importer.reading.values import MOST

LONGEST_NUMBER = 9  # digits
LONGEST_NAME = 64
WRONG_NUMBER = "번호가 잘못된 행"
WRONG_NAME = "이름이 잘못된 행"
TOO_MUCH = "합계가 너무 큰 포인트"
MUCH = 1_000_000  # points
TWICE = "같은 번호나 이름이 앞에 있는 행"
NUMBERS = {
    **{table: (column,) for table, column in KEYS.items()},
    "board_file": ("wr_id", "bf_no"),
    "board_good": ("bg_id", "wr_id"),
    "scrap": ("ms_id", "wr_id"),
    "faq": ("fa_id", "fm_id"),
    "poll_etc": ("pc_id", "po_id"),
}
"""Whole numbers without which a row means nothing."""

OTHER_NUMBERS = {
    "write": (
        "wr_parent",
        "wr_is_comment",
        "wr_comment",
        "wr_hit",
        "wr_good",
        "wr_nogood",
        "wr_link1_hit",
        "wr_link2_hit",
    ),
    "board_file": ("bf_download",),
    "memo": ("me_send_id",),
    "qa_content": ("qa_parent", "qa_related", "qa_type"),
}
"""Whole numbers for which 0 stands where they are none."""

LETTERS = {"write": {"wr_reply": 10, "wr_comment_reply": 10}}
"""Texts that lead to other rows, and how long gnuboard5 makes them."""

ASKED_FOR = {
    "auth": ("mb_id", "au_menu"),
    "autosave": ("as_uid", "mb_id"),
    "board": ("bo_order",),
    "board_file": ("bo_table", "wr_id", "bf_no"),
    "board_good": ("bo_table", "wr_id", "mb_id"),
    "faq": ("fm_id",),
    "group": ("gr_order",),
    "member": ("mb_datetime", "mb_no"),
    "poll_etc": ("po_id",),
    "scrap": ("bo_table", "wr_id", "mb_id"),
    "write": ("wr_comment", "wr_comment_reply", "wr_datetime", "wr_good", "wr_nogood"),
}
"""Columns that queries name: a table that lacks one gets it, empty."""

# A board's name becomes a part of addresses here, as it was there.
_ADDRESS = "length({0}) BETWEEN 2 AND 20 AND {0} NOT GLOB '*[^A-Za-z0-9_]*'"
_KEY = "length({0}) BETWEEN 1 AND " + str(LONGEST_NAME)
VALID = {
    "board": ("bo_table", _ADDRESS),
    "group": ("gr_id", _ADDRESS),
    "member": ("mb_id", _KEY),
    "content": ("co_id", _ADDRESS.replace("BETWEEN 2", "BETWEEN 1")),
    "autosave": ("as_uid", _KEY),
}
"""Names without which a row means nothing, and what they must be."""


def tidy(staging: Staging, prefix: str) -> None:
    """Removes and notes rows without a usable key, and gives boards without a group one of their own."""
    if staging.query("SELECT 1 FROM _state WHERE name = ?", [f"tidy {prefix}"]):
        return
    for name in staging.names():
        kind = kind_of(name, prefix)
        _add_columns(staging, name, kind)
        info = staging.table(name)
        columns = {each.lower() for each in info.columns} if info else set()
        for column in NUMBERS.get(kind, ()):
            if column in columns:
                may_be_zero = column in ("bf_no", "fm_id")
                _drop(staging, name, column, _no_number(column, may_be_zero), WRONG_NUMBER)
        column, is_valid = VALID.get(kind, ("", ""))
        if column in columns:
            is_valid = f"typeof({quoted(column)}) = 'text' AND {is_valid.format(quoted(column))}"
            _drop(staging, name, column, f"NOT ({is_valid})", WRONG_NAME)
        for column in OTHER_NUMBERS.get(kind, ()):
            if column in columns:
                where = _no_number(column, may_be_zero=True)
                staging.query(f"UPDATE {quoted(name)} SET {quoted(column)} = '0' WHERE {where}")
        for column, longest in LETTERS.get(kind, {}).items():
            if column in columns:
                where = f"length({quoted(column)}) > {longest}"
                staging.query(f"UPDATE {quoted(name)} SET {quoted(column)} = '' WHERE {where}")
        if (key := KEYS.get(kind) or NAMED.get(kind)) and key in columns:
            _drop_repeated(staging, name, key)
        if {"po_point", "mb_id"} <= columns:
            amount = "CAST(po_point AS REAL)"
            where = (
                f"abs({amount}) > {MUCH} AND lower(mb_id) IN (SELECT lower(mb_id) FROM {quoted(name)} "
                f"GROUP BY 1 HAVING abs(total({amount})) > {MOST})"
            )
            _drop(staging, name, "po_point", where, TOO_MUCH)
    _add_groups(staging, prefix)
    staging.query("INSERT OR REPLACE INTO _state VALUES (?, '')", [f"tidy {prefix}"])


def _add_columns(staging: Staging, table: str, kind: str) -> None:
    info = staging.table(table)
    there = {each.lower() for each in info.columns} if info else set()
    for column in ASKED_FOR.get(kind, ()):
        if column not in there:
            staging.query(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(column)}")
            staging.query("INSERT INTO _state VALUES (?, '')", [f"added {table}.{column}"])


def _no_number(column: str, may_be_zero: bool = False) -> str:
    """The condition for what is no whole number in its usual spelling."""
    name = quoted(column)
    zero = f"{name} GLOB '0?*'" if may_be_zero else f"{name} GLOB '0*'"
    return (
        f"coalesce(typeof({name}) != 'text' OR {name} = '' OR {name} GLOB '*[^0-9]*' "
        f"OR length({name}) > {LONGEST_NUMBER} OR {zero}, 1)"
    )


def _drop(staging: Staging, table: str, column: str, where: str, reason: str) -> None:
    _note(staging, table, column, where, reason)
    staging.query(f"DELETE FROM {quoted(table)} WHERE {where}")


def _drop_repeated(staging: Staging, table: str, column: str) -> None:
    """MySQL compares names without case."""
    name = f"lower({quoted(column)})" if column in NAMED.values() else quoted(column)
    staging.index(table, column)
    where = (
        f"{name} IN (SELECT {name} FROM {quoted(table)} GROUP BY 1 HAVING count(*) > 1) AND rowid NOT IN "
        f"(SELECT min(rowid) FROM {quoted(table)} GROUP BY {name} HAVING count(*) > 1)"
    )
    _drop(staging, table, column, where, TWICE)


def _note(staging: Staging, table: str, column: str, where: str, reason: str) -> None:
    for row, value in _found(staging, table, column, where):
        staging.refuse(table, row, f"{reason} ({column}={str(value)[:20]!r})")


def _found(
    staging: Staging, table: str, column: str, where: str
) -> Iterator[tuple[int, str | None]]:
    yield from staging.query(
        f"SELECT rowid, substr({quoted(column)}, 1, 21) FROM {quoted(table)} WHERE {where} LIMIT 1000"
    )


def _add_groups(staging: Staging, prefix: str) -> None:
    """Groups of boards that were deleted from the table of groups."""
    groups, boards = quoted(f"{prefix}group"), quoted(f"{prefix}board")
    lost = staging.query(
        f"SELECT DISTINCT gr_id FROM {boards} WHERE coalesce(gr_id, '') NOT IN (SELECT gr_id FROM {groups})"
    )
    for (name,) in lost:
        if isinstance(name, str) and staging.query(f"SELECT {_ADDRESS.format('?1')}", [name])[0][0]:
            new = name
        else:
            new = "boards"
            staging.query(f"UPDATE {boards} SET gr_id = ? WHERE gr_id IS ?", [new, name])
        if not staging.query(f"SELECT 1 FROM {groups} WHERE gr_id = ?", [new]):
            staging.query(f"INSERT INTO {groups} (gr_id, gr_subject) VALUES (?, ?)", [new, new])
