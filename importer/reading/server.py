"""Reads the rows of a live MySQL or MariaDB server: read-only, in one consistent snapshot.

Values come as the bytes that the columns hold, so that the same rows come out as from a dump.
"""

import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

import pymysql
from pymysql.cursors import SSCursor

from importer.reading.encodings import ENCODINGS, LATIN, Decoder
from importer.reading.statements import DumpError, Refused, Rows, Statement, Table
from importer.reading.tables import parse_table

CONNECTING = 10  # seconds
WAITING = 120  # seconds for the next bytes of the server
LONGEST_FIELD = 32 << 20  # bytes; gnuboard's longest column, a mediumtext, holds 16 MiB
AT_ONCE = 500  # rows
LONG_TYPES = ("longtext", "longblob", "json")
# Also what answers of something else than a MySQL server cause.
ERRORS = (
    pymysql.MySQLError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    AssertionError,
    struct.error,
)


class ServerError(DumpError):
    """The server cannot be read. The message is a Korean sentence without the password."""


@dataclass(frozen=True)
class Address:
    """Where a database is. `password` is None where the address names none."""

    host: str
    port: int
    user: str
    password: str | None = field(repr=False)
    name: str
    charset: str = ""  # the true encoding of the texts, if the tables declare another one
    socket: str = ""
    is_encrypted: bool = False

    @classmethod
    def parse(cls, url: str) -> "Address":
        """From mysql://user:password@host:port/name?charset=…&socket=…&ssl=on. Raises ServerError."""
        wrong = (
            "데이터베이스 주소는 mysql://아이디:비밀번호@호스트:3306/이름 꼴이어야 합니다. "
            "비밀번호의 특수문자는 %40(@), %23(#), %2F(/)처럼 적어 주세요."
        )
        try:
            parts = urlsplit(url)
            port = parts.port or 3306
            options = dict(parse_qsl(parts.query, max_num_fields=10))
        except ValueError:  # its message may hold the password
            raise ServerError(wrong) from None
        name = unquote(parts.path.strip("/"))
        if parts.scheme not in ("mysql", "mariadb") or not parts.username or not name:
            raise ServerError(wrong)
        return cls(
            host=parts.hostname or "localhost",
            port=port,
            user=unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
            name=name,
            charset=options.get("charset", ""),
            socket=options.get("socket", ""),
            is_encrypted=options.get("ssl", "") in ("1", "on", "true"),
        )

    def __str__(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.name}"


def read_server(
    address: Address, tell: Callable[[int], None] = lambda read: None, forced: str = ""
) -> Iterator[Statement]:
    """All tables and their rows, as a dump would hold them; `tell` gets the number of bytes read. Raises
    ServerError."""
    table = ""
    try:
        with closing(_connect(address)) as connection:
            reader = _Reader(connection, tell, forced or ENCODINGS.get(address.charset, ""))
            for table in reader.names():
                yield from reader.table(table)
    except ERRORS as error:
        if isinstance(error, DumpError):
            raise
        where = f"'{table}' 표를 읽다가 " if table else ""
        raise ServerError(f"{address}: {where}{_reason(error)}") from None


def _reason(error: BaseException) -> str:
    """A sentence for the mistakes that are made most often, and the server's own words."""
    code = error.args[0] if error.args else 0
    known = {
        1045: "아이디나 비밀번호가 틀렸거나, 이 컴퓨터에서는 접속할 수 없게 되어 있습니다.",
        1044: "이 아이디는 이 데이터베이스를 읽을 수 없습니다.",
        1049: "그런 이름의 데이터베이스가 없습니다.",
        2003: "서버에 연결할 수 없습니다. 주소와 방화벽을 확인해 주세요.",
        2013: "연결이 끊겼습니다. 다시 실행해 주세요.",
    }
    words = str(error.args[-1]) if error.args else type(error).__name__
    return f"{known.get(code, '서버가 거절했습니다.')} ({words[:300]})"


