"""manifest.json of a backup: what is in it, by which it is checked and described.

It holds checksums of every file and of itself, so that damage is found wherever it is."""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

MANIFEST = "manifest.json"
ENV = "env"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
"""The name of the file with the database, by the vendor of the database."""
MEDIA, SKINS = "media", "skins"
FORMAT = 1
LONGEST = 512 * 2**20
"""Bytes of a manifest, which is read as a whole: it names more than two million files."""
VERSION = re.compile(r"[\w.+-]{1,50}")


class BackupError(Exception):
    """Why something was not done, as a sentence for the operator."""


@dataclass(frozen=True)
class StoredFile:
    """`mtime_ns` is that of the original, by which the next backup sees that it is unchanged."""

    sha256: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Manifest:
    """`rows` by table, `files` by their path in the backup, `migrations` as "app.name"."""

    name: str
    made_at: datetime
    version: str
    vendor: str
    migrations: list[str]
    rows: dict[str, int]
    files: dict[str, StoredFile]

    @property
    def row_count(self) -> int:
        return sum(self.rows.values())

    @property
    def size(self) -> int:
        """In bytes; files that are shared with other backups count in full."""
        return sum(file.size for file in self.files.values())

    @property
    def database(self) -> str:
        return DATABASES[self.vendor]

    def names_in(self, folder: str) -> Iterator[str]:
        """The paths of MEDIA or SKINS, below it."""
        start = f"{folder}/"
        return (path.removeprefix(start) for path in self.files if path.startswith(start))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    about = {**asdict(manifest), "made_at": manifest.made_at.isoformat()}
    whole = {"format": FORMAT, "sha256": _digest(about), "backup": about}
    path = folder / MANIFEST
    path.write_text(json.dumps(whole, indent=1), "utf-8")
    if path.stat().st_size > LONGEST:
        raise BackupError(_("파일이 너무 많아 백업의 목록을 다시 읽을 수 없습니다."))
    path.chmod(0o600)


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupError if there is none, or if it is damaged or of a newer format."""
    try:
        whole = json.loads(_read(folder / MANIFEST))
        if whole["format"] > FORMAT:
            raise BackupError(
                _("더 새로운 Boardsite가 만든 백업입니다. 먼저 Boardsite를 업데이트해 주세요.")
            )
        about = whole["backup"]
        if whole["sha256"] != _digest(about):
            raise ValueError("sha256")
        files = {path: StoredFile(**file) for path, file in about["files"].items()}
        made_at = datetime.fromisoformat(about["made_at"])
        manifest = Manifest(**{**about, "files": files, "made_at": made_at})
        if not _is_possible(manifest):
            raise ValueError("contents")
        return manifest
    except (FileNotFoundError, NotADirectoryError):
        raise BackupError(_("백업이 아닙니다: %s") % folder) from None
    except OSError as error:
        raise BackupError(_("백업을 읽을 수 없습니다: %s") % error) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupError(_("백업의 목록(%s)이 손상되었습니다.") % MANIFEST) from error


def _read(path: Path) -> bytes:
    """Raises ValueError for anything but a file of a bearable length."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode) or about.st_size > LONGEST:
        raise ValueError(path)
    return path.read_bytes()


def _is_possible(manifest: Manifest) -> bool:
    """Whether the values are of the kinds that write_manifest writes. Its checksum says nothing of
    that: the author of an archive can compute it."""
    files = manifest.files
    return (
        bool(VERSION.fullmatch(manifest.version) and VERSION.fullmatch(manifest.name))
        and manifest.made_at.tzinfo is not None
        and all(isinstance(each, str) for each in manifest.migrations)
        and all(type(count) is int and count >= 0 for count in manifest.rows.values())
        and {manifest.database, ENV} <= files.keys()
        and all(is_inside(path) and _is_file(stored) for path, stored in files.items())
    )


def _is_file(stored: StoredFile) -> bool:
    numbers = (stored.size, stored.mtime_ns)
    is_number = all(type(each) is int and abs(each) < 2**63 for each in numbers)
    return isinstance(stored.sha256, str) and is_number and stored.size >= 0


def find_damage(folder: Path, manifest: Manifest) -> Iterator[str]:
    """A sentence for each file that is missing or has other content. Reads everything."""
    for path, stored in manifest.files.items():
        name = printable(path)
        try:
            about = (folder / path).lstat()
            if not stat.S_ISREG(about.st_mode):  # reading a pipe or a device would never end
                yield _("파일이 아닙니다: %s") % name
            elif about.st_size != stored.size:
                yield _("크기가 다릅니다: %s") % name
            elif hash_file(folder / path) != stored.sha256:
                yield _("내용이 손상되었습니다: %s") % name
        except FileNotFoundError:
            yield _("파일이 없습니다: %s") % name
        except OSError as error:
            words = _("읽을 수 없습니다: %(path)s (%(error)s)")
            yield words % {"path": name, "error": error.strerror}


def printable(path: str) -> str:
    """For a sentence in one line, which is stored and printed as UTF-8: names of files may contain
    line breaks, and bytes that are no UTF-8."""
    escaped = (each if each.isprintable() else ascii(each)[1:-1] for each in path)
    return "".join(escaped)


def hash_file(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(about: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def is_inside(path: str) -> bool:
    """Whether `path` stays in the folder of the backup, and so does the rest of it without its first
    folder: "media//etc" would not."""
    pure = PurePosixPath(path)
    is_plain = bool(pure.parts) and str(pure) == path and "\0" not in path
    return is_plain and not pure.is_absolute() and ".." not in pure.parts


def sync(path: Path) -> None:
    """Makes the content of a file durable, or the names in a folder."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sync_folders(folder: Path) -> None:
    """Makes the names in `folder` and in all folders below it durable."""
    for path, _folders, _files in os.walk(folder):
        sync(Path(path))
