"""Updates a copy of the site's database with the code at hand, to see what would happen.

The copy is beside the backups and has the name of their trials, so that the next backup or rehearsal
removes what a killed one has left (upkeep.backups.making.only_one)."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from boardsite import __version__
from boardsite.databases.schema import read_schema
from upkeep.backups.checking import address_of, trial_environment
from upkeep.backups.contents import find_files
from upkeep.backups.databases import copying, database_size
from upkeep.backups.loading import require_scratch_databases, scratch_database, scratch_name
from upkeep.backups.making import (
    RESERVE,
    SCRATCH,
    backup_folder,
    check_space,
    find_backups,
    only_one,
)
from upkeep.backups.manifest import BackupError
from upkeep.backups.programs import run
from upkeep.backups.trial_site import MARK

MB = 2**20


@dataclass
class Rehearsal:
    """`times`: seconds by migration; `rows` of tables in which their number changes, before and after
    (None: there is no such table); `needed` and `free` bytes on the disk of the backups; `problems`:
    sentences, for which the update should not be made."""

    times: list[tuple[str, float]]
    rows: dict[str, tuple[int | None, int | None]]
    needed: int
    free: int
    problems: list[str]

    def describe(self) -> Iterator[str]:
        total = sum(seconds for _name, seconds in self.times)
        numbers = {"count": f"{len(self.times):,}", "seconds": f"{total:,.1f}"}
        yield _("변경 %(count)s개, 모두 %(seconds)s초") % numbers
        for name, seconds in self.times:
            yield f"  {name}: {seconds:,.1f}"
        for table, (before, after) in self.rows.items():
            yield f"  {table}: {_shown(before)} → {_shown(after)}"
        numbers = {"needed": f"{self.needed / MB:,.0f}", "free": f"{self.free / MB:,.0f}"}
        yield _("필요한 디스크: %(needed)s MB (남은 곳 %(free)s MB)") % numbers
        for problem in self.problems:
            yield _("문제: %s") % problem


def rehearse() -> Rehearsal:
    """Does not touch the site. Raises BackupError if it cannot be rehearsed, WrongSchema if the
    database is of a newer version."""
    schema = read_schema()
    if schema.unknown:
        schema.require_fit()
    folder = backup_folder()
    with only_one(folder):
        size = database_size()
        check_space(folder, 3 * size)  # a dump, the copy and what migrating adds
        with _copied(folder) as environment:
            done = run(
                [sys.executable, "-m", "upkeep.updating.trial"],
                cwd=settings.BASE_DIR,
                env=environment,
            )
        free = shutil.disk_usage(folder).free
    if done.returncode:
        words = " ".join(done.stderr.strip().splitlines()[-2:]) or str(done.returncode)
        return Rehearsal([], {}, 0, free, [words[:500]])
    found = json.loads(done.stdout.splitlines()[-1])
    before, largest = found["size"]
    needed = size + _new_files(folder) + (largest - before) + RESERVE
    problems = found["problems"]
    if needed > free:
        problems.append(_("디스크에 자리가 모자랍니다."))
    times = [(name, seconds) for name, seconds in found["times"]]
    rows = {table: (old, new) for table, (old, new) in found["rows"].items()}
    return Rehearsal(times, rows, needed, free, problems)


def versions() -> str:
    schema = read_schema()
    return f"{schema.version or _('옛 버전')} → {__version__}"


@contextmanager
def _copied(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a site with a copy of the database, which is gone after the block."""
    is_file = connection.vendor == "sqlite"
    if not is_file:
        require_scratch_databases()
    try:
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as place:
            data = Path(place)
            (data / MARK).touch()
            environment = trial_environment(data, None)
            copy = data / ("db.sqlite3" if is_file else "database.dump")
            with copying(copy):
                pass
            if is_file:
                yield {**environment, "DATABASE_URL": f"sqlite:///{copy}"}
            else:
                with scratch_database(copy, scratch_name(data)) as database:
                    copy.unlink()
                    yield {**environment, "DATABASE_URL": address_of(database)}
    except OSError as error:
        raise BackupError(_("연습하지 못했습니다: %s") % error) from error


def _new_files(folder: Path) -> int:
    """Bytes of files that the backup of the update would copy: those that are no hard links."""
    if find_backups(folder):
        newest = (folder / find_backups(folder)[-1]).stat().st_mtime_ns
        return sum(file.size for file in find_files() if file.mtime_ns > newest)
    return sum(file.size for file in find_files())


def _shown(rows: int | None) -> str:
    return "-" if rows is None else f"{rows:,}"
