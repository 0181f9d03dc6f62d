"""A CREATE TABLE, and the names in it."""

import re
from collections.abc import Iterator

from importer.reading.encodings import ENCODINGS, LATIN
from importer.reading.literals import STRING
from importer.reading.statements import DumpError, Table

NAME = rb"(?:`((?:[^`]|``)+)`|\"([^\"]+)\"|([\w$\x80-\xff]+))"
QUALIFIED = rb"(?:(?:`(?:[^`]|``)+`|\"[^\"]+\"|[\w$\x80-\xff]+)\s*\.\s*)?" + NAME
_COLUMN = re.compile(rb"\s*" + NAME + rb"\s", re.DOTALL)
_NO_COLUMN = frozenset(
    b"PRIMARY KEY UNIQUE INDEX CONSTRAINT FULLTEXT SPATIAL CHECK FOREIGN PERIOD".split()
)
_AUTO_INCREMENT = re.compile(rb"\)[^']*\bAUTO_INCREMENT\s*=\s*([0-9]{1,18})\b", re.IGNORECASE)
_CHARSET = re.compile(
    rb"(?:\bCHARACTER\s+SET|\bCHARSET)\s*=?\s*(\w+)|\bCOLLATE\s*=?\s*([a-z0-9]+)_", re.IGNORECASE
)


def parse_table(name: str, body: bytes, encoding: str = "utf-8") -> Table:
    """The table of a CREATE TABLE, from what stands behind its first parenthesis."""
    parts = list(_split_columns(body))
    behind = body[sum(map(len, parts)) + len(parts) - 1 :]
    general = _charset(behind)
    columns, latin = [], set()
    for part in parts:
        match = _COLUMN.match(part)
        if match and not (match[3] and match[3].upper() in _NO_COLUMN):
            column = decode_name(match.groups(), encoding)
            columns.append(column)
            if ENCODINGS.get(_charset(part) or general) == LATIN:
                latin.add(column.lower())
    if not columns or len({each.lower() for each in columns}) < len(columns):
        raise DumpError(f"'{name}' 표의 칸을 읽을 수 없습니다. 이름이 겹치거나 칸이 없습니다.")
    return Table(name, tuple(columns), last_id(behind) or 0, frozenset(latin))


def last_id(options: bytes) -> int | None:
    """The highest key that the table has given, by what stands behind its columns; None if it does not say."""
    given = _AUTO_INCREMENT.search(options)
    return max(int(given[1]) - 1, 0) if given else None


def _charset(text: bytes) -> str:
    found = _CHARSET.search(re.sub(STRING, b"''", text))
    return (found[1] or found[2]).decode().lower() if found else ""


def decode_name(groups: tuple[bytes | None, ...], encoding: str) -> str:
    name = next(each for each in groups if each is not None)
    text = name.replace(b"``", b"`").decode("utf-8" if encoding == LATIN else encoding, "replace")
    return text.replace("\0", "")


def names_in(listed: bytes, encoding: str) -> Iterator[str]:
    for each in re.finditer(NAME, listed):
        yield decode_name(each.groups(), encoding)


def _split_columns(body: bytes) -> Iterator[bytes]:
    """The definitions of a CREATE TABLE, separated by commas outside of parentheses and texts."""
    start, depth, end = 0, 0, len(body)
    for found in re.finditer(rb"[(),]|" + STRING + rb"|`[^`]*`", body):
        sign = found[0]
        if sign == b"(":
            depth += 1
        elif sign == b")":
            depth -= 1
            if depth < 0:
                end = found.start()
                break
        elif sign == b"," and depth == 0:
            yield body[start : found.start()]
            start = found.end()
    yield body[start:end]
