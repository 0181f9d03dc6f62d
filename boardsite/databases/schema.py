"""Whether this code and the tables of the database belong to the same version of the site.

They do when the migrations of the installed apps are the recorded ones, neither more nor fewer
(docs/decisions/0090)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from django.apps import AppConfig, apps
from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

import boardsite

UPDATE = ".venv/bin/python manage.py update"
ROLLBACK = ".venv/bin/python manage.py rollback"
NOTED_SINCE = ("boardsite", "0010_note_the_version")
"""The migration that adds the version to the database."""

Migration = tuple[str, str]  # app, name

logger = logging.getLogger(__name__)
_logged: set[str] = set()


class WrongSchema(Exception):
    """The code and the tables are of different versions. Its text is a Korean sentence with both
    versions and the command that helps."""


@dataclass(frozen=True)
class Schema:
    """`waiting`: migrations that the database has not had yet. `unknown`: those that it has had and
    this code does not have. `version` of the site that made the tables, or "" if it is too old to
    say. `is_empty`: there are no tables."""

    waiting: list[Migration]
    unknown: list[Migration]
    version: str
    is_empty: bool = False

    def require_fit(self) -> None:
        """Raises WrongSchema."""
        if words := self.words():
            raise WrongSchema(words)

    def words(self) -> str:
        """A sentence about what does not fit, or ""."""
        numbers = {"code": boardsite.__version__, "database": self.version or _("옛 버전")}
        if self.unknown:
            words = _(
                "데이터베이스는 더 새로운 Boardsite(%(database)s)의 것이라 이 코드(%(code)s)로 열 수 없습니다"
                "(모르는 변경: %(changes)s). 코드를 다시 새 버전으로 바꾸거나, 데이터베이스를 되돌려 주세요: "
                "%(command)s"
            )
            return words % {**numbers, "changes": _listed(self.unknown), "command": ROLLBACK}
        if self.waiting:
            words = _(
                "데이터베이스는 이전 Boardsite(%(database)s)의 것이라 이 코드(%(code)s)로 열 수 없습니다"
                "(기다리는 변경: %(changes)s). 데이터베이스를 업데이트해 주세요: %(command)s"
            )
            return words % {**numbers, "changes": _listed(self.waiting), "command": UPDATE}
        return ""


def read_schema() -> Schema:
    """One query, where all fits. Compares the names of the migration files only: Django's loader would import each
    of them. Unknown are only migrations of the site's own apps: libraries may drop old ones."""
    applied = MigrationRecorder(connection).applied_migrations()
    there = set(migrations_on_disk(apps.get_app_configs()))
    own = {app.label for app in own_apps()}
    unknown = {(label, name) for label, name in applied if label in own} - there
    waiting = there - applied.keys()
    fits = not (waiting or unknown)
    version = boardsite.__version__ if fits else _version_noted(applied)
    return Schema(sorted(waiting), sorted(unknown), version, is_empty=not applied)


def is_mismatch(error: BaseException | None) -> bool:
    """Whether a query failed because the tables are those of another version. The log then says so
    in a sentence, once. Makes queries of its own only after an error that it could explain."""
    is_suspicious = isinstance(error, ProgrammingError | IntegrityError) or (
        isinstance(error, OperationalError)
        and connection.vendor == "sqlite"
        and any(mark in str(error) for mark in ("no such", "no column"))
    )
    if not is_suspicious:
        return False
    try:
        words = read_schema().words()
    except DatabaseError:
        return False
    if words and words not in _logged:
        _logged.add(words)
        logger.critical(words)
    return bool(words)


def own_apps() -> Iterator[AppConfig]:
    """The installed apps whose folders are in the site's own."""
    root = Path(boardsite.__file__).parent.parent
    return (app for app in apps.get_app_configs() if Path(app.path).parent == root)


def migrations_on_disk(configs) -> Iterator[Migration]:
    for app in configs:
        for file in _migrations_of(app.name):
            if file.stem[:1].isdigit():
                yield app.label, file.stem


def _migrations_of(package: str) -> Iterator[Path]:
    spec = find_spec(f"{package}.migrations")
    for folder in (spec and spec.submodule_search_locations) or ():
        yield from Path(folder).glob("*.py")


def _version_noted(applied) -> str:
    if NOTED_SINCE not in applied:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM boardsite_siteidentity WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else ""


def _listed(migrations: list[Migration]) -> str:
    """The last one, and how many others."""
    last = ".".join(migrations[-1])
    others = len(migrations) - 1
    return _("%(last)s 외 %(count)s개") % {"last": last, "count": f"{others:,}"} if others else last
