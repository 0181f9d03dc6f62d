"""What belongs to a site besides its database: uploaded files, skins, `.env`."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

from upkeep.backups.manifest import MEDIA, SKINS, is_inside


class Source(NamedTuple):
    """A file that a backup takes: its path there, and the original."""

    path: str
    size: int
    mtime_ns: int
    open: Callable[[], IO[bytes]]


def find_files() -> Iterator[Source]:
    """Everything but the database and `.env`. A file that disappears meanwhile is left out."""
    if isinstance(default_storage, FileSystemStorage):
        yield from _walk(Path(default_storage.location), MEDIA)
    else:
        yield from _find_in_bucket()
    yield from _walk(Path(settings.DATA_DIR) / "skins", SKINS)


def _walk(folder: Path, path: str) -> Iterator[Source]:
    """Regular files, without following links out of the folder."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            below = f"{path}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), below)
            elif entry.is_file(follow_symlinks=False):
                with suppress(FileNotFoundError):
                    about = entry.stat(follow_symlinks=False)
                    yield Source(below, about.st_size, about.st_mtime_ns, _opener(entry.path))


def _opener(path: str) -> Callable[[], IO[bytes]]:
    return lambda: open(path, "rb")


def _find_in_bucket() -> Iterator[Source]:
    """Keys that are no path of a file are not the site's: "folder/", which consoles create."""
    for stored in default_storage.bucket.objects.all():  # type: ignore[attr-defined]
        if not is_inside(f"{MEDIA}/{stored.key}"):
            continue
        yield Source(
            f"{MEDIA}/{stored.key}",
            stored.size,
            int(stored.last_modified.timestamp() * 1e9),
            lambda name=stored.key: default_storage.open(name),  # type: ignore[misc]
        )


def env_file() -> Path:
    return Path(settings.BASE_DIR) / ".env"


def env_text() -> str:
    """`.env`, with the SECRET_KEY where it comes from the environment: without it what is stored
    encrypted could not be read."""
    path = env_file()
    text = path.read_text("utf-8") if path.exists() else ""
    if value_in(text, "SECRET_KEY") != settings.SECRET_KEY:
        text = with_value(text, "SECRET_KEY", settings.SECRET_KEY)
    return text


def value_in(text: str, name: str) -> str | None:
    """The value of `name` in the text of an .env file."""
    for line in text.splitlines():
        key, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and key.strip() == name:
            value = value.strip()
            is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            return value[1:-1] if is_quoted else value
    return None


def with_value(text: str, name: str, value: str) -> str:
    """The text of an .env file in which `name` has the value."""
    lines = [
        line
        for line in text.splitlines()
        if line.strip().removeprefix("export ").partition("=")[0].strip() != name
    ]
    return "\n".join([*lines, f"{name}='{value}'", ""])
