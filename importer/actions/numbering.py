"""The numbers of posts. They stay what they were, so that old addresses lead to posts without a table."""

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from boards.actions.managing import next_number
from boards.models import Board, Post
from importer.actions.importing import Importing
from importer.actions.lines import LAST
from importer.models import Imported, Kind
from importer.reading.staging import Found, quoted


class Occupied(ValueError):
    """A board has posts of its own at the numbers of old ones. The message is a Korean sentence for the
    owner."""


def reserve_numbers(importing: Importing) -> None:
    """Posts and comments of a gnuboard5 board are numbered together. New posts come behind all of them, also
    deleted ones, so that a number never means two things.

    Raises Occupied."""
    for name, board in importing.boards.items():
        if not importing.old.has(f"write_{name}"):
            continue
        table = importing.old.prefix + f"write_{name}"
        staging, number = importing.old.staging, "CAST(wr_id AS INTEGER)"
        found = staging.query(f"SELECT max({number}) FROM {quoted(table)} WHERE {number} <= {LAST}")
        highest = max(found[0][0] or 0, min(staging.last_id(table), LAST))
        if not Imported.objects.filter(kind=Kind.POST, board=board.pk).exists():
            if Post.objects.filter(board=board, number__lte=highest).exists():
                raise Occupied(
                    f"게시판 '{board.name}'({board.slug})에 이미 글이 있습니다. 옛 글이 제 번호로 들어갈 수 있게 그 "
                    "게시판을 지우거나 주소를 바꾼 뒤에 다시 실행해 주세요."
                )
        last = Greatest(F("last_number"), Value(highest))
        Board.objects.filter(pk=board.pk).update(last_number=last)


def renumber(importing: Importing, rows: list[Found]) -> None:
    """Gives rows a new number where a post that was written here since the last run has theirs. Their old
    addresses are answered by the ledger."""
    numbers: dict[int, list[int]] = {}
    for row in rows:
        numbers.setdefault(importing.board(row).pk, []).append(int(row["wr_id"]))
    which = Q(pk=None)
    for pk, wanted in numbers.items():
        which |= Q(board=pk, number__in=wanted)
    taken = set(Post.objects.filter(which).values_list("board", "number"))
    for row in rows if taken else ():
        board = importing.board(row)
        if (board.pk, int(row["wr_id"])) in taken:
            with transaction.atomic():
                number = next_number(board)
            importing.renumbered[row["bo_table"], row["wr_id"]] = number
            what = f"{row['bo_table']}/{row['wr_id']} → {board.slug}/{number}"
            importing.old.note("번호가 이곳의 글과 겹쳐 새 번호를 받은 글", what)


def numbers_of(importing: Importing, rows: list[Found]) -> list[int]:
    """The numbers here of posts of one board."""
    keys = [(row["bo_table"], row["wr_id"]) for row in rows]
    found = {key: importing.renumbered.get(key, int(key[1])) for key in keys}
    if rows and importing.board(rows[0]).pk in importing.shared:
        ids = importing.posts(rows)
        there = dict(Post.objects.filter(pk__in=ids.values()).values_list("pk", "number"))
        found |= {key: there[pk] for key, pk in ids.items() if pk in there}
    return [found[key] for key in keys]
