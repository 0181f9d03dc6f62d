"""A row that the other database refuses is named; everything else is moved as it is."""

import sqlite3
from contextlib import closing

import psycopg
import pytest

from upkeep.moving.move import MoveError, copy_table
from upkeep.moving.sides import Postgres, Sqlite, types_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
COLUMNS = {  # on PostgreSQL, on SQLite
    "at": ("timestamptz", "datetime"),
    "day": ("date", "date"),
    "flag": ("boolean", "bool"),
    "id": ("bigint PRIMARY KEY", "integer PRIMARY KEY"),
    "notes": ("jsonb", "text"),
    "number": ("integer", "integer"),
    "small": ("smallint", "smallint"),
    "subject": ("varchar(10)", "varchar(10)"),
    "words": ("text", "text"),
}
MOVED = [
    {"at": "0001-01-01 00:00:00", "day": "0001-01-01"},
    {"at": "9999-12-31 23:59:59.999999", "day": "9999-12-31"},
    {"words": "가" * 3_000_000, "subject": "열글자까지는괜찮습니다"[:10]},
    {"words": "\\N\t\r\n\\.\x01\x7f\ufeff\uffff\U0010ffff'\"", "subject": ""},
    {"number": -(2**31), "small": 2**15 - 1, "notes": '{"a": [1e300, "\\\\u0000"]}'},
    {"flag": 0},
]
ODD = [  # what SQLite takes, and PostgreSQL or Python does not
    ("words", "앞\0뒤"),
    ("words", b"\xff\xfe"),
    ("subject", "열한 글자가 넘는 제목입니다"),
    ("number", 2**31),
    ("number", "말"),
    ("small", 2**15),
    ("flag", 2),
    ("at", "언젠가"),
    ("at", 12),
    ("day", "2026-02-30"),
    ("notes", "{"),
    ("notes", '"\\u0000"'),
    ("notes", '"\\ud800"'),
]


@pytest.fixture
def sides(postgres, tmp_path):
    """SQLite and PostgreSQL with the same table, in which SQLite reads in the order of the rows."""
    listed = [
        ", ".join(f"{name} {kinds[side]}" for name, kinds in COLUMNS.items()) for side in (0, 1)
    ]
    target = Postgres(psycopg.connect(postgres, autocommit=True))
    source = Sqlite(tmp_path / "db.sqlite3")
    with closing(target.connection), closing(source.connection):
        target.connection.execute(f"CREATE TABLE rows ({listed[0]})")
        source.connection.execute(f"CREATE TABLE rows ({listed[1]})")
        source.connection.execute("CREATE INDEX by_number ON rows (number)")
        yield source, target


def insert(source: Sqlite, pk: int, **values) -> None:
    names, marks = ", ".join(["id", *values]), ", ".join("?" * (1 + len(values)))
    source.connection.execute(
        f"INSERT INTO rows ({names}) VALUES ({marks})", [pk, *values.values()]
    )


def test_extreme_values_are_moved_there_and_back(sides, tmp_path):
    source, target = sides
    for pk, values in enumerate(MOVED, 1):
        insert(source, pk, **values)
    columns = types_of(target.types(), "rows")
    there = copy_table(source, target, "rows", columns)
    assert there.count == len(MOVED)
    other = Sqlite(tmp_path / "back.sqlite3")
    with closing(other.connection) as back:
        back.execute(
            source.connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = 'rows'"
            ).fetchone()[0]
        )
        assert copy_table(target, other, "rows", columns) == there
        rows = "SELECT * FROM rows ORDER BY id"
        before, after = source.connection.execute(rows).fetchall(), back.execute(rows).fetchall()
    json = list(COLUMNS).index("notes")
    assert [(*row[:json], *row[json + 1 :]) for row in before] == [
        (*row[:json], *row[json + 1 :]) for row in after
    ]


def test_what_cannot_be_moved_is_named(sides):
    source, target = sides
    columns = types_of(target.types(), "rows")
    for column, value in ODD:
        source.connection.execute("DELETE FROM rows")
        for pk in range(1, 5):
            insert(source, 10 * pk, number=-pk, words="글")
        insert(source, 70, **{column: value})
        insert(source, 80, words="글")
        with pytest.raises(MoveError, match=f"rows id=70 {column} .*고치고 다시") as failure:
            copy_table(source, target, "rows", columns)
        assert "\n" not in str(failure.value)
        assert target.connection.execute("SELECT count(*) FROM rows").fetchone() == (0,)


def test_bytes_that_are_no_text(sides):
    """As a program may write them that knows no encoding."""
    source, target = sides
    insert(source, 1, words="글")
    source.connection.execute("INSERT INTO rows (id, words) VALUES (2, CAST(X'EDA080' AS TEXT))")
    with pytest.raises(MoveError, match="rows id=2 words "):
        copy_table(source, target, "rows", types_of(target.types(), "rows"))


def test_a_lost_connection_is_no_odd_row(sides):
    source, target = sides
    insert(source, 1, words="글")
    columns = types_of(target.types(), "rows")
    target.connection.close()
    with pytest.raises(MoveError, match=r"^rows: "):
        copy_table(source, target, "rows", columns)


def test_a_damaged_file_is_no_odd_row(sides, monkeypatch):
    source, target = sides
    columns = types_of(target.types(), "rows")

    def fail(*_args):
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(Sqlite, "read", fail)
    monkeypatch.setattr(Sqlite, "find_row", fail)
    with pytest.raises(MoveError, match=r"^rows: database disk image is malformed"):
        copy_table(source, target, "rows", columns)
