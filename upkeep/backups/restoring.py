"""Restores a site from a backup. What was there before is moved aside and never deleted."""

import contextlib
import os
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection, connections
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from boardsite import __version__
from boardsite.caching import file_cache
from boardsite.databases.schema import migrations_on_disk
from boardsite.site_identity import accept
from upkeep.backups.alone import check_nobody_is_here
from upkeep.backups.contents import env_file, value_in, with_value
from upkeep.backups.databases import REPLACED
from upkeep.backups.loading import replace_schema
from upkeep.backups.making import check_space
from upkeep.backups.manifest import (
    ENV,
    MEDIA,
    SKINS,
    BackupError,
    Manifest,
    StoredFile,
    find_damage,
    read_manifest,
    sync,
    sync_folders,
)
from upkeep.backups.switching import Switch, begin, finish, nobody_starts

BESIDE = ("-wal", "-shm", "-journal", "-queue")
"""Files beside a SQLite database that belong to it."""
NOT_RESTORED = (
    *(f"cache.sqlite3{ending}" for ending in ("", *BESIDE)),
    *("reading", "site.json"),
)
"""What DATA_DIR holds about the old database, and a new one would take for its own."""
STAGED, ASIDE = "restoring-", "replaced-"
OWN = f"{STAGED}[0-9]*-[0-9]*"
"""Folders of killed restores, as opposed to an owner's "restoring-photos"."""


def _now() -> str:
    return timezone.localtime().strftime("%Y%m%d-%H%M%S")


