"""Puts a restored site in the place of the old one, so that after a kill at any moment either of
them is there.

Everything is prepared beside its place. What is left is renames, listed in a journal before the first
of them. A process that finds a journal when it starts finishes the renames."""

import contextlib
import fcntl
import json
import os
import shutil
import time
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from upkeep.backups.loading import has_schema
from upkeep.backups.manifest import BackupError, sync

JOURNAL, LOCK = "restore.json", ".restore-lock"
PATIENCE = 3.0  # seconds


@dataclass(frozen=True)
class Switch:
    """`aside` and `into` are renames (from, to), in this order; `scratch` is removed at the end.
    With a `schema` of PostgreSQL they are valid if the schema exists: then the transaction that
    replaced the tables was committed."""

    aside: list[tuple[str, str]]
    into: list[tuple[str, str]]
    scratch: list[str]
    schema: str = ""


def _journal() -> Path:
    return Path(settings.DATA_DIR) / JOURNAL


@contextlib.contextmanager
def nobody_starts() -> Iterator[None]:
    """Processes that start during the block end at once. Raises BackupError if another restore is
    running."""
    folder = Path(settings.DATA_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(number)
        yield
    finally:
        os.close(number)


def _take(number: int) -> None:
    """Waits for processes that are just starting, not for another restore."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise BackupError(_("다른 복원이 이미 돌고 있습니다.")) from None
            time.sleep(0.05)


def finish_interrupted() -> None:
    """For every process that starts: completes the restore of a killed one. Ends the process while a
    restore is running."""
    try:
        number = os.open(Path(settings.DATA_DIR) / LOCK, os.O_RDWR)
    except OSError:
        return  # nothing was ever restored here
    try:
        fcntl.flock(number, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if _journal().exists():
            fcntl.flock(number, fcntl.LOCK_EX)
            _finish_quietly()
    except BlockingIOError:
        words = _("백업을 복원하고 있습니다. 끝난 뒤에 다시 시작해 주세요.")
        raise SystemExit(words) from None
    except BackupError as error:
        raise SystemExit(str(error)) from None
    finally:
        os.close(number)


def _finish_quietly() -> None:
    """Django warns of queries before all apps are ready; ours uses no model."""
    if _journal().exists():  # else another process was faster
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            finish()


def begin(switch: Switch) -> None:
    """Writes the journal; from now on finish() must be called."""
    path = _journal()
    part = path.with_suffix(".part")
    with open(part, "w", encoding="utf-8") as file:
        json.dump(asdict(switch), file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync(path.parent)


def _read() -> Switch:
    """Raises BackupError for a journal that begin() has not written."""
    try:
        found = Switch(**json.loads(_journal().read_text("utf-8")))
        pairs = [path for pair in [*found.aside, *found.into] for path in pair]
        if not all(isinstance(path, str) for path in [*pairs, *found.scratch, found.schema]):
            raise TypeError
    except (OSError, ValueError, TypeError, RecursionError) as error:
        words = _("중단된 복원의 기록이 손상되었습니다: %s. 지우고 백업을 다시 복원해 주세요.")
        raise BackupError(words % _journal()) from error
    return found


def finish() -> bool:
    """Does what the journal says, however much of it is done already, and removes it. Returns False
    if the old site stays. Raises BackupError."""
    switch = _read()
    is_valid = not switch.schema or has_schema(switch.schema)
    try:
        if is_valid:
            _rename_all(switch)
    except OSError as error:
        raise BackupError(
            _("복원을 마치지 못했습니다(%s). 원인을 없앤 뒤 사이트를 시작하면 이어서 합니다.")
            % error
        ) from error
    _journal().unlink()
    sync(_journal().parent)
    for path in switch.scratch:
        shutil.rmtree(path, ignore_errors=True)
    return is_valid


def _rename_all(switch: Switch) -> None:
    """A name that is there was either renamed by an earlier run, or is what replaced it: so the
    target tells whether the old one has moved, and the source whether the new one has."""
    folders = set()
    for source, target in switch.aside:
        if os.path.lexists(source) and not os.path.lexists(target):
            _rename(source, target)
            folders |= {os.path.dirname(source), os.path.dirname(target)}
    for source, target in switch.into:
        if os.path.lexists(source):
            if os.path.lexists(target):
                raise FileExistsError(target)
            _rename(source, target)
            folders |= {os.path.dirname(source), os.path.dirname(target)}
    for folder in folders:
        sync(Path(folder))


def _rename(source: str, target: str) -> None:
    os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
    os.rename(source, target)
