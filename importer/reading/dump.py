"""Reads the rows of a dump: what mysqldump, mariadb-dump and phpMyAdmin write.

A dump is a text of SQL statements, often of many gigabytes. It is read from the beginning to the end with
a bounded buffer and nothing in it is executed: only CREATE TABLE, INSERT and REPLACE are looked at, and
everything else is passed over.
"""

import gzip
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO

import zstandard

from importer.reading.encodings import ENCODINGS, Decoder
from importer.reading.literals import ROW, STRING, Literals
from importer.reading.statements import DumpError, LastId, Refused, Rows, Statement, Table
from importer.reading.tables import QUALIFIED, decode_name, last_id, names_in, parse_table

CHUNK = 1 << 20  # bytes
LONGEST_ROW = 32 << 20  # bytes; gnuboard's longest column, a mediumtext, holds 16 MiB
LONGEST_TABLE = 1 << 20  # bytes of a CREATE TABLE
MOST_COLUMNS = 500

_SPACE = rb"(?:\s|--[^\n]*\n|\#[^\n]*\n|/\*(?!M?!).*?\*/)*+"
_INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s+(?:(?:IGNORE|DELAYED|LOW_PRIORITY|HIGH_PRIORITY)\s+)*(?:INTO\s+)?"
    + QUALIFIED
    + rb"\s*(\((?:[^()`]|`[^`]*`)*\))?\s*VALUES?",
    re.DOTALL | re.IGNORECASE,
)
_CREATE = re.compile(
    rb"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?" + QUALIFIED + rb"\s*\(",
    re.DOTALL | re.IGNORECASE,
)
_ALTER = re.compile(rb"ALTER\s+TABLE\s+" + QUALIFIED, re.IGNORECASE)
_NAMES = re.compile(rb"\s*SET\s+NAMES\s+['\"]?(\w+)", re.IGNORECASE)
_SKIPPED = re.compile(_SPACE, re.DOTALL)
_COMMENT = re.compile(rb"--|#|/\*(?!M?!)")  # one whose end has not been read
_VERSIONED = re.compile(rb"/\*M?!\d*\s*")
# A statement that is passed over, up to the end of a text or of itself.
_REST = re.compile(
    rb"(?:[^;'\"`]|" + STRING + rb"|\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|`[^`]*+`)*+;", re.DOTALL
)
_DELIMITER = re.compile(rb"DELIMITER[ \t]+(\S+)[^\n]*\n", re.IGNORECASE)
_ROUTINES = re.compile(rb".*?^DELIMITER[ \t]+;[^\n]*(?:\n|\Z)", re.I | re.DOTALL | re.MULTILINE)
# Pieces of a row that is too long to be looked at as a whole.
_OUTSIDE = re.compile(rb"[^')]*+")
_INSIDE = re.compile(rb"(?:[^'\\]++|\\.|'')*+", re.DOTALL)
_BEHIND = re.compile(rb"\s*([,;])")
_WHO = re.compile(rb"-- (?:MySQL|MariaDB) dump ")
_COMPLETE = b"-- Dump completed"


