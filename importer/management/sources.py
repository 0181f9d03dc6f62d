"""The arguments that name the old site, and the copy of its tables."""

import getpass
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from importer.reading.encodings import ENCODINGS
from importer.reading.server import Address
from importer.reading.staging import stage_dump, stage_server

PASSWORD = "GNUBOARD_PASSWORD"  # noqa: S105 (the name of a variable)


def add_source_arguments(parser: ArgumentParser) -> Any:
    """Returns the group of arguments of which one must be given; argparse's name for it is private."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--dump",
        type=Path,
        help="mysqldump나 phpMyAdmin으로 만든 .sql 파일. .gz, .zst, .zip으로 압축해도 됩니다.",
    )
    source.add_argument(
        "--database",
        help="MySQL이나 MariaDB 서버: mysql://아이디@호스트:3306/이름. 읽기만 합니다. 비밀번호는 주소에 적지 않으면 "
        f"환경 변수 {PASSWORD}에서 읽거나 물어봅니다. 주소 뒤에 ?ssl=on, ?socket=…을 붙일 수 있습니다.",
    )
    parser.add_argument(
        "--files", type=Path, help="그누보드의 data 폴더, 또는 그것을 묶은 tar, tar.gz, zip 파일."
    )
    parser.add_argument(
        "--prefix", default="", help="표 이름의 앞부분. 보통은 스스로 찾습니다(g5_)."
    )
    parser.add_argument(
        "--charset",
        default="",
        choices=["", *ENCODINGS],
        help="글자가 깨질 때만: 표에 적힌 것과 다른 실제 문자 집합(euckr, utf8 …).",
    )
    return source


def stage(
    path: Path,
    *,
    dump: Path | None,
    database: str | None,
    charset: str,
    tell: Callable[[int], None] = lambda read: None,
    **_options: object,
) -> None:
    """Copies the tables of the old site into the file at `path`; `tell` gets the number of bytes read.
    Raises DumpError, OSError and sqlite3.Error."""
    encoding = ENCODINGS.get(charset, "")
    if database:
        stage_server(_with_password(Address.parse(database)), path, tell, encoding=encoding)
    elif dump:
        stage_dump(dump, path, tell, encoding=encoding)


def _with_password(address: Address) -> Address:
    if address.password is not None:
        return address
    password = os.environ.get(PASSWORD)
    if password is None and sys.stdin.isatty():
        password = getpass.getpass(f"{address}의 비밀번호: ")
    return replace(address, password=password or "")
