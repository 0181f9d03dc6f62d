"""Values between SQLite and PostgreSQL. The form in between is PostgreSQL's text, as COPY reads and
writes it with `TimeZone` UTC. Pure."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Text = str | None  # a value in PostgreSQL's text form
Row = tuple[Text, ...]


@dataclass(frozen=True)
class Type:
    """A column type of PostgreSQL that the site uses. None is converted by nobody."""

    from_sqlite: Callable[[Any], str] = str
    to_sqlite: Callable[[str], Any] = str
    compared: Callable[[str], str] | None = None  # None: as it is


def _moment_from_sqlite(value: str) -> str:
    whole, dot, fraction = value.partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}+00" if dot and fraction else f"{whole}+00"


def _moment_to_sqlite(value: str) -> str:
    """As Django writes it: six digits after the point, or none."""
    whole, dot, fraction = value.removesuffix("+00").partition(".")
    return f"{whole}.{fraction:0<6}" if dot else whole


def _uuid_from_sqlite(value: str) -> str:
    return "-".join((value[:8], value[8:12], value[12:16], value[16:20], value[20:]))


def _words_from_sqlite(value: Any) -> str:
    if not isinstance(value, str):  # SQLite stores bytes in any column
        raise TypeError(f"{type(value).__name__} instead of text")
    return value


def _json(value: str) -> str:
    """PostgreSQL stores keys in an order of its own, and 1e2 as 100."""
    return json.dumps(json.loads(value, parse_float=_number), sort_keys=True)


def _number(text: str) -> float | int:
    number = Decimal(text)
    is_whole = abs(number.adjusted()) < 1000 and number == number.to_integral_value()
    return int(number) if is_whole else float(text)


_NUMBER = Type(to_sqlite=int)
_WORDS = Type(_words_from_sqlite)
TYPES = {
    "smallint": _NUMBER,
    "integer": _NUMBER,
    "bigint": _NUMBER,
    "text": _WORDS,
    "character varying": _WORDS,
    "date": _WORDS,
    "boolean": Type({0: "f", 1: "t"}.__getitem__, lambda text: int(text == "t")),
    "double precision": Type(
        lambda value: repr(float(value)), float, lambda text: repr(float(text))
    ),
    "timestamp with time zone": Type(_moment_from_sqlite, _moment_to_sqlite),
    "uuid": Type(_uuid_from_sqlite, lambda text: text.replace("-", "")),
    "bytea": Type(lambda value: "\\x" + value.hex(), lambda text: bytes.fromhex(text[2:])),
    "jsonb": Type(_words_from_sqlite, compared=_json),
}


def converted(
    rows: Iterable[Sequence[Any]], converters: Sequence[Callable[[Any], Any] | None]
) -> Iterable[tuple]:
    for row in rows:
        yield tuple(
            value if value is None or convert is None else convert(value)
            for value, convert in zip(row, converters, strict=True)
        )


class Checksum:
    """The number of rows, and the sum of their hashes: the order does not matter."""

    def __init__(self, types: Sequence[Type]):
        self.count = self.sum = 0
        self._compared = [(place, t.compared) for place, t in enumerate(types) if t.compared]

    def add(self, row: Row) -> None:
        if self._compared:
            changed = list(row)
            for place, compared in self._compared:
                if (value := changed[place]) is not None:
                    changed[place] = compared(value)
            row = tuple(changed)
        self.count += 1
        digest = hashlib.blake2b(repr(row).encode(), digest_size=8).digest()
        self.sum = (self.sum + int.from_bytes(digest)) & 0xFFFF_FFFF_FFFF_FFFF

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Checksum) and self.pair == other.pair

    __hash__ = None  # type: ignore[assignment]  # it changes

    @property
    def pair(self) -> tuple[int, int]:
        return self.count, self.sum

    def watch(self, rows: Iterable[Row]) -> Iterable[Row]:
        for row in rows:
            self.add(row)
            yield row
