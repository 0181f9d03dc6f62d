"""Responses that are files: the event loop sends them, so slow readers occupy no thread."""

import os
from collections.abc import Iterator
from typing import Any, BinaryIO


class Part:
    """`length` bytes of an open file from its current position, as a file of its own."""

    def __init__(self, file: BinaryIO, length: int):
        self.file, self.first, self.length = file, file.tell(), length

    def read(self, size: int = -1) -> bytes:
        left = max(0, self.length - self.tell())
        return self.file.read(left if size < 0 else min(size, left))

    def tell(self) -> int:
        return self.file.tell() - self.first

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self.length}[whence]
        self.file.seek(self.first + start + offset)
        return start + offset

    def close(self) -> None:
        self.file.close()


class FileWrapper:
    """`wsgi.file_wrapper` (PEP 3333) for a response that is a file or a Part."""

    def __init__(self, file: BinaryIO, block_size: int = 64 * 1024):
        self.file, self.block_size = file, block_size
        if hasattr(file, "close"):
            self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self.block_size), b"")

    def place(self) -> tuple[str, int, int] | None:
        """Path, first byte and length, if the file is on this machine's disk under a name."""
        part = self.file if isinstance(self.file, Part) else None
        whole = part.file if part else self.file
        try:
            path, about = os.fspath(_path_of(whole)), os.fstat(whole.fileno())
            now = os.stat(path)
        except (AttributeError, OSError, TypeError, ValueError):
            return None
        if (now.st_dev, now.st_ino) != (about.st_dev, about.st_ino):
            return None  # another file has replaced it
        first = part.first if part else whole.tell()
        return path, first, part.length if part else about.st_size - first


def _path_of(file: Any) -> str:
    """The path of an open file. Django's File objects wrap one and have another name."""
    inner = getattr(file, "file", file)
    return inner.name