def _connect(address: Address) -> pymysql.connections.Connection:
    connection = pymysql.connect(
        host=address.host,
        port=address.port,
        unix_socket=address.socket or None,
        user=address.user,
        password=address.password or "",
        database=address.name,
        charset="utf8mb4",
        use_unicode=False,
        conv={},
        cursorclass=SSCursor,
        connect_timeout=CONNECTING,
        read_timeout=WAITING,
        write_timeout=WAITING,
        local_infile=False,
        ssl=ssl.create_default_context() if address.is_encrypted else None,
        autocommit=True,
        defer_connect=True,
    )
    connection.connect()
    for statement in (
        "SET SESSION net_write_timeout = 600, SESSION wait_timeout = 28800",
        "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "SET SESSION TRANSACTION READ ONLY",  # since MySQL 5.6
    ):
        try:
            with closing(connection.cursor()) as cursor:
                cursor.execute(statement)
        except pymysql.MySQLError:
            continue  # an old server; nothing below writes anything
    with closing(connection.cursor()) as cursor:
        cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT")
    with closing(connection.cursor()) as cursor:
        cursor.execute("SET SESSION character_set_results = NULL, SESSION sql_mode = ''")
    return connection


class _Reader:
    def __init__(self, connection, tell: Callable[[int], None], forced: str):
        self.connection, self.tell = connection, tell
        self.decoder = Decoder(forced)
        self.read = 0

    def names(self) -> list[str]:
        """The tables, without views."""
        found = self._all("SHOW FULL TABLES")
        return [_text(name) for name, kind in found if kind == b"BASE TABLE"]

    def table(self, name: str) -> Iterator[Statement]:
        sql = self._all(f"SHOW CREATE TABLE {_quoted(name)}")[0][1]
        table = parse_table(name, sql[sql.index(b"(") + 1 :])
        yield table
        encodings, expressions, long = [], [], []
        for column, kind, charset in self._columns(name):
            encodings.append(ENCODINGS.get(charset, LATIN if not charset else "utf-8"))
            expression = _quoted(column)
            if charset and charset not in ENCODINGS:
                expression = f"CONVERT({expression} USING utf8mb4)"
            if kind in LONG_TYPES:
                long.append(f"OCTET_LENGTH({_quoted(column)}) > {LONGEST_FIELD}")
                expression = f"IF({long[-1]}, NULL, {expression})"
            expressions.append(expression)
        expressions.append(" OR ".join(long) or "0")
        yield from self._rows(table, expressions, encodings)

    def _columns(self, name: str) -> list[tuple[str, str, str]]:
        found = self._all(
            "SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_SET_NAME FROM information_schema.COLUMNS "
            "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = %s ORDER BY ORDINAL_POSITION",
            name,
        )
        return [(_text(column), _text(kind), _text(charset)) for column, kind, charset in found]

    def _rows(
        self, table: Table, expressions: list[str], encodings: list[str]
    ) -> Iterator[Rows | Refused]:
        text, count, rows = self.decoder.text, 0, []
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(f"SELECT {', '.join(expressions)} FROM {_quoted(table.table)}")
            while found := cursor.fetchmany(AT_ONCE):
                for *values, is_long in found:
                    count += 1
                    if is_long == b"1":
                        reason = f"{LONGEST_FIELD >> 20}MB보다 긴 값이 있습니다"
                        yield Refused(table.table, count, reason)
                        continue
                    self.read += sum(map(len, filter(None, values)))
                    rows.append(
                        tuple(
                            None if raw is None else text(raw, encoding)
                            for raw, encoding in zip(values, encodings, strict=True)
                        )
                    )
                yield Rows(table.table, table.columns, rows)
                rows = []
                self.tell(self.read)

    def _all(self, sql: str, *values: str) -> list[tuple]:
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _text(raw: bytes | None) -> str:
    return "" if raw is None else raw.decode("utf-8", "replace")
