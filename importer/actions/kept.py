"""How one kind of rows of the old site is kept here. Each kind is declared once, beside the function that
imports it; `kinds.KEPT` lists them all."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from importer.models import Kind
from importer.reading.staging import Found

Pair = tuple[Any, Any]
"""A row as it is here, and as it would be imported now."""


@dataclass(frozen=True)
class Kept:
    """Rows of one kind. Columns are named as Django does ("author_id"); "body.source" is one of a row that
    has the same key ("body") and is saved with it."""

    kind: Kind
    model: type[Model]
    key: Callable[[Found], str]
    in_board: bool = False
    """Whether the key counts within the board that the row's `bo_table` names."""
    columns: tuple[str, ...] = ()
    """What the import writes and people may change here: a change there replaces them only where all are
    as they were imported."""
    derived: tuple[str, ...] = ()
    """What is written with them, but not compared."""
    counter: str = ""
    """A number there that only rises; what it has risen by since the last run is added here…"""
    counts: tuple[str, ...] = ()
    """…to these columns."""
    save: Callable[[list[Pair]], None] | None = None
    """Saves changed rows: for those that counters or an index depend on. Without it they are updated."""
    remove: Callable[[list[Any]], None] | None = None
    """Takes rows away that have been deleted there. Without it they are deleted, with their entries in the
    ledger."""
    stays: bool = False
    """Whether rows stay here and are only reported when they are gone there: too much hangs on them."""
    loads: tuple[str, ...] = ()
    """Related rows that `save` and `remove` read."""
    parts: Callable[[Any], list[str]] | None = None
    """What rows that belong to it say, such as a post's links; compared like a column. `save` writes them."""
    prefetches: tuple[str, ...] = ()
    """The rows that `parts` reads."""
    is_note: bool = False
    """Whether the entries only say something about rows of another kind, and go with them."""
    forget: Callable[[list[int]], None] | None = None
    """Deletes rows by their ids when everything imported is deleted. Without it they are just deleted, with
    what hangs on them."""

    def values(self, row: Model) -> list[Any]:
        """What the columns hold, in a form that is the same before and after it was stored."""
        values = [_plain(attrgetter(name)(row)) for name in self.columns]
        return values + (self.parts(row) if self.parts is not None else [])

    def digest(self, row: Model) -> int:
        """A hash of what the columns hold."""
        return hashed(map(repr, self.values(row)))

    def copy(self, fresh: Model, here: Model) -> None:
        """Sets the columns of `here`; does not save."""
        for name in self.columns + self.derived:
            path, _dot, last = name.rpartition(".")
            setattr(_at(here, path), last, getattr(_at(fresh, path), last))

    def update(self, rows: list[Any]) -> None:
        """Saves the columns of rows, also those of the rows that belong to them."""
        by_path: dict[str, list[str]] = {}
        for name in self.columns + self.derived:
            path, _dot, last = name.rpartition(".")
            by_path.setdefault(path, []).append(last)
        for path, names in by_path.items():
            parts = [_at(row, path) for row in rows]
            if parts:
                model = type(parts[0])
                fields = {_field_named(model, name) for name in names}
                model._default_manager.bulk_update(parts, sorted(fields))

    def load(self, ids: Iterable[int]) -> dict[int, Any]:
        """Rows by their ids, locked until the transaction ends, with what belongs to them."""
        rows = self.model._default_manager.select_related(*self.related)
        rows = rows.prefetch_related(*self.prefetches)
        if connection.features.has_select_for_update:
            rows = rows.select_for_update(of=("self",), no_key=True)
        return rows.order_by("pk").in_bulk([pk for pk in ids if pk])

    @property
    def related(self) -> list[str]:
        """The rows that are loaded with a row."""
        found = (name.rpartition(".")[0] for name in self.columns + self.derived)
        return sorted({path.replace(".", "__") for path in found if path} | set(self.loads))


def hashed(parts: Iterable[str]) -> int:
    """A 64-bit hash, as a signed number."""
    raw = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), signed=True)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return round(value.timestamp())
    if isinstance(value, Enum):
        value = value.value
    return int(value) if isinstance(value, bool) else value


def _at(row: Model, path: str) -> Any:
    return attrgetter(path)(row) if path else row


def _field_named(model: type[Model], attname: str) -> str:
    """bulk_update wants "author" for the column "author_id"."""
    for field in model._meta.concrete_fields:
        if isinstance(field, Field) and attname in (field.name, field.attname):
            return field.name
    raise LookupError(f"{model} has no column {attname}")
