"""What a dump, or a server, consists of."""

from dataclasses import dataclass, field

Value = str | bytes | None  # bytes only for what is no text in the encoding of the dump
Row = tuple[Value, ...]


class DumpError(ValueError):
    """The dump cannot be read. The message is a Korean sentence for the owner, with the table and the
    number of the row."""


@dataclass(frozen=True)
class Table:
    """A CREATE TABLE: what may follow are its rows. `last_id` is the highest key that it has given (0 if
    it gives none), also to rows that have been deleted."""

    table: str
    columns: tuple[str, ...]
    last_id: int = 0
    latin: frozenset[str] = field(default=frozenset(), compare=False)  # columns that hold any bytes


@dataclass(frozen=True)
class Rows:
    """Some rows of one table. `columns` are those that the INSERT names, else those of the table."""

    table: str
    columns: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True)
class Refused:
    """A row that cannot be read; the others can. `reason` is a Korean phrase."""

    table: str
    row: int
    reason: str


@dataclass(frozen=True)
class LastId:
    """The highest key that a table has given, where it is not part of its CREATE TABLE."""

    table: str
    last_id: int


Statement = Table | Rows | Refused | LastId
