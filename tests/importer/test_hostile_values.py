"""Every column of every table with values that nobody should find there: a row is imported, or skipped and
named in the report. Nothing else happens."""

import random
from collections.abc import Iterator

import pytest
from django.db import transaction

from boards.models import BoardTexts, Comment, Post, PostBody
from boards.repair import recount
from boardsite.models import OneRow
from importer.models import Imported, Kind
from importer.reading.schema import COLUMNS, KEYS, NAMED, kind_of
from importer.reading.site import NotGnuboard, OldSite
from importer.reading.staging import Staging, quoted, stage_dump
from importer.reading.statements import DumpError
from importer.reading.tidying import NUMBERS
from tests.importer.conftest import move, move_files

HOSTILE = (
    "",
    None,
    "-1",
    "0",
    "1.5",
    "NaN",
    "1e400",
    "99999999999999999999",
    "٣",
    "가A" * 20_000,
    "0000-00-00 00:00:00",
    "9999-99-99 99:99:99",
    "0001-01-01 00:00:00",
    "<script>alert(1)</script><img src=x onerror=alert(1)>'\";--\\ {{ 7*7 }} %s %(x)s",
    "../../../etc/passwd",
    'O:8:"Evil_Box":1:{s:1:"a";i:1;}',
    "\t\r\n\u202e\ufeff\U0001f338",
    "http://169.254.169.254/latest/",
    b"\xff\xfe\xbd",
)
LINKS = (
    "mb_id",
    "bo_table",
    "gr_id",
    "wr_id",
    "wr_parent",
    "po_id",
    "fm_id",
    "qa_parent",
    "wr_reply",
)


def hostile_rows(staging: Staging, table: str, kind: str) -> Iterator[dict]:
    """Copies of a table's rows: with each value in all columns, with each value in a column that leads to
    other rows, and with one value in each other column."""
    base = [dict(row) for row in staging.rows(table)]
    key = KEYS.get(kind) or NAMED.get(kind) or ""
    if not base:
        return
    columns = list(base[0])
    for place, value in enumerate(HOSTILE):
        row = base[place % len(base)]
        yield {**row, **{name: value for name in columns if name not in (key, *LINKS)}}
        for name in {key, *NUMBERS.get(kind, ()), *LINKS} & set(columns):
            yield {**row, name: value}
    for place, name in enumerate(columns):
        yield {**base[place % len(base)], name: HOSTILE[place % len(HOSTILE)]}


def add_hostile_rows(staging: Staging, *, skip: tuple[str, ...] = ()) -> int:
    """Adds such rows, each with a key of its own, to all tables but `config`; returns how many."""
    added = 0
    for table in staging.names():
        kind = kind_of(table, "g5_")
        if kind in ("config", "qa_config", *skip) or kind not in COLUMNS:
            continue
        key = KEYS.get(kind) or NAMED.get(kind) or ""
        for number, row in enumerate(list(hostile_rows(staging, table, kind))):
            if key and row[key] not in HOSTILE[:2] and row[key] in known_keys(staging, table, key):
                row[key] = f"{'h' if kind in NAMED else ''}{10_000 + number}"
            names = ", ".join(map(quoted, row))
            marks = ", ".join("?" * len(row))
            staging.query(
                f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", list(row.values())
            )
            added += 1
    return added


def known_keys(staging: Staging, table: str, key: str) -> set:
    return {value for (value,) in staging.query(f"SELECT {quoted(key)} FROM {quoted(table)}")}


@pytest.fixture
def fresh(sample_copy) -> Iterator[Staging]:
    with Staging(sample_copy) as staging:
        yield staging


def keys_of(old: OldSite) -> set[tuple]:
    """What an import of the site alone notes."""
    with transaction.atomic():
        move(old)
        ours = Imported.objects.exclude(kind=Kind.SETTING)  # whose keys are ids of boards here
        found = set(ours.values_list("kind", "old"))
        transaction.set_rollback(True)
    OneRow.forget()
    return found


def test_rows_with_hostile_values(db, fresh, tmp_path, monkeypatch, as_guest):
    monkeypatch.setattr("importer.actions.polls.MOST_VOTES", 20)
    expected = keys_of(OldSite(fresh))
    fresh.query("DELETE FROM _state WHERE name LIKE 'tidy%'")
    assert add_hostile_rows(fresh) > 1_200
    old = OldSite(fresh)
    move(old)
    move_files(old, tmp_path / "scratch")
    recount()
    assert expected <= set(Imported.objects.values_list("kind", "old"))
    for model, column in ((PostBody, "html"), (Comment, "html"), (BoardTexts, "header")):
        assert not model.objects.filter(**{f"{column}__contains": "<script"}).exists()
    for address in ("/", "/free/", "/free/2/", "/new/", "/search/?q=제주도"):
        answer = as_guest.get(address)
        assert answer.status_code == 200, address
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("value", HOSTILE[::4])
def test_a_site_whose_settings_are_hostile(db, fresh, value):
    """The tables of one row, whose columns are options."""
    for table in ("g5_config", "g5_qa_config"):
        for column in fresh.table(table).columns:
            fresh.query(f"UPDATE {quoted(table)} SET {quoted(column)} = ?", [value])
    old = OldSite(fresh)
    move(old)
    assert Post.objects.filter(board__slug="free").count() == 13


PIECES = (
    b"'",
    b"\\",
    b"`",
    b"(",
    b")",
    b";",
    b",",
    b"\0",
    b"\xff",
    b"/*",
    b"*/",
    b"-- ",
    b"\n",
    b"NULL",
    b"0x",
)


@pytest.mark.any_database
@pytest.mark.parametrize("seed", range(3))
def test_dumps_with_random_faults(sample_sql, tmp_path, seed):
    """A broken dump is refused with a sentence, or read; there is no other error."""
    chance = random.Random(seed)
    whole = sample_sql.encode()
    parts = [whole[:24_000], whole[whole.index(b"CREATE TABLE `g5_write_free`") :][:24_000]]
    for number in range(30):
        raw = bytearray(parts[number % 2])
        for _fault in range(chance.randint(1, 3)):
            place, length = chance.randrange(len(raw)), chance.randrange(200)
            match chance.randrange(3):
                case 0:
                    del raw[place : place + length]
                case 1:
                    raw[place:place] = raw[place : place + length]
                case _:
                    raw[place:place] = chance.choice(PIECES)
        path = tmp_path / "dump.sql"
        path.write_bytes(raw)
        try:
            stage_dump(path, tmp_path / "old.sqlite3")
            with Staging(tmp_path / "old.sqlite3") as staging:
                OldSite(staging)
        except (DumpError, NotGnuboard):
            continue
