"""The folder `data/` of the old site, as a folder or as a tar or zip archive."""

import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

KINDS = ("file", "editor", "cheditor4", "member", "member_image", "qa", "content", "faq")
LONGEST_NAME = 255  # bytes
LONGEST_FILE = 1 << 30  # bytes of one file in an archive
LEAST_FREE = 512 << 20  # bytes of the disk that an archive must leave free
COPIED = 1 << 20  # bytes at a time


class FilesError(OSError):
    """The archive cannot be read. The message is a Korean sentence for the owner."""


class OldFiles:
    """Finds files by their path in `data/`. Use as a context manager.

    What an archive holds besides gnuboard's own folders is not unpacked; links and devices never are."""

    def __init__(self, path: Path, scratch: Path):
        """`scratch` is a folder for an unpacked archive; it is deleted at the end. Raises OSError; its
        subclass FilesError for what is no archive, is broken, or does not fit on the disk."""
        self.scratch = scratch
        self.refused: list[str] = []  # names in the archive that are not unpacked
        self.folder = path
        if not path.is_dir():
            self.folder = scratch
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(mode=0o700, parents=True)
            try:
                self._unpack(path)
            except BaseException:
                shutil.rmtree(scratch, ignore_errors=True)
                raise
        else:
            self.folder = next(
                (each for each in (path, path / "data") if (each / "file").is_dir()), path
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        shutil.rmtree(self.scratch, ignore_errors=True)

    def find(self, *parts: str) -> Path | None:
        """The file at this path below `data/`; None if there is none, or the path leads out of it."""
        if any(part in ("", ".", "..") or "/" in part or "\0" in part for part in parts):
            return None
        path = self.folder.joinpath(*parts)
        try:
            if not path.is_file() or not path.resolve().is_relative_to(self.folder.resolve()):
                return None
        except (OSError, ValueError):  # too long; not of the file system's encoding
            return None
        return path

    def size(self) -> int:
        """Bytes of all files of gnuboard's own folders."""
        folders = (self.folder / kind for kind in KINDS)
        files = (path for folder in folders for path in folder.rglob("*"))
        return sum(path.lstat().st_size for path in files if path.is_file())

    # -- Archives ----------------------------------------------------------------------------------
    def _unpack(self, path: Path) -> None:
        try:
            for name, size, opened in _in_tar(path) if tarfile.is_tarfile(path) else _in_zip(path):
                self._copy(name, size, opened)
        except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise FilesError("묶음이 깨졌거나 끊겼습니다. 다시 내려받아 주세요.") from error
        except (RuntimeError, NotImplementedError) as error:  # encrypted; packed in an unknown way
            raise FilesError("암호로 잠겼거나 풀 수 없는 zip 파일입니다.") from error

    def _copy(self, name: str, size: int, opened: IO[bytes] | None) -> None:
        """Writes a file of the archive. `opened` is None for links and devices."""
        inside = _inside(name)
        if not inside:
            return
        if opened is None or size > LONGEST_FILE:
            self.refused.append(name[:LONGEST_NAME])
            return
        if shutil.disk_usage(self.scratch).free - size < LEAST_FREE:
            raise FilesError(
                "묶음을 풀 자리가 모자랍니다. 자리를 비우거나, 풀어 놓은 폴더를 적어 주세요."
            )
        target = self.scratch.joinpath(*inside)
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            written = target.open("wb")
        except (OSError, ValueError):  # a name that is too long, or that of a folder
            self.refused.append(name[:LONGEST_NAME])
            return
        with written:
            left = size  # an archive may hold more than it says
            while left and (chunk := opened.read(min(COPIED, left))):
                written.write(chunk)
                left -= len(chunk)


def _in_tar(path: Path) -> Iterator[tuple[str, int, IO[bytes] | None]]:
    with tarfile.open(path) as archive:
        for member in archive:
            archive.members = []  # type: ignore[attr-defined] # else it keeps them all in memory
            if not member.isdir():
                opened = archive.extractfile(member) if member.isreg() else None
                yield member.name, member.size, opened


def _in_zip(path: Path) -> Iterator[tuple[str, int, IO[bytes] | None]]:
    if not zipfile.is_zipfile(path):
        raise FilesError("폴더, tar, tar.gz, zip 파일이 아닙니다.")
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
            if is_link or member.file_size > LONGEST_FILE:
                yield _name(member), member.file_size, None
            else:
                with archive.open(member) as opened:
                    yield _name(member), member.file_size, opened


def _name(member: zipfile.ZipInfo) -> str:
    """Windows stores Korean names in its own encoding, and does not say so."""
    if not member.flag_bits & 0x800:
        try:
            return member.filename.encode("cp437").decode("cp949")
        except UnicodeError:
            pass
    return member.filename


def _inside(name: str) -> tuple[str, ...]:
    """The path below `data/`; nothing for what does not belong to it."""
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if any(
        part == ".." or "\0" in part or len(part.encode("utf-8", "replace")) > LONGEST_NAME
        for part in parts
    ):
        return ()
    places = [place for place, part in enumerate(parts[:-1]) if part in KINDS]
    below = [place for place in places if place and parts[place - 1] == "data"]
    return parts[(below or places)[0] :] if places else ()
