"""The same site from other sources: dumps of all programs and options, packed ones, and a live server."""

import gzip
import io
import re
import shutil
import socket
import threading
import zipfile
from pathlib import Path

import pytest
import zstandard
from django.core.management import CommandError, call_command

from importer.reading.dump import Dump
from importer.reading.server import Address, ServerError, read_server
from importer.reading.site import NotGnuboard, OldSite
from importer.reading.staging import Staging, stage_dump, stage_server
from importer.reading.statements import DumpError, Rows, Table
from tests.importer.servers import Server, database

pytestmark = pytest.mark.any_database


def content(path: Path, prefix: str = "") -> dict[str, list[tuple]]:
    """All that an import sees: the rows of every table, in any order, and the highest keys."""
    with Staging(path) as staging:
        old = OldSite(staging, prefix)
        tables = {name.lower().removeprefix(old.prefix.lower()): name for name in staging.names()}
        return {
            short: [
                ("", str(staging.last_id(name))),
                *sorted(tuple(sorted(row.items())) for row in staging.rows(name)),
            ]
            for short, name in tables.items()
        }


@pytest.fixture(scope="module")
def expected(staged, tmp_path_factory):
    return content(Path(shutil.copy(staged, tmp_path_factory.mktemp("staging"))))


@pytest.fixture
def stage(tmp_path):
    """Stages the bytes of a dump."""

    def run(raw: bytes, **words) -> Path:
        (tmp_path / "dump.sql").write_bytes(raw)
        stage_dump(tmp_path / "dump.sql", tmp_path / "old.sqlite3", **words)
        return tmp_path / "old.sqlite3"

    return run


# -- Dumps -----------------------------------------------------------------------------------------
def phpmyadmin(sql: str) -> str:
    """As phpMyAdmin exports it: columns are named, keys and AUTO_INCREMENT come at the end."""
    parts = [
        "-- phpMyAdmin SQL Dump\n-- version 4.9.0\n-- https://www.phpmyadmin.net/\n\n"
        'SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";\nSET AUTOCOMMIT = 0;\nSTART TRANSACTION;\n'
        'SET time_zone = "+00:00";\n\n/*!40101 SET NAMES utf8mb4 */;\n\n'
    ]
    end = ""
    for each in Dump(io.BytesIO(sql.encode())).statements():
        if isinstance(each, Table):
            columns = ",\n".join(f"  `{name}` text NOT NULL" for name in each.columns)
            parts.append(
                f"-- --------------------------------------------------------\n\n--\n"
                f"-- 테이블 구조 `{each.table}`\n--\n\n"
                f"CREATE TABLE `{each.table}` (\n{columns}\n) ENGINE=MyISAM DEFAULT CHARSET=utf8;\n\n"
            )
            if each.last_id:
                end += (
                    f"--\n-- 테이블의 AUTO_INCREMENT `{each.table}`\n--\nALTER TABLE `{each.table}`\n"
                    f"  MODIFY `{each.columns[0]}` int(11) NOT NULL AUTO_INCREMENT COMMENT 'x', "
                    f"AUTO_INCREMENT={each.last_id + 1};\n"
                )
        elif isinstance(each, Rows):
            names = ", ".join(f"`{name}`" for name in each.columns)
            rows = ",\n".join("(" + ", ".join(map(literal, row)) + ")" for row in each.rows)
            parts.append(f"INSERT INTO `{each.table}` ({names}) VALUES\n{rows};\n")
    return "".join(parts) + end + "COMMIT;\n"


def literal(value) -> str:
    if value is None:
        return "NULL"
    text = value.replace("\\", "\\\\").replace("'", "''")
    return "'" + text.replace("\r", "\\r").replace("\n", "\\n") + "'"


def with_routines(sql: str) -> str:
    """Triggers, procedures and views between the tables; their statements are none of the dump's."""
    trigger = (
        "/*!50003 SET sql_mode = '' */ ;\nDELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 "
        "TRIGGER t AFTER INSERT ON g5_point FOR EACH ROW BEGIN\n  INSERT INTO g5_member VALUES (NEW.po_id);\n"
        "  INSERT INTO `g5_member` (mb_id) VALUES ('trigger''s');\nEND */;;\nDELIMITER ;\n"
        "/*!50001 CREATE TABLE `g5_view` (\n  `mb_id` tinyint NOT NULL\n) ENGINE=MyISAM */;\n"
        "/*!50001 DROP TABLE IF EXISTS `g5_view`*/;\n"
        "/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50001 VIEW `g5_view` AS select 1 AS `x` */;\n"
    )
    return sql.replace("--\n-- Table structure for table `g5_qa_config`", f"{trigger}--\n--")


