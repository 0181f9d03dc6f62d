"""An unforeseen error of a command, as a sentence for the owner: at which step and which row of the old site it
happened, and what to do next."""

import contextlib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.core.management.base import CommandError

from boardsite.scheduling.chores import words_of
from importer.actions.ledger import cut
from importer.management.progress import Progress
from importer.reading.staging import OldRow

LONGER_KEYS = {"board_file": 3, "auth": 2}
"""How many columns the key of a table has that has more than one. Its columns come first in all tables."""


@contextmanager
def explaining(progress: Progress, report: Path) -> Iterator[None]:
    """Turns an unforeseen error into a CommandError, and writes its traceback to `report`.

    A traceback may name members, so only the owner of the file may read it."""
    report.unlink(missing_ok=True)
    try:
        yield
    except CommandError:
        raise
    except Exception as error:
        where = place_of(error)
        sentence = (
            f"'{progress.name or '준비'}' 단계에서 예상하지 못한 오류가 나서 멈추었습니다"
            f"({', '.join(filter(None, [where, words_of(error)]))}). 끝난 것은 남아 있으니 원인을 없애고 다시 "
            "실행하면 이어서 합니다."
        )
        with contextlib.suppress(OSError):  # such as: the disk is full
            report.touch(mode=0o600)
            report.write_text("".join(traceback.format_exception(error)), "utf-8")
            sentence += f" 개발자에게 물어볼 때는 {report} 파일을 함께 보내 주세요."
        raise CommandError(sentence) from error


def place_of(error: BaseException) -> str:
    """The row of the old site at which an error happened, or the first and the last row of its batch; "" where
    no row was read. The actions need not say which row they work on: the variables of their frames do."""
    frames = [frame for frame, _line in traceback.walk_tb(error.__traceback__)]
    for frame in reversed(frames):
        if rows := _rows_of(frame):
            return " ~ ".join(dict.fromkeys([_name(rows[0]), _name(rows[-1])]))
    return ""


def _rows_of(frame: FrameType) -> list[OldRow]:
    """The row that is a function's argument, else the batch that it works on, else the row of its loop: beside
    a batch the variable of a loop may be that of a loop which has ended."""
    for name in frame.f_code.co_varnames[: frame.f_code.co_argcount]:
        if isinstance(row := frame.f_locals.get(name), OldRow):
            return [row]
    values = list(frame.f_locals.values())
    for each in values:
        if isinstance(each, list) and (rows := list(filter(None, map(_row_of, each)))):
            return rows
    return [each for each in values if isinstance(each, OldRow)][:1]


def _row_of(item: object) -> OldRow | None:
    """What a list holds: a row, or a row and what it becomes."""
    first = item[0] if isinstance(item, tuple) and item else item
    return first if isinstance(first, OldRow) else None


def _name(row: OldRow) -> str:
    """The table of a row and its primary key."""
    size = next((size for name, size in LONGER_KEYS.items() if row.table.endswith(name)), 1)
    keys = " ".join(f"{column}={cut(value)}" for column, value in list(row.items())[:size])
    return f"{row.table} {keys}"
