"""Compares the stored files with the rows that name them, in bounded memory.

The names are collected in a temporary database, which SQLite keeps on disk as soon as it grows. The
site may stay online: rows are read before files, and what is missing is looked for a second time."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField, Model

YOUNG = 24 * 3600
"""Seconds for which a file without a row may belong to a form that is still being filled in."""
SHOWN = 20  # names of each kind
SIZES = {"file": "size", "original": "original_size"}
"""Columns of files, and the columns of the same row that hold their sizes in bytes."""


@dataclass
class Findings:
    """How many files there are, and what does not fit; of names only the first SHOWN."""

    files: int = 0
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("missing", "size", "surplus"), 0)
    )
    names: dict[str, list[str]] = field(
        default_factory=lambda: {"missing": [], "size": [], "surplus": []}
    )

    def add(self, kind: str, name: str) -> None:
        self.counts[kind] += 1
        if len(self.names[kind]) < SHOWN:
            self.names[kind].append(name)

    @property
    def is_damaged(self) -> bool:
        """Whether something is lost. Files without a row only take up space."""
        return bool(self.counts["missing"] or self.counts["size"])


def check_files() -> Findings:
    """Raises OSError (or the storage's own error) if the files cannot be listed."""
    findings = Findings()
    with closing(sqlite3.connect("")) as names:
        names.execute(
            "CREATE TABLE named (name TEXT PRIMARY KEY, size INTEGER, model TEXT, field TEXT,"
            " is_found INTEGER DEFAULT 0) WITHOUT ROWID"
        )
        names.executemany(
            "INSERT OR IGNORE INTO named (name, size, model, field) VALUES (?, ?, ?, ?)",
            named_files(),
        )
        for name, size, changed_at in stored_files():
            findings.files += 1
            row = names.execute("SELECT size FROM named WHERE name = ?", [name]).fetchone()
            if row is None:
                if time.time() - changed_at > YOUNG:
                    findings.add("surplus", name)
                continue
            names.execute("UPDATE named SET is_found = 1 WHERE name = ?", [name])
            if row[0] is not None and row[0] != size:
                findings.add("size", name)
        missing = "SELECT name, model, field FROM named WHERE NOT is_found ORDER BY name"
        for name, model, column in names.execute(missing):
            if _is_missing(name, model, column):
                findings.add("missing", name)
    return findings


def file_columns() -> Iterator[tuple[type[Model], str, str | None]]:
    """Each column of a model that names files, and the column with their size if there is one."""
    for model in apps.get_models():
        columns = {each.name for each in model._meta.concrete_fields}
        if model._meta.proxy or not model._meta.managed:
            continue
        for each in model._meta.concrete_fields:
            if isinstance(each, FileField):
                size = SIZES.get(each.name)
                yield model, each.name, size if size in columns else None


def named_files() -> Iterator[tuple[str, int | None, str, str]]:
    """The name, the size, the model and the column of each file that a row names."""
    for model, column, size in file_columns():
        wanted = [column, size] if size else [column]
        rows: Any = model._base_manager.exclude(**{column: ""}).values_list(*wanted)
        for name, *sizes in rows.iterator(chunk_size=2000):
            if name:
                yield name, sizes[0] if sizes else None, model._meta.label, column


def stored_files() -> Iterator[tuple[str, int, float]]:
    """The name, the size and the time of the last change of each stored file."""
    bucket = getattr(default_storage, "bucket", None)
    if bucket is None:
        yield from _files_below(Path(default_storage.path("")), "")
    else:
        for each in bucket.objects.all():
            yield each.key, each.size, each.last_modified.timestamp()


def _files_below(folder: Path, prefix: str) -> Iterator[tuple[str, int, float]]:
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files_below(Path(entry.path), f"{prefix}{entry.name}/")
                continue
            try:
                found = entry.stat()
            except FileNotFoundError:
                continue  # deleted meanwhile
            yield f"{prefix}{entry.name}", found.st_size, found.st_mtime


def _is_missing(name: str, model: str, column: str) -> bool:
    """A second look, because files and rows may have been written or deleted meanwhile."""
    if default_storage.exists(name):
        return False
    return apps.get_model(model)._default_manager.filter(**{column: name}).exists()
