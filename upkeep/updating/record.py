"""DATA_DIR/update.json: what the latest update has started from, for its rollback."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from upkeep.backups.manifest import sync

NAME = "update.json"


@dataclass(frozen=True)
class Update:
    """`migrations` ("app.name") and `version` are those from before it, `commit` that of the code
    then, or "". `backup` is the name of the backup, or "". `is_done`: the tables are those of the
    newer version; otherwise an update or a rollback was interrupted."""

    version: str
    migrations: list[str]
    backup: str
    commit: str = ""
    is_done: bool = False


def read_update() -> Update | None:
    """None where there is nothing to roll back to, or the file is unreadable."""
    try:
        return Update(**json.loads(_path().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_update(update: Update) -> None:
    part = _path().with_suffix(".part")
    with open(part, "w", encoding="utf-8") as file:
        json.dump(asdict(update), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.replace(_path())
    sync(_path().parent)


def forget_update() -> None:
    _path().unlink(missing_ok=True)


def _path() -> Path:
    return Path(settings.DATA_DIR) / NAME
