"""Values of SQLite in PostgreSQL's text form, and back."""

import pytest

from upkeep.moving.values import TYPES, Checksum

PAIRS = [  # what Django stores in SQLite, what PostgreSQL writes
    ("bigint", 9_223_372_036_854_775_807, "9223372036854775807"),
    ("integer", -1, "-1"),
    ("text", "글\n\t\\N 'x'", "글\n\t\\N 'x'"),
    ("character varying", "", ""),
    ("date", "2026-12-01", "2026-12-01"),
    ("boolean", 1, "t"),
    ("boolean", 0, "f"),
    ("double precision", 0.1, "0.1"),
    ("timestamp with time zone", "2026-12-01 10:34:15", "2026-12-01 10:34:15+00"),
    ("timestamp with time zone", "2026-12-01 10:34:15.120000", "2026-12-01 10:34:15.12+00"),
    ("uuid", "0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"),
    ("bytea", b"\0\xff\\", "\\x00ff5c"),
    ("jsonb", '{"a": [1, null]}', '{"a": [1, null]}'),
]


@pytest.mark.parametrize(("name", "stored", "text"), PAIRS)
def test_a_value_survives_both_ways(name, stored, text):
    assert TYPES[name].from_sqlite(stored) == text
    assert TYPES[name].to_sqlite(text) == stored


def test_milliseconds_of_a_default_of_the_database_are_the_same_moment():
    of_sqlite = TYPES["timestamp with time zone"].from_sqlite("2026-12-01 10:34:15.120")
    assert of_sqlite == "2026-12-01 10:34:15.12+00"


def checksum(types: list[str], *rows) -> Checksum:
    made = Checksum([TYPES[name] for name in types])
    for row in rows:
        made.add(row)
    return made


def test_the_order_of_rows_does_not_matter_and_everything_else_does():
    kinds = ["bigint", "text"]
    assert checksum(kinds, ("1", "a"), ("2", "b")) == checksum(kinds, ("2", "b"), ("1", "a"))
    for others in ([("1", "b"), ("2", "a")], [("1", "a")], [("1", "a"), ("2", None)], []):
        assert checksum(kinds, ("1", "a"), ("2", "b")) != checksum(kinds, *others)


def test_json_is_compared_by_its_contents():
    assert checksum(["jsonb"], ('{"b": 1e2, "a": "글"}',)) == checksum(
        ["jsonb"], ('{"a": "\\uae00", "b": 100}',)
    )
    assert checksum(["jsonb"], ('{"a": 1}',)) != checksum(["jsonb"], ('{"a": 2}',))
    assert checksum(["jsonb"], (None,)) == checksum(["jsonb"], (None,))
