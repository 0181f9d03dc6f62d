"""The way back from an update: migrations backward where they allow it, otherwise its backup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.migrations import AddField, CreateModel, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import Model
from django.utils.translation import gettext as _

from boardsite.databases.schema import read_schema
from boardsite.databases.sqlite3.files import begin_process
from upkeep.backups.databases import rows_here
from upkeep.backups.making import backup_folder
from upkeep.backups.manifest import BackupError, read_manifest
from upkeep.backups.nightly import back_up_unnoted
from upkeep.backups.restoring import Restore, settle
from upkeep.updating.migrating import migrate_to
from upkeep.updating.record import Update, forget_update, read_update, write_update
from upkeep.updating.update import Tell, UpdateError, applied_migrations, only_one_update


@dataclass
class Rollback:
    """`added` are the migrations since `update`. Raises UpdateError if there is none, or no way back
    from it."""

    update: Update
    added: list[tuple[str, str]]

    @classmethod
    def find(cls) -> "Rollback":
        update = read_update()
        if update is None:
            raise UpdateError(_("되돌릴 업데이트가 없습니다."))
        own = {app.label for app in apps.get_app_configs()}
        since = sorted({*applied_migrations()} - {*update.migrations})
        added = [(label, name) for label, _dot, name in (each.partition(".") for each in since)]
        found = cls(update, [each for each in added if each[0] in own])
        if not found.is_reversible and not (update.backup and found.backup.is_dir()):
            raise UpdateError(
                _("거꾸로 할 수 없는 변경이 있고 업데이트하기 전의 백업이 없어 되돌릴 수 없습니다.")
            )
        return found

    @property
    def backup(self) -> Path:
        return backup_folder() / self.update.backup

    @property
    def is_reversible(self) -> bool:
        """Whether the code at hand knows how to take back all of them."""
        known = MigrationLoader(None).disk_migrations
        return all(
            each in known and all(operation.reversible for operation in known[each].operations)
            for each in self.added
        )

    @property
    def target(self) -> str:
        """The version and, where it is known, the commit of the code from before."""
        words = self.update.version or _("옛 버전")
        return f"{words} ({self.update.commit[:12]})" if self.update.commit else words

    def describe(self) -> Iterator[str]:
        """Sentences about what will happen and what will be lost."""
        yield _("업데이트하기 전의 버전: %s") % self.target
        if self.is_reversible:
            yield _("변경 %s개를 거꾸로 합니다. 그 밖의 글과 회원은 모두 남습니다.") % len(
                self.added
            )
            yield from self._losses_of_reversing()
        else:
            yield _("거꾸로 할 수 없는 변경이 있어 업데이트하기 전의 백업을 복원합니다: %s") % (
                self.update.backup
            )
            yield from self._losses_of_restoring()

    def run(self, tell: Tell, *, has_backup: bool = True) -> None:
        """Raises UpdateError. One that was interrupted can be repeated."""
        with only_one_update():
            try:
                if self.is_reversible:
                    self._reverse(tell, has_backup=has_backup)
                else:
                    self._restore(tell)
            except (BackupError, DatabaseError) as error:
                raise UpdateError(_("되돌리지 못했습니다: %s") % error) from error
            forget_update()

    # -- Migrations backward -----------------------------------------------------------------------
    def _losses_of_reversing(self) -> Iterator[str]:
        """What the added migrations have brought, with the number of rows."""
        loader = MigrationLoader(connection)
        for label, name in self.added:
            models = loader.project_state((label, name)).apps
            for operation in _flat(loader.disk_migrations[label, name].operations):
                if isinstance(operation, CreateModel):
                    model = models.get_model(label, operation.name)
                    if rows := _count(model):
                        words = _("사라지는 표: %(table)s (%(rows)s행)")
                        yield words % {"table": model._meta.db_table, "rows": f"{rows:,}"}
                elif isinstance(operation, AddField):
                    model = models.get_model(label, operation.model_name)
                    if rows := _count(model):
                        words = _("사라지는 열: %(table)s.%(column)s (%(rows)s행)")
                        column = operation.name
                        numbers = {"table": model._meta.db_table, "column": column}
                        yield words % {**numbers, "rows": f"{rows:,}"}

    def _reverse(self, tell: Tell, *, has_backup: bool) -> None:
        if has_backup and self.added:
            tell(_("백업: %s") % back_up_unnoted().name)
        write_update(replace(self.update, is_done=False))
        for label in sorted({label for label, _name in self.added}):
            earlier = [each for each in self.update.migrations if each.startswith(f"{label}.")]
            target = earlier[-1].partition(".")[2] if earlier else "zero"
            for name, seconds in migrate_to(label, target):
                tell(_("%(name)s: %(seconds)s초") % {"name": name, "seconds": f"{seconds:,.1f}"})

    # -- The backup --------------------------------------------------------------------------------
    def _losses_of_restoring(self) -> Iterator[str]:
        """What is here and not in the backup. Rows that were changed since are not counted."""
        manifest = read_manifest(self.backup)
        here = rows_here()
        yield _("백업한 뒤에 쓰고 고친 것은 모두 사라집니다:")
        for table in sorted(here.keys() | manifest.rows.keys()):
            rows = here.get(table, 0) - manifest.rows.get(table, 0)
            if rows:
                yield f"  {table}: {rows:+,}"

    def _restore(self, tell: Tell) -> None:
        restore = Restore(self.backup)
        restore.check()
        for line in restore.describe():
            tell(line)
        restore.run()
        begin_process()  # this process has read from the former file, which is no fault
        settle(tell)


def _flat(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _count(model: type[Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(model._meta.db_table)}")
        return cursor.fetchone()[0]


def fits_after() -> bool:
    """Whether the code at hand is that of the tables, so that the site may start with it."""
    return not read_schema().words()
