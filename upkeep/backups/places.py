"""Where copies of backups go as archives: another folder, S3-compatible storage, or an rsync target."""

import re
import tempfile
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from upkeep.backups.archives import backup_of, packing, write_archive
from upkeep.backups.manifest import BackupError, Manifest
from upkeep.backups.programs import run

RSYNC = re.compile(r"rsync://.+|[\w.@\[\]-]+::?.+")
"""rsync://host/module/path, user@host:path or host::module/path."""
TIMEOUT = 600
"""Seconds without a byte from the other side, after which rsync gives up: the backups of the next
nights would wait for it."""
LISTED = re.compile(r"-[rwx-]{9}\S* +[\d,.]+ \S+ \S+ (.+)")
"""A file in the output of `rsync --list-only`."""


class Place(Protocol):
    def names(self) -> list[str]:
        """The archives that are there."""

    def send(self, folder: Path, manifest: Manifest, archive: str, key: str) -> None:
        """Stores the backup in `folder` as `archive`, which appears when it is complete."""

    def fetch(self, archive: str, target: Path) -> None: ...

    def remove(self, archive: str) -> None: ...


def find_place(address: str) -> Place:
    """The place at an address like BACKUP_TO. Raises BackupError if it is none."""
    if address.startswith("s3://"):
        return Bucket(address)
    is_known = "://" not in address or address.startswith("rsync://")
    if not is_known or address.startswith("-"):
        raise BackupError(_("백업을 보낼 곳을 알 수 없습니다: %s") % address)
    if RSYNC.fullmatch(address):
        return RsyncTarget(address)
    return Folder(Path(address))


class Folder:
    def __init__(self, path: Path):
        self.path = path

    def names(self) -> list[str]:
        if not self.path.is_dir():
            return []
        return sorted(each.name for each in self.path.iterdir() if backup_of(each.name))

    def send(self, folder: Path, manifest: Manifest, archive: str, key: str) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_archive(folder, manifest, key, self.path / archive)

    def fetch(self, archive: str, target: Path) -> None:
        target.symlink_to((self.path / archive).absolute())

    def remove(self, archive: str) -> None:
        (self.path / archive).unlink(missing_ok=True)


class Bucket:
    """s3://bucket/prefix, with the same keys and endpoint as the uploaded files. An object appears
    when its upload is complete."""

    def __init__(self, address: str):
        try:
            from boardsite.s3 import S3Files
        except ImportError:
            words = _("S3에는 requirements-s3.txt의 패키지가 필요합니다.")
            raise BackupError(words) from None
        url = urlsplit(address)
        self.bucket = S3Files(bucket_name=url.netloc, **settings.S3_OPTIONS).bucket
        self.prefix = f"{url.path.strip('/')}/".lstrip("/")

    def names(self) -> list[str]:
        found = self.bucket.objects.filter(Prefix=self.prefix)
        names = (each.key.removeprefix(self.prefix) for each in found)
        return sorted(name for name in names if "/" not in name and backup_of(name))

    def send(self, folder: Path, manifest: Manifest, archive: str, key: str) -> None:
        with packing(folder, manifest, key) as stream:
            self.bucket.upload_fileobj(stream, self.prefix + archive)

    def fetch(self, archive: str, target: Path) -> None:
        self.bucket.download_file(self.prefix + archive, str(target))

    def remove(self, archive: str) -> None:
        self.bucket.Object(self.prefix + archive).delete()


class RsyncTarget:
    """rsync itself writes under another name first. It cannot read a pipe, so the archive is made
    in BACKUP_DIR before."""

    def __init__(self, address: str):
        self.address = f"{address.rstrip('/')}/"

    def names(self) -> list[str]:
        lines = self._run("--list-only", self.address).splitlines()
        found = (match[1] for line in lines if (match := LISTED.fullmatch(line)))
        return sorted(name for name in found if backup_of(name))

    def send(self, folder: Path, manifest: Manifest, archive: str, key: str) -> None:
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=settings.BACKUP_DIR) as part:
            write_archive(folder, manifest, key, Path(part) / archive)
            self._run("--chmod=F600", f"{part}/{archive}", self.address)

    def fetch(self, archive: str, target: Path) -> None:
        self._run(self.address + archive, str(target))

    def remove(self, archive: str) -> None:
        """Makes the target like an empty folder, as far as this file is concerned."""
        with tempfile.TemporaryDirectory(prefix="boardsite-") as empty:
            rule = [f"--include=/{archive}", "--exclude=*"]
            self._run("--recursive", "--delete", *rule, f"{empty}/", self.address)

    def _run(self, *arguments: str) -> str:
        try:
            done = run(["rsync", f"--timeout={TIMEOUT}", *arguments])
        except FileNotFoundError:
            raise BackupError(_("rsync 프로그램이 없습니다. 설치해 주세요.")) from None
        if done.returncode:
            words = " ".join(done.stderr.strip().splitlines()[-2:])[:500]
            raise BackupError(_("rsync가 실패했습니다: %s") % words)
        return done.stdout
