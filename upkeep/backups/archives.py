"""A backup as one file, NAME.tar.zst, or encrypted NAME.tar.zst.gpg.

Standard formats: without Boardsite, `gpg --decrypt FILE | tar --zstd -x` unpacks it. It is written
and read as a stream, in memory that does not depend on its size."""

import contextlib
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import zstandard
from django.utils.translation import gettext as _

from upkeep.backups.making import check_space
from upkeep.backups.manifest import (
    LONGEST,
    MANIFEST,
    BackupError,
    Manifest,
    printable,
    read_manifest,
)
from upkeep.backups.programs import Program

PLAIN, ENCRYPTED = ".tar.zst", ".tar.zst.gpg"
LEVEL = 3  # of zstandard; pictures do not become smaller at any
PIECE = 256 * 1024  # bytes
LONGEST_KEY = 200  # characters: gpg ignores what follows 255 bytes or a line break
AGENT_SECONDS = 30  # for gpg's agent to end
LONGEST_HEADER = 64 * 1024
"""Bytes of what tar notes about one file besides its content; all of it is held in memory."""


def archive_name(name: str, key: str) -> str:
    return name + (ENCRYPTED if key else PLAIN)


def backup_of(archive: str) -> str:
    """The name of the backup in the file `archive`, or "" if that is no archive."""
    name = archive.removesuffix(".gpg")
    return name.removesuffix(PLAIN) if name.endswith(PLAIN) else ""


class ArchiveStream:
    """What can be read of an archive while it is made. At its end `read` raises BackupError if the
    making has failed, so that a reader never takes the rest for the whole."""

    def __init__(self, folder: Path, manifest: Manifest, key: str):
        self.failure: Exception | None = None
        end, begin = os.pipe()
        self._gpg: Any = None
        self._source: IO[bytes] = open(end, "rb")  # noqa: SIM115 (close() closes it)
        self._writer = threading.Thread(target=self._write, args=[folder, manifest, begin])
        if key:
            try:
                self._gpg = _start_gpg(["--symmetric"], self._source, key)
            except BackupError:
                os.close(begin)
                raise
            finally:
                self._source.close()  # gpg has it
            self._source = self._gpg.stdout
        self._writer.start()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        if not piece and size:
            self._writer.join()
            if self._gpg is not None and (code := self._gpg.wait()):
                self._gpg.require_in_time()
                failed = BackupError(_("gpg가 암호화하지 못했습니다(%s).") % code)
                self.failure = self.failure or failed
            if self.failure is not None:
                raise self.failure
        return piece

    def close(self) -> None:
        self._source.close()  # a writer that is not done gets BrokenPipeError
        if self._gpg is not None:
            self._gpg.kill()
            self._gpg.wait()
        self._writer.join()

    def _write(self, folder: Path, manifest: Manifest, begin: int) -> None:
        try:
            with open(begin, "wb", buffering=PIECE) as sink:
                packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
                with (
                    packer.stream_writer(sink, closefd=False) as packed,
                    tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
                ):
                    for path in (MANIFEST, *manifest.files):
                        tar.add(folder / path, f"{manifest.name}/{path}", recursive=False)
                        tar.members = []  # type: ignore[attr-defined]  # else it remembers each
        except Exception as error:
            self.failure = error


@contextlib.contextmanager
def packing(folder: Path, manifest: Manifest, key: str) -> Iterator[ArchiveStream]:
    """The backup in `folder` as an archive, encrypted if there is a `key`."""
    stream = ArchiveStream(folder, manifest, key)
    try:
        yield stream
    finally:
        stream.close()


