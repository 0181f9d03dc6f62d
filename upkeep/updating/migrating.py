"""Django's `migrate`, which also measures each migration."""

import time
from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate

STARTS, ENDS = ("apply_start", "unapply_start"), ("apply_success", "unapply_success")


class _TimedMigrate(migrate.Command):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.times: list[tuple[str, float]] = []
        self.latest = ""
        self._began = 0.0

    def migration_progress_callback(self, action, migration=None, fake=False):
        super().migration_progress_callback(action, migration, fake)
        if action in STARTS:
            self._began = time.monotonic()
            self.latest = f"{migration.app_label}.{migration.name}"
        elif action in ENDS:
            self.times.append((self.latest, time.monotonic() - self._began))


def migrate_to(*target: str) -> list[tuple[str, float]]:
    """Migrates forward or backward to `target`, an app and a name, or to the newest state. Returns
    the name of each migration and its seconds. An error notes the name of the last one."""
    command = _TimedMigrate()
    try:
        call_command(command, *target, verbosity=0, interactive=False)
    except Exception as error:
        error.add_note(command.latest)
        raise
    return command.times
