"""Opens the file of a dump, packed or not."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import IO, cast

import zstandard

from importer.reading.statements import DumpError

LONGEST_WINDOW = 128 << 20  # bytes that zstd may keep in memory


def open_dump(path: Path) -> IO[bytes]:
    """The text of a plain, gzip, zstd or zip file; its first bytes decide which. Raises DumpError for what
    is no text."""
    with path.open("rb") as file:
        head = file.read(6)
    if head[:2] == b"\x1f\x8b":
        return cast(IO[bytes], gzip.open(path))
    if head[:4] == b"\x28\xb5\x2f\xfd":
        unpack = zstandard.ZstdDecompressor(max_window_size=LONGEST_WINDOW)
        reader = unpack.stream_reader(path.open("rb"), read_across_frames=True, closefd=True)
        return cast(IO[bytes], io.BufferedReader(cast(io.RawIOBase, reader)))
    if head[:2] == b"PK":
        return _in_zip(path)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DumpError(
            "덤프가 UTF-16입니다(윈도의 PowerShell에서 >로 저장하면 그렇게 됩니다). "
            "mysqldump에 --result-file=g5.sql을 붙여 다시 만들어 주세요."
        )
    if head[:3] == b"BZh" or head in (b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\0", b"Rar!\x1a\x07"):
        raise DumpError("압축을 먼저 풀고 안에 있는 .sql 파일을 적어 주세요.")
    return path.open("rb")


def _in_zip(path: Path) -> IO[bytes]:
    try:
        archive = zipfile.ZipFile(path)
        found = [each for each in archive.namelist() if each.lower().endswith(".sql")]
        if len(found) == 1:
            return archive.open(found[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:  # also: encrypted
        raise DumpError("압축(zip)이 깨졌거나 암호로 잠겨 있습니다.") from error
    raise DumpError("압축(zip)을 먼저 풀고 안에 있는 .sql 파일을 적어 주세요.")