def write_archive(folder: Path, manifest: Manifest, key: str, target: Path) -> None:
    """`target` appears when it is complete. Raises BackupError or OSError."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with packing(folder, manifest, key) as stream, open(part, "xb", opener=_private) as file:
            shutil.copyfileobj(stream, file, PIECE)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    """Nobody else can open the file at any moment, wherever it is written."""
    return os.open(path, flags, 0o600)


def unpack(archive: Path, key: str, folder: Path) -> None:
    """Unpacks into the empty `folder` what is readable. Whether that is all of it, says the
    manifest. Raises BackupError if the key is wrong or missing, or if the archive holds what no
    backup does."""
    with open(archive, "rb") as file:
        if not archive.name.endswith(ENCRYPTED):
            _unpack(file, folder)
            return
        if not key:
            raise BackupError(_("암호화된 백업입니다. BACKUP_KEY에 암호를 넣어 주세요."))
        gpg = _start_gpg(["--decrypt"], file, key)
        try:
            _unpack(gpg.stdout, folder)
        finally:
            while gpg.stdout.read(PIECE):
                pass
            code = gpg.wait()
            gpg.require_in_time()
        if code:
            words = _("암호를 풀지 못했습니다: BACKUP_KEY가 다르거나 파일이 손상되었습니다.")
            raise BackupError(words)


def _unpack(source: Any, folder: Path) -> None:
    """The manifest comes first. Nothing is written that it does not name, and no byte more."""
    unpacker = zstandard.ZstdDecompressor()
    expected = {MANIFEST: 0}
    try:
        with (
            unpacker.stream_reader(source, closefd=False) as packed,
            tarfile.open(fileobj=packed, mode="r|", tarinfo=_Member) as tar,
        ):
            for member in tar:
                tar.members = []  # type: ignore[attr-defined]
                path = member.name.partition("/")[2]
                is_manifest = MANIFEST in expected and member.size <= LONGEST
                if path not in expected or (member.size != expected.pop(path) and not is_manifest):
                    raise _foreign(member)
                target = folder / path
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with open(target, "xb", opener=_private) as copy:
                    shutil.copyfileobj(tar.extractfile(member), copy, PIECE)  # type: ignore[arg-type]
                if is_manifest:
                    manifest = read_manifest(folder)
                    check_space(folder, manifest.size)
                    expected = {path: file.size for path, file in manifest.files.items()}
    except (tarfile.TarError, zstandard.ZstdError, EOFError):
        return  # the manifest tells what is missing


class _Member(tarfile.TarInfo):
    """A file of the archive, or the long names that tar puts before one."""

    @classmethod
    def frombuf(cls, buf, encoding, errors):
        found = super().frombuf(buf, encoding, errors)
        is_header = found.type == tarfile.XHDTYPE and found.size <= LONGEST_HEADER
        if not is_header and found.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise _foreign(found)
        return found


def _foreign(member: tarfile.TarInfo) -> BackupError:
    words = _("백업에 있을 수 없는 것이 들어 있습니다: %s")
    return BackupError(words % printable(member.name[:200]))


def _start_gpg(arguments: list[str], stdin: IO[bytes], key: str) -> Any:
    """gpg, with the key through a pipe: neither its arguments nor its environment show it. It has a
    folder of its own in place of the account's settings and key ring."""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise BackupError(
            _("BACKUP_KEY는 %s자까지의 한 줄이어야 합니다. 줄바꿈 뒤는 쓰이지 않습니다.")
            % LONGEST_KEY
        )
    end, begin = os.pipe()
    os.write(begin, key.encode() + b"\n")
    os.close(begin)
    home = tempfile.mkdtemp(prefix="boardsite-gpg-")
    try:
        return _Gpg(
            [
                *("gpg", "--homedir", home, "--batch", "--quiet", "--no-options"),
                *("--pinentry-mode", "loopback", "--passphrase-fd", str(end)),
                *("--cipher-algo", "AES256", "--compress-algo", "none", *arguments),
            ],
            home,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[end],
        )
    except FileNotFoundError:
        shutil.rmtree(home, ignore_errors=True)
        raise BackupError(
            _("gpg 프로그램이 없어 암호화할 수 없습니다. gnupg를 설치해 주세요.")
        ) from None
    finally:
        os.close(end)


class _Gpg(Program):
    """At its end its folder is removed, and the agent that gpg has started for itself is stopped."""

    def __init__(self, arguments: list[str], home: str, **options: Any):
        self.home = home
        super().__init__(arguments, **options)

    def wait(self, timeout: float | None = None) -> int:
        code = super().wait(timeout)
        if os.path.isdir(self.home):
            stop = ["gpgconf", "--homedir", self.home, "--kill", "gpg-agent"]
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(stop, stderr=subprocess.DEVNULL, timeout=AGENT_SECONDS, check=False)
            shutil.rmtree(self.home, ignore_errors=True)
        return code
