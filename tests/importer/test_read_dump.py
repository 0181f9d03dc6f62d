"""Dumps as mysqldump, mariadb-dump and phpMyAdmin write them, and broken ones."""

import gzip
import io
import tracemalloc

import pytest

from importer.reading import dump
from importer.reading.dump import Dump
from importer.reading.statements import DumpError, Refused, Rows
from importer.reading.unpacking import open_dump

TABLE = """CREATE TABLE `g5_faq` (
  `fa_id` int(11) NOT NULL DEFAULT '0,1',
  `fa_subject` text,
  PRIMARY KEY (`fa_id`,`fa_subject`(10))
) ENGINE=InnoDB;
"""


def read(text: str | bytes) -> dict[str, list[tuple]]:
    raw = text if isinstance(text, bytes) else text.encode()
    found: dict[str, list[tuple]] = {}
    for each in Dump(io.BytesIO(raw)).statements():
        if isinstance(each, Rows):
            found.setdefault(each.table, []).extend(each.rows)
    return found


def test_many_rows_in_one_insert():
    values = "(1,'벚꽃'),\n(2,NULL),(3,'')"
    assert read(f"{TABLE}INSERT INTO `g5_faq` VALUES\n{values};") == {
        "g5_faq": [("1", "벚꽃"), ("2", None), ("3", "")]
    }


def test_one_row_in_each_insert():
    lines = "".join(f"INSERT INTO `g5_faq` VALUES ({n},'{n}번');\n" for n in (1, 2))
    assert read(TABLE + lines)["g5_faq"] == [("1", "1번"), ("2", "2번")]


def test_phpmyadmin_names_the_columns_and_adds_comments():
    text = (
        '-- phpMyAdmin SQL Dump\n-- version 5.2.1\n\nSET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";\n'
        'START TRANSACTION;\nSET time_zone = "+00:00";\n\n'
        "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;\n"
        "/*!40101 SET NAMES utf8mb4 */;\n--\n-- 데이터베이스: `g5`; 'x\n--\n\n"
        f"{TABLE}\n--\n-- 테이블의 덤프 데이터 `g5_faq`\n--\n\n"
        "INSERT INTO `g5_faq` (`fa_subject`, `fa_id`) VALUES\n('질문', 7),\n('둘', -8);\n\n"
        "ALTER TABLE `g5_faq`\n  ADD PRIMARY KEY (`fa_id`);\nCOMMIT;\n"
        "/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;\n"
    )
    rows = [each for each in Dump(io.BytesIO(text.encode())).statements() if isinstance(each, Rows)]
    assert [(each.columns, each.rows) for each in rows] == [
        (("fa_subject", "fa_id"), [("질문", "7"), ("둘", "-8")])
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r"'it\'s'", "it's"),
        ("'it''s'", "it's"),
        (r"'a\\'", "a\\"),
        (r"'\r\n\t\0\Z\"\%'", '\r\n\t\x1a"%'),  # without NUL
        ("'\"\"'", '""'),
        ('"say ""it\'s"" \\"x\\""', 'say "it\'s" "x"'),
        ("null", None),
        ("TRUE", "1"),
        (".5", ".5"),
        ("0xEBB29AEABD83", "벚꽃"),
        ("x'EBB29A'", "벚"),
        ("0x", ""),
        ("_binary '벚꽃'", "벚꽃"),
        ("_utf8mb4'벚꽃🌸'", "벚꽃🌸"),
        ("'),(9,''); DROP TABLE x; --'", "),(9,'); DROP TABLE x; --"),
        ("1.5e+10", "1.5e+10"),
        ("_binary 0xFFFE", b"\xff\xfe"),
        ("'/*!40101 not a comment */'", "/*!40101 not a comment */"),
    ],
)
def test_values(written, value):
    assert read(f"{TABLE}INSERT INTO `g5_faq` VALUES (1,{written});")["g5_faq"] == [("1", value)]


def test_the_encoding_of_the_dump():
    text = f"SET NAMES euckr;\n{TABLE}INSERT INTO `g5_faq` VALUES (1,'똠방각하');"
    assert read(text.encode("cp949"))["g5_faq"] == [("1", "똠방각하")]


def test_half_characters_stay_as_bytes():
    text = f"{TABLE}INSERT INTO `g5_faq` VALUES (1,'".encode() + "벚꽃".encode()[:-1] + b"');"
    assert read(text)["g5_faq"] == [("1", "벚꽃".encode()[:-1])]