SAME = {
    "another prefix": lambda sql: sql.replace("`g5_", "`My1_"),
    "no prefix": lambda sql: sql.replace("`g5_", "`"),
    "phpMyAdmin": phpmyadmin,
    "routines": with_routines,
    "a byte order mark": lambda sql: "\ufeff" + sql,
    "line ends of Windows": lambda sql: sql.replace("\n", "\r\n"),
    "MyISAM": lambda sql: sql.replace("ENGINE=InnoDB", "ENGINE=MyISAM"),
    "tables of plug-ins": lambda sql: (
        sql
        + "CREATE TABLE `g5_shop_item` (`it_id` int);\nINSERT INTO `g5_shop_item` VALUES (1),(2);\n"
        "CREATE TABLE `sqlite_master` (`x` int);\nCREATE TABLE `_posts` (`x` int);\n"
        "INSERT INTO `_state` (`name`) VALUES ('x');\n"
    ),
    "names without quotes": lambda sql: (
        re.sub(r"`(\w+)`", r"\1", sql) if "`" not in re.sub(r"`\w+`", "", sql) else sql
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_site(sample_sql, expected, stage, name):
    found = content(stage(SAME[name](sample_sql).encode()))
    found.pop("view", None)
    assert found == expected


@pytest.mark.parametrize("declared", ["SET NAMES euckr", "SET NAMES utf8mb4", "SET NAMES latin1"])
def test_texts_in_euckr(sample_sql, expected, stage, declared):
    """Dumps say which encoding their text has; some of them are wrong."""
    text = sample_sql.replace("SET NAMES utf8mb4", declared)
    korean = text.encode("cp949", "replace")
    known = text.encode("cp949", "replace").decode("cp949")
    found = content(stage(korean))
    assert found == content(stage(known.replace(declared, "SET NAMES utf8mb4").encode()))
    assert found.keys() == expected.keys()


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_bytes_in_columns_that_were_latin1(stage, encoding):
    """mysqldump turns each byte of such a column into a character of its own."""
    words = ["자유게시판", "회호", "café é", "A·B", "벚꽃", "", "plain", "글"]
    if encoding == "cp949":
        words = [word for word in words if "é" not in word]
    rows = ",".join(
        "('" + word.encode(encoding).decode("cp1252", "mysql-latin1") + "')" for word in words
    )
    path = stage(
        (
            "/*!40101 SET NAMES utf8 */;\nCREATE TABLE `g5_faq` (\n  `fa_subject` text NOT NULL\n"
            f") ENGINE=MyISAM DEFAULT CHARSET=latin1;\nINSERT INTO `g5_faq` VALUES {rows};\n"
        ).encode()
    )
    with Staging(path) as staging:
        assert [row["fa_subject"] for row in staging.rows("g5_faq")] == words


def test_texts_that_were_encoded_twice(stage):
    """Sites whose connection was latin1 and whose tables were utf8 show them as they were meant."""
    words = ["자유게시판", "벚꽃🌸", "it’s – ‘ì’", "Ünïcödé í", "글"]
    twice = [
        word.encode().decode("cp1252", "mysql-latin1") if ord(word[0]) > 0x1100 else word
        for word in words
    ]
    rows = ",".join(f"('{word}')" for word in twice)
    path = stage(
        f"CREATE TABLE `g5_faq` (`fa_subject` text) CHARSET=utf8;INSERT INTO `g5_faq` VALUES {rows};".encode()
    )
    with Staging(path) as staging:
        assert [row["fa_subject"] for row in staging.rows("g5_faq")] == words


def test_an_encoding_that_the_owner_knows(stage):
    sql = b"CREATE TABLE `g5_faq` (`fa_subject` text);\nINSERT INTO `g5_faq` VALUES ('"
    path = stage(sql + "회호".encode("cp949") + b"');\n", encoding="cp949")
    with Staging(path) as staging:
        assert [row["fa_subject"] for row in staging.rows("g5_faq")] == ["회호"]


@pytest.mark.parametrize("packed", ["gz", "zst", "zip"])
def test_packed_dumps(sample_sql, expected, stage, packed):
    raw = sample_sql.encode()
    if packed == "zip":
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("g5.sql", raw)
        raw = file.getvalue()
    else:
        pack = gzip.compress if packed == "gz" else zstandard.ZstdCompressor().compress
        raw = pack(raw)
    assert content(stage(raw)) == expected
    with pytest.raises(DumpError, match=r"끊|깨|하나도 없습니다"):
        stage(raw[: len(raw) // 2])


def test_a_dump_that_ends_too_early(sample_sql, stage):
    whole = sample_sql[: sample_sql.index("-- Dump completed")]
    between = whole.rindex("--\n-- Table structure")
    for end in (whole, whole[:between], sample_sql[: len(sample_sql) // 2]):
        with pytest.raises(DumpError, match="끊"):
            stage(end.encode())


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "표가 하나도 없습니다"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, "표가 하나도 없습니다"),
        ("안녕하세요; 이것은 편지입니다.".encode(), "표가 하나도 없습니다"),
        ("CREATE TABLE x (y int);".encode("utf-16"), "UTF-16"),
        (b"BZh91AY&SY", "압축을 먼저 풀고"),
        (b"CREATE TABLE `g5_board` (`a` int, `A` int);", "이름이 겹치거나"),
        (b"CREATE TABLE `g5_board` (`a` int);INSERT INTO `g5_board` (`b`) VALUES (1);", "없는 칸"),
        (b"CREATE TABLE `g5_board` (a int", "끊겼습니다"),
    ],
)
def test_something_else_than_a_dump(stage, raw, sentence):
    with pytest.raises(DumpError, match=sentence) as caught:
        stage(raw)
    assert len(str(caught.value)) < 300


def test_another_program_s_database(stage, tmp_path):
    path = stage(b"CREATE TABLE `wp_posts` (`ID` int);INSERT INTO `wp_posts` VALUES (1);")
    with Staging(path) as staging, pytest.raises(NotGnuboard, match="g5_board"):
        OldSite(staging)


def test_tables_of_plug_ins_are_counted(sample_sql, stage):
    path = stage(SAME["tables of plug-ins"](sample_sql).encode())
    with Staging(path) as staging:
        assert OldSite(staging).plugins()["g5_shop_item"] == 2


def test_another_kind_of_server(monkeypatch):
    """Whatever answers at the address: the message is a sentence."""
    monkeypatch.setattr("importer.reading.server.CONNECTING", 2)
    monkeypatch.setattr("importer.reading.server.WAITING", 2)
    for answer in (b"SSH-2.0-OpenSSH\r\n", b"", b"\xff" * 100, b"\x05\0\0\0\x0a5.5\0"):
        with socket.create_server(("127.0.0.1", 0)) as listening:

            def serve(listening=listening, answer=answer):
                client, _address = listening.accept()
                with client:
                    client.sendall(answer)

            thread = threading.Thread(target=serve)
            thread.start()
            port = listening.getsockname()[1]
            with pytest.raises(ServerError, match=r"root@127\.0\.0\.1"):
                list(read_server(Address.parse(f"mysql://root:x@127.0.0.1:{port}/g5")))
            thread.join()


# -- A live server ---------------------------------------------------------------------------------
def test_a_live_server(server, expected, tmp_path):
    seen = []
    stage_server(server.address, tmp_path / "old.sqlite3", seen.append)
    found = content(tmp_path / "old.sqlite3")
    for name, rows in expected.items():
        assert found[name][1:] == rows[1:], name
    assert found["write_free"][0] == expected["write_free"][0]
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    "options",
    [
        ["--skip-extended-insert"],
        ["--hex-blob", "--complete-insert"],
        ["--skip-opt", "--compact"],
        ["--skip-quote-names", "--replace", "--skip-set-charset"],
        ["--insert-ignore", "--single-transaction", "--routines", "--triggers", "--events"],
        ["--default-character-set=utf8mb3", "--skip-comments", "--databases"],
    ],
)
def test_options_of_mysqldump(server, expected, tmp_path, options):
    stage_dump(server.dump(tmp_path / "g5.sql", *options), tmp_path / "old.sqlite3")
    found = content(tmp_path / "old.sqlite3")
    for name, rows in expected.items():
        assert found[name][1:] == rows[1:], name


def test_a_server_in_other_encodings(tmp_path):
    """euckr as MySQL knows it, and UTF-8 and EUC-KR in columns that it believes to be latin1."""
    korean, utf8 = ("자유게시판 회".encode(each).hex() for each in ("cp949", "utf-8"))
    sql = (
        "CREATE TABLE g5_faq (fa_id int, a text CHARACTER SET euckr, b text, c varchar(99), d text CHARACTER "
        f"SET ucs2) CHARACTER SET latin1; INSERT INTO g5_faq VALUES (1, x'{korean}', x'{utf8}', x'{korean}', "
        f"CONVERT(x'{utf8}' USING utf8mb4));"
    )
    for each in database(sql):
        rows = [each for each in read_server(each.address) if isinstance(each, Rows)]
        assert [row[1:] for part in rows for row in part.rows] == [("자유게시판 회",) * 4]
        # The dump of the same tables.
        stage_dump(each.dump(tmp_path / "g5.sql"), tmp_path / "old.sqlite3")
        with Staging(tmp_path / "old.sqlite3") as staging:
            assert next(iter(staging.rows("g5_faq"))) == {
                "fa_id": "1",
                **dict.fromkeys("abcd", "자유게시판 회"),
            }


def test_nothing_is_written_on_the_server_and_the_rows_are_of_one_moment(server):
    statements = read_server(server.address)
    first = next(statements)
    server.run("INSERT INTO g5_visit_sum VALUES ('2001-01-01', 1)")
    try:
        found = [first, *statements]
    finally:
        server.run("DELETE FROM g5_visit_sum WHERE vs_date = '2001-01-01'")
    rows = [row for each in found if isinstance(each, Rows) for row in each.rows]
    assert not [row for row in rows if row[0] == "2001-01-01"]


def test_a_server_with_a_very_long_field(monkeypatch):
    monkeypatch.setattr("importer.reading.server.LONGEST_FIELD", 1000)
    for each in database(
        "CREATE TABLE g5_faq (fa_id int, fa_content longtext);"
        "INSERT INTO g5_faq VALUES (1, 'a'), (2, REPEAT('x', 5000)), (3, NULL);"
    ):
        found = list(read_server(each.address))[1:]
        assert [part.rows for part in found if isinstance(part, Rows)] == [
            [("1", "a"), ("3", None)]
        ]
        assert [part.row for part in found if not isinstance(part, Rows)] == [2]


def test_passwords_of_servers_are_never_shown(server: Server):
    host = f"{server.address.host}:{server.address.port}"
    for url in (f"mysql://root:s3cret-word@{host}/none", "mysql://root:s3cret-word@x:port/none"):
        with pytest.raises(ServerError) as caught:
            list(read_server(Address.parse(url)))
        assert (
            "s3cret-word"
            not in f"{caught.value} {caught.value.__cause__} {caught.value.__context__!r}"
        )
    assert "s3cret-word" not in repr(Address.parse(f"mysql://root:s3cret-word@{host}/none"))


def test_the_password_comes_from_the_environment(server, db, monkeypatch):
    address = f"mysql://{server.address.user}@{server.address.host}:{server.address.port}/none"
    monkeypatch.setenv("GNUBOARD_PASSWORD", "s3cret-word")
    with pytest.raises(CommandError, match="using password: YES") as caught:
        call_command("import_gnuboard5", database=address)
    assert "s3cret-word" not in str(caught.value)


def test_parts_of_an_address():
    found = Address.parse("mysql://us%40er:p%2Fw@db.example.kr:3307/g5?charset=euckr&ssl=on")
    assert (found.user, found.password, found.host, found.port, found.name) == (
        "us@er", "p/w", "db.example.kr", 3307, "g5",
    )  # fmt: skip
    assert (found.charset, found.is_encrypted) == ("euckr", True)
    assert Address.parse("mysql://root@localhost/g5").password is None