@dataclass
class Restore:
    """`backup` is the folder of the backup; its files may be moved if `is_copy`."""

    backup: Path
    is_copy: bool = False
    id: str = field(default_factory=_now)

    def __post_init__(self) -> None:
        self.manifest: Manifest = read_manifest(self.backup)
        self.data = Path(settings.DATA_DIR)
        moment, number = self.id, 2
        while any(_beside(path, f"{ASIDE}{self.id}").exists() for path in self._targets()):
            self.id, number = f"{moment}-{number}", number + 1  # the second one of this second

    @property
    def database(self) -> Path | None:
        """The file of the site's database, if it is one."""
        is_file = connection.vendor == "sqlite"
        return Path(connection.settings_dict["NAME"]).absolute() if is_file else None

    # -- Before ------------------------------------------------------------------------------------
    def check(self) -> None:
        """Raises BackupError if this backup cannot be restored here. Changes nothing."""
        if self.manifest.vendor != connection.vendor:
            words = _(
                "%(backup)s의 백업이라 %(here)s에 복원할 수 없습니다. 먼저 DATABASE_URL을 맞추어 주세요."
            )
            raise BackupError(words % {"backup": self.manifest.vendor, "here": connection.vendor})
        if _is_newer(self.manifest):
            words = _(
                "이 백업은 더 새로운 버전(%(backup)s)의 것입니다. 지금 버전은 %(here)s입니다. "
                "먼저 Boardsite를 업데이트해 주세요."
            )
            raise BackupError(words % {"backup": self.manifest.version, "here": __version__})
        self._refuse_damage({ENV: self.manifest.files[ENV]})  # describe() reads it
        for path in self._targets():
            if path.is_mount():
                words = _("따로 마운트한 폴더는 옮겨 둘 수 없습니다: %s")
                raise BackupError(words % path)
        check_nobody_is_here()

    def describe(self) -> list[str]:
        """Sentences about what will happen."""
        made_at = date_format(timezone.localtime(self.manifest.made_at), "Y-m-d H:i")
        numbers = {
            "name": self.manifest.name,
            "made_at": made_at,
            "version": self.manifest.version,
            "rows": f"{self.manifest.row_count:,}",
            "files": f"{len(list(self.manifest.names_in(MEDIA))):,}",
        }
        lines = [
            _("백업 %(name)s: %(made_at)s, 버전 %(version)s, %(rows)s행, 파일 %(files)s개")
            % numbers,
            _("데이터베이스: %s") % _shown_database(),
            _("파일: %s") % (settings.S3_BUCKET or settings.MEDIA_ROOT),
        ]
        if there := [str(path) for path in self._targets() if path.exists()]:
            lines.append(_("지금 있는 것은 지우지 않고 옮겨 둡니다: %s") % ", ".join(there))
            lines.append(_("옮겨 두는 곳: %s") % (self.data / f"{ASIDE}{self.id}"))
        if connection.vendor == "postgresql":
            lines.append(_("지금 있는 표는 스키마 %s에 남습니다.") % self._schema)
        if self._new_env() is not None:
            lines.append(_(".env의 SECRET_KEY를 백업의 것으로 바꿉니다. 다른 줄은 그대로입니다."))
        elif self._stored_key() not in (None, settings.SECRET_KEY):
            lines.append(
                _(
                    "SECRET_KEY가 백업과 다릅니다. 환경 변수의 SECRET_KEY를 백업의 env 파일에 있는 것으로 바꾸지 "
                    "않으면 모두 다시 로그인해야 하고 암호화한 값을 읽을 수 없습니다."
                )
            )
        return lines

    @property
    def _schema(self) -> str:
        return f"{REPLACED}{self.id.replace('-', '_')}"

    def _targets(self) -> list[Path]:
        """What the backup brings, where it belongs."""
        found = [self.data / SKINS]
        if isinstance(default_storage, FileSystemStorage):
            found.append(Path(settings.MEDIA_ROOT).absolute())
        if self.database:
            found.append(self.database)
        return found

    # -- The restore -------------------------------------------------------------------------------
    def run(self) -> None:
        """Verifies the checksums, prepares everything and switches. Raises BackupError; the old
        site is then as it was, or the next start completes the restore."""
        self._refuse_damage(self.manifest.files)
        connections.close_all()
        with nobody_starts():
            self._remove_leftovers()
            try:
                switch = self._prepare()
                check_nobody_is_here()
            except OSError as error:
                self._remove_leftovers()
                raise BackupError(_("복원하지 못했습니다: %s") % error) from error
            begin(switch)
            try:
                if switch.schema:
                    replace_schema(self.backup / self.manifest.database, switch.schema)
            except BackupError:
                if not finish():
                    raise
            else:
                finish()

    def _refuse_damage(self, files: dict[str, StoredFile]) -> None:
        if damage := list(find_damage(self.backup, replace(self.manifest, files=files))):
            raise BackupError(_("백업이 손상되어 복원하지 않았습니다: %s") % "; ".join(damage[:5]))

    def _prepare(self) -> Switch:
        aside: list[tuple[str, str]] = []
        into: list[tuple[str, str]] = []
        if not self.is_copy:
            check_space(self.data, self.manifest.size)
        for target in self._targets():
            if target.exists() or target == self.database or self._names_for(target):
                self._plan(target, aside, into)
        old = [Path(f"{self.database}{ending}") for ending in BESIDE] if self.database else []
        for path in [*old, *(self.data / name for name in NOT_RESTORED)]:
            if path.exists():
                aside.append((str(path), str(_beside(path, f"{ASIDE}{self.id}"))))
        if (text := self._new_env()) is not None:
            self._stage_env(text, aside, into)
        if not isinstance(default_storage, FileSystemStorage):
            self._upload()
        for folder in self._staged_folders():
            sync_folders(folder)
        scratch = [str(path) for path in self._staged_folders()]
        schema = self._schema if connection.vendor == "postgresql" else ""
        return Switch(aside, into, scratch, schema)

    def _plan(self, target: Path, aside: list, into: list) -> None:
        staged = _beside(target, f"{STAGED}{self.id}")
        if target == self.database:
            self._put(self.manifest.database, staged)
        else:
            folder = self._folder_for(target)
            staged.mkdir(mode=0o700, parents=True)
            for name in self._names_for(target):
                self._put(f"{folder}/{name}", staged / name)
            if folder == MEDIA:
                _open_to_web_server(staged)
        if target.exists():
            aside.append((str(target), str(_beside(target, f"{ASIDE}{self.id}"))))
        into.append((str(staged), str(target)))

    def _folder_for(self, target: Path) -> str:
        return SKINS if target == self.data / SKINS else MEDIA

    def _names_for(self, target: Path) -> list[str]:
        return list(self.manifest.names_in(self._folder_for(target)))

    def _put(self, path: str, target: Path) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source, stored = self.backup / path, self.manifest.files[path]
        if self.is_copy:
            with contextlib.suppress(OSError):  # on another disk
                source.rename(target)
        if not target.exists():
            shutil.copyfile(source, target)
        os.utime(target, ns=(stored.mtime_ns, stored.mtime_ns))  # the next backup sees it unchanged
        sync(target)

    def _new_env(self) -> str | None:
        """The text of `.env` with the backup's SECRET_KEY, or None if it can stay as it is."""
        path = env_file()
        text = path.read_text("utf-8") if path.exists() else ""
        key = self._stored_key()
        if not key or key == settings.SECRET_KEY or value_in(text, "SECRET_KEY") is None:
            return None
        return with_value(text, "SECRET_KEY", key)

    def _stored_key(self) -> str | None:
        return value_in((self.backup / ENV).read_text("utf-8", "replace"), "SECRET_KEY")

    def _stage_env(self, text: str, aside: list, into: list) -> None:
        path = env_file()
        staged = path.with_name(f".env.{STAGED}{self.id}")
        staged.write_text(text, "utf-8")
        staged.chmod(0o600)
        sync(staged)
        aside.append((str(path), str(path.with_name(f".env.{ASIDE}{self.id}"))))
        into.append((str(staged), str(path)))

    def _upload(self) -> None:
        """Files that the bucket lacks. It loses none: a file there never changes."""
        bucket = default_storage.bucket  # type: ignore[attr-defined]
        there = {stored.key: stored.size for stored in bucket.objects.all()}
        for name in self.manifest.names_in(MEDIA):
            path = f"{MEDIA}/{name}"
            if there.get(name) != self.manifest.files[path].size:
                bucket.upload_file(str(self.backup / path), name)

    def _staged_folders(self) -> set[Path]:
        return {target.parent / f"{STAGED}{self.id}" for target in self._targets()}

    def _remove_leftovers(self) -> None:
        """What a killed restore had prepared."""
        for folder in {target.parent for target in self._targets()}:
            for path in folder.glob(OWN):
                shutil.rmtree(path, ignore_errors=True)
        for path in env_file().parent.glob(f".env.{OWN}"):
            path.unlink(missing_ok=True)


