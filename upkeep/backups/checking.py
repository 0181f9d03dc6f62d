"""Checks a backup: its checksums, and then whether a site can be restored from it.

The trial restores database and files into a scratch folder and a scratch database, and examines them
in a process of its own (trial_site.py)."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from upkeep.backups.contents import value_in
from upkeep.backups.loading import require_scratch_databases, scratch_database, scratch_name
from upkeep.backups.making import SCRATCH, check_space
from upkeep.backups.manifest import (
    ENV,
    MEDIA,
    SKINS,
    BackupError,
    Manifest,
    find_damage,
    read_manifest,
)
from upkeep.backups.programs import run
from upkeep.backups.trial_site import MARK


def check_backup(folder: Path, scratch: Path) -> list[str]:
    """What is wrong with the backup in `folder`; nothing is if the list is empty. The trial is made
    below `scratch`, which should be on the same disk. Raises BackupError if it cannot be made."""
    try:
        manifest = read_manifest(folder)
    except BackupError as error:
        return [str(error)]
    if manifest.vendor == "postgresql":
        require_scratch_databases()  # before hours of reading
    if damage := list(find_damage(folder, manifest)):
        return damage
    with _restored(folder, manifest, scratch) as environment:
        done = run(
            [sys.executable, "-m", "upkeep.backups.trial_site", str(folder.absolute())],
            cwd=settings.BASE_DIR,
            env=environment,
        )
    if done.returncode:
        words = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        return [_("복원한 사이트를 시험하지 못했습니다: %s") % words[:500]]
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _restored(folder: Path, manifest: Manifest, scratch: Path) -> Iterator[dict[str, str]]:
    """The environment of a site restored from `folder`, which is gone after the block."""
    try:
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=scratch) as place:
            data = Path(place)
            (data / MARK).touch()
            for path in manifest.files:
                if path.startswith((f"{MEDIA}/", f"{SKINS}/")):
                    _link(folder / path, data / path)
            text = (folder / ENV).read_text("utf-8", "replace")
            environment = trial_environment(data, value_in(text, "SECRET_KEY"))
            if manifest.vendor == "sqlite":
                file = data / "db.sqlite3"
                check_space(data, manifest.files[manifest.database].size)
                shutil.copyfile(folder / manifest.database, file)
                yield {**environment, "DATABASE_URL": f"sqlite:///{file}"}
            else:
                with scratch_database(folder / manifest.database, scratch_name(data)) as database:
                    yield {**environment, "DATABASE_URL": address_of(database)}
    except OSError as error:
        raise BackupError(_("시험 삼아 복원하지 못했습니다: %s") % error) from error


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copyfile(source, target)


def trial_environment(data: Path, secret_key: str | None) -> dict[str, str]:
    """The settings of this site, except for what reaches outside or does not matter here."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "boardsite.settings",
        "PYTHONUTF8": "1",
        "DATA_DIR": str(data),
        "SECRET_KEY": secret_key or settings.SECRET_KEY,
        "CACHE_URL": "locmemcache://",
        "DATABASE_REPLICA_URL": "",
        "S3_BUCKET": "",
        "SITE_ID": "",
        "EMAIL_URL": "",
        "ALLOWED_HOSTS": "localhost",
        "VIEWS_WRITE_SECONDS": "0",
        "VISITS_WRITE_SECONDS": "0",
        "VISITS_ROBOT_CHECK": "",
        "ROBOT_PAGES": "0",
        "LOG_LEVEL": "ERROR",
    }


def address_of(database: dict) -> str:
    """The DATABASE_URL of an item of settings.DATABASES, of PostgreSQL."""
    host = quote(database["HOST"] or "", safe="")
    who = quote(database["USER"] or "", safe="")
    if database["PASSWORD"]:
        who += f":{quote(database['PASSWORD'], safe='')}"
    port = f":{database['PORT']}" if database["PORT"] else ""
    at = "@" if who else ""
    if (database["HOST"] or "").startswith(
        "/"
    ):  # a socket, which django-environ reads from the path
        return f"postgres://{who}{at}/{database['HOST']}/{database['NAME']}"
    return f"postgres://{who}{at}{host}{port}/{database['NAME']}"