def test_packed_dumps(tmp_path):
    packed = tmp_path / "g5.sql.gz"
    packed.write_bytes(gzip.compress(f"{TABLE}INSERT INTO `g5_faq` VALUES (1,'a');".encode()))
    with open_dump(packed) as file:
        assert [each for each in Dump(file).statements() if isinstance(each, Rows)]
    (tmp_path / "g5.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(DumpError, match="깨졌거나"):
        open_dump(tmp_path / "g5.zip")


@pytest.mark.parametrize("length", [1, 3, 1000])
def test_chunks_of_any_size_give_the_same(monkeypatch, length):
    values = ",".join(rf"({n},'{n}번째 \'글\' /* ; */ -- ''x''')" for n in range(200))
    text = (
        f"/*!40101 SET NAMES utf8 */;\n{TABLE}-- 주석; '\nINSERT INTO `g5_faq` VALUES {values};\n"
    )
    whole = read(text)
    monkeypatch.setattr(dump, "CHUNK", length)
    assert read(text) == whole
    assert len(whole["g5_faq"]) == 200


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("INSERT INTO `g5_faq` VALUES (1,'a'),(2,'끊", "'g5_faq' 표의 2번째 행이 끊겼거나"),
        ("INSERT INTO `g5_faq` VALUES (1,'a'),(2,'b')", "'g5_faq' 표의 2번째 행이 끊겼거나"),
        ("INSERT INTO `g5_faq` VALUES (1,'a'),(2);", "2번째 행은 값이 1개인데 칸은 2개"),
        ("INSERT INTO `g5_faq` VALUES (1,'a',3);", "1번째 행은 값이 3개인데 칸은 2개"),
        ("INSERT INTO `g5_faq` VALUES (1,sleep(9));", "1번째 행이"),
        ("INSERT INTO `nowhere` VALUES (1);", "구조와 데이터를 함께"),
        ("CREATE TABLE `g5_x` (`a` int", "'g5_x' 표를 만드는 곳에서 끊겼습니다"),
    ],
)
def test_a_broken_dump_names_the_table_and_the_row(rest, sentence):
    with pytest.raises(DumpError, match=sentence):
        read(TABLE + rest)


class Long(io.RawIOBase):
    """A text with a very long field in its middle, which is made while it is read."""

    def __init__(self, before: str, piece: bytes, length: int, behind: str):
        self.parts = [before.encode(), *[piece] * (length // len(piece)), behind.encode()]

    def read(self, size=-1):
        return self.parts.pop(0) if self.parts else b""


@pytest.mark.parametrize("piece", [b"x", b"''", rb"\'", rb"),(9,\'x", "벚".encode()])
def test_a_field_that_is_too_long_costs_its_row_and_little_memory(monkeypatch, piece):
    monkeypatch.setattr(dump, "LONGEST_ROW", 1 << 20)
    values = f"{TABLE}INSERT INTO `g5_faq` VALUES (1,'a'),(2,'"
    file = Long(values, piece * 10_000, 5 << 20, "'),(3,'b');")
    tracemalloc.start()
    found = list(Dump(file).statements())[1:]
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()
    assert [each for each in found if isinstance(each, Refused)] == [
        Refused("g5_faq", 2, "1MB보다 긴 행")
    ]
    rows = [row for each in found if isinstance(each, Rows) for row in each.rows]
    assert rows == [("1", "a"), ("3", "b")]


def test_a_field_without_an_end(monkeypatch):
    monkeypatch.setattr(dump, "LONGEST_ROW", 1 << 20)
    file = Long(f"{TABLE}INSERT INTO `g5_faq` VALUES (1,'", b"x" * 10_000, 4 << 20, "")
    with pytest.raises(DumpError, match="1번째 행이 끊겼거나"):
        list(Dump(file).statements())


def test_nothing_of_the_dump_is_executed_or_created():
    text = (
        "DROP DATABASE g5; DELIMITER ;;\nCREATE TRIGGER `x` BEFORE INSERT ON `y` FOR EACH ROW SET NEW.a='b;';\n"
        "LOAD DATA INFILE '/etc/passwd' INTO TABLE `g5_faq`;\n"
        f"{TABLE}INSERT INTO `g5_faq` VALUES (1,'a');"
    )
    assert read(text) == {"g5_faq": [("1", "a")]}