class Dump:
    """The statements of a dump, in their order. `encoding` is that of its text (`SET NAMES`)."""

    def __init__(
        self, file: IO[bytes], tell: Callable[[int], None] = lambda read: None, forced: str = ""
    ):
        """`tell` gets the number of bytes that have been read. `forced` is an encoding that the owner
        knows (`Decoder`)."""
        self.file, self.tell = file, tell
        self.buffer, self.place, self.read = b"", 0, 0
        self.at_end = False
        self.encoding = "utf-8"
        self.literals = Literals(Decoder(forced))
        self.tables: dict[str, Table] = {}
        self.counts: dict[str, int] = {}
        self.is_complete = True

    def statements(self) -> Iterator[Statement]:
        """Raises DumpError when the dump is broken or ends in the middle."""
        while len(self.buffer) < 4096 and self._more():
            pass
        if self.buffer.startswith(b"\xef\xbb\xbf"):  # a byte order mark
            self.place = 3
        self.is_complete = not _WHO.search(self.buffer, 0, 4096)
        while self._skip_space():
            head = bytes(self.buffer[self.place : self.place + 16]).lstrip().upper()
            if head.startswith(b"CREATE"):
                if table := self._table():
                    yield table
            elif head.startswith((b"INSERT", b"REPLACE")):
                yield from self._rows()
            elif head.startswith(b"DELIMITER"):
                self._pass_over_routines()
            elif head.startswith(b"ALTER"):
                yield from self._altered()
            else:
                self._pass_over()
        if not self.tables and not self.counts:
            raise DumpError(
                "이 파일에는 표가 하나도 없습니다. mysqldump나 phpMyAdmin으로 만든 SQL 파일인지 확인해 주세요."
            )
        if not self.is_complete:
            last = next(reversed(self.tables), "")
            raise DumpError(
                f"덤프의 마지막 줄(-- Dump completed)이 없습니다. '{last}' 표 뒤가 끊긴 것 같으니 다시 내려받아 "
                "주세요. 일부러 지웠다면 그 줄을 파일 끝에 다시 적어 주세요."
            )

    # -- The buffer --------------------------------------------------------------------------------
    def _more(self, least: int = CHUNK) -> bool:
        """Reads on; False at the end. What was consumed is dropped."""
        if self.at_end:
            return False
        try:
            chunk = self.file.read(least)
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, zstandard.ZstdError):
            last = next(reversed(self.tables), "")
            raise DumpError(
                f"압축 파일이 깨졌거나 끊겼습니다. '{last}' 표까지 읽었으니 다시 내려받아 주세요."
            ) from None
        self.at_end = not chunk
        self.read += len(chunk)
        self.buffer, self.place = self.buffer[self.place :] + chunk, 0
        self.tell(self.read)
        return bool(chunk)

    def _skip_space(self) -> bool:
        """Moves to the next statement, also out of and into the comments of one version (/*!40101 …)."""
        while True:
            found = _SKIPPED.match(self.buffer, self.place)
            if found:
                self.is_complete = self.is_complete or _COMPLETE in found[0]
                self.place = found.end()
            rest = len(self.buffer) - self.place
            is_comment = rest < LONGEST_ROW and _COMMENT.match(self.buffer, self.place)
            if (rest < 64 or is_comment) and self._more():
                continue
            if not rest:
                return False
            if versioned := _VERSIONED.match(self.buffer, self.place):
                self.place = versioned.end()
            elif self.buffer.startswith((b"*/", b";"), self.place):
                self.place += 1 + self.buffer.startswith(b"*/", self.place)
            else:
                return True

    def _match(self, pattern: re.Pattern[bytes], longest: int) -> re.Match[bytes] | None:
        """The pattern here, reading on while it may still match, up to `longest` bytes. Twice as much is
        read each time, so that a long text is not looked at too often."""
        while (found := pattern.match(self.buffer, self.place)) is None:
            length = len(self.buffer) - self.place
            if length > longest or not self._more(max(CHUNK, length)):
                return None
        return found

    # -- The statements ----------------------------------------------------------------------------
    def _pass_over(self) -> None:
        if names := _NAMES.match(self.buffer, self.place):
            encoding = names[1].decode().lower()
            self.encoding = ENCODINGS.get(encoding, self.encoding)
        found = self._match(_REST, LONGEST_ROW)
        if found is None:
            if self.at_end:  # the last comment of one version has no semicolon
                self.is_complete = self.is_complete or _COMPLETE in self.buffer[self.place :]
                self.place = len(self.buffer)
                return
            raise DumpError("덤프에 너무 긴 문장이 있어 읽을 수 없습니다.")
        self.place = found.end()

    def _altered(self) -> Iterator[LastId]:
        """phpMyAdmin adds keys at the end."""
        whole = self._match(_REST, LONGEST_TABLE)
        if whole and (found := _ALTER.match(whole[0])):
            highest = last_id(b")" + re.sub(STRING, b"", whole[0][found.end() :]))
            if highest is not None:
                yield LastId(decode_name(found.groups(), self.encoding), highest)
        self._pass_over()

    def _pass_over_routines(self) -> None:
        """Triggers and procedures, whose statements are none of the dump's."""
        found = self._match(_DELIMITER, 4096)
        if found is None:
            self._pass_over()
            return
        self.place = found.end()
        if found[1] != b";" and (routines := self._match(_ROUTINES, LONGEST_ROW)):
            self.place = routines.end()

    def _table(self) -> Table | None:
        found = self._match(_CREATE, 4096)
        if found is None:  # CREATE DATABASE, VIEW, TRIGGER
            self._pass_over()
            return None
        name = decode_name(found.groups(), self.encoding)
        behind = found.end() - found.start()
        whole = self._match(_REST, LONGEST_TABLE)
        if whole is None:
            raise DumpError(f"덤프가 '{name}' 표를 만드는 곳에서 끊겼습니다.")
        table = parse_table(name, whole[0][behind:], self.encoding)
        self.place = whole.end()
        if self.counts.get(name):
            raise DumpError(
                f"덤프에 '{name}' 표가 두 번 있습니다. 데이터베이스 하나만 내보내 주세요."
            )
        self.tables[name] = table
        return table

    def _rows(self) -> Iterator[Rows | Refused]:
        found = self._match(_INSERT, 1 << 16)
        if found is None:
            raise DumpError("덤프에 읽을 수 없는 INSERT 문장이 있습니다.")
        name = decode_name(found.group(1, 2, 3), self.encoding)
        table = self.tables.get(name, Table(name, ()))
        columns = tuple(names_in(found[4], self.encoding)) if found[4] else table.columns
        if not columns:
            raise DumpError(
                f"'{name}' 표를 만드는 문장(CREATE TABLE)이 없습니다. 구조와 데이터를 함께 내보내 주세요."
            )
        if len(columns) > MOST_COLUMNS:
            raise DumpError(f"'{name}' 표의 행이 칸 {len(columns)}개로 되어 있어 읽을 수 없습니다.")
        latin = [place for place, each in enumerate(columns) if each.lower() in table.latin]
        self.place = found.end()
        count, rows = self.counts.get(name, 0), []
        size = 0
        while True:
            row = self._match(ROW, LONGEST_ROW)
            count += 1
            if row is None:
                is_long = len(self.buffer) - self.place > LONGEST_ROW
                sign = self._pass_over_row() if is_long else b""
                if not sign:
                    raise DumpError(f"'{name}' 표의 {count}번째 행이 끊겼거나 깨져 있습니다.")
                yield Refused(name, count, f"{LONGEST_ROW >> 20}MB보다 긴 행")
            else:
                values = self.literals.values(
                    row[0][: row.start(1) - row.start()], self.encoding, latin
                )
                if len(values) != len(columns):
                    raise DumpError(
                        f"'{name}' 표의 {count}번째 행은 값이 {len(values)}개인데 칸은 "
                        f"{len(columns)}개입니다."
                    )
                self.place = row.end()
                size += row.end() - row.start()
                rows.append(values)
                sign = row[1]
            is_last = sign != b","
            if is_last or size > CHUNK:
                self.counts[name] = count
                yield Rows(name, columns, rows)
                rows, size = [], 0
                if is_last:
                    if sign != b";":  # ON DUPLICATE KEY UPDATE …
                        self._pass_over()
                    return

    def _pass_over_row(self) -> bytes:
        """Passes over a row that is too long for the buffer; returns the sign behind it, nothing if there
        is none."""
        is_inside = False
        while True:
            found = (_INSIDE if is_inside else _OUTSIDE).match(self.buffer, self.place)
            self.place = found.end() if found else self.place
            if len(self.buffer) - self.place < 64 and self._more():
                continue  # what stands here may go on: a quote may be the first of two
            sign = self.buffer[self.place : self.place + 1]
            if sign == b"'":
                is_inside = not is_inside
            elif not is_inside and sign == b")":
                behind = _BEHIND.match(self.buffer, self.place + 1)
                if behind is None:
                    return b""
                self.place = behind.end()
                return behind[1]
            elif not sign or is_inside:
                return b""
            self.place += 1