def _beside(path: Path, folder: str) -> Path:
    """On the same disk, where a rename suffices."""
    return path.parent / folder / path.name


def _open_to_web_server(media: Path) -> None:
    """The modes of uploaded files (FILE_UPLOAD_PERMISSIONS)."""
    for folder, _folders, files in os.walk(media):
        os.chmod(folder, settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
        for name in files:
            os.chmod(os.path.join(folder, name), settings.FILE_UPLOAD_PERMISSIONS)


def _is_newer(manifest: Manifest) -> bool:
    """Whether the backup is of a newer version: by its number, or by migrations that this code does
    not have."""
    theirs, ours = _numbers(manifest.version), _numbers(__version__)
    known = {".".join(key) for key in migrations_on_disk(apps.get_app_configs())}
    labels = {config.label for config in apps.get_app_configs()}
    has_unknown = any(
        each.partition(".")[0] in labels and each not in known for each in manifest.migrations
    )
    return theirs > ours or (theirs == ours and has_unknown)


def _numbers(version: str) -> list[int]:
    return [int(part) if part.isdecimal() else 0 for part in version.split(".")]


def _shown_database() -> str:
    about = connection.settings_dict
    place = f"{about['HOST'] or ''}{':' if about['PORT'] else ''}{about['PORT'] or ''}"
    return str(about["NAME"]) if connection.vendor == "sqlite" else f"{place}/{about['NAME']}"


def settle(tell) -> None:
    """After the switch: the restored database is this site's own (0085), and nothing that was cached
    about the former one may be shown."""
    connections.close_all()
    with contextlib.suppress(DatabaseError):  # older than these tables: the next start does it
        accept()
    try:
        file_cache.prepare()
        cache.clear()
    except Exception as error:  # a cache may be anything
        tell(_("캐시를 비우지 못했습니다: %s") % error)
    connections.close_all()
